//! The facts of a session as a small table.

use crate::facts::Facts;
use std::borrow::Cow;
use yew::prelude::*;

/// So many items of a list are shown.
const SHOWN: usize = 6;

/// The table, folded: what somebody opens a log for is what was found in it, which stands below.
pub fn table(facts: &Facts) -> Html {
    html! {
        <section class="facts" aria-label="Facts of this session">
            <details>
                <summary>{ "Facts of this session" }</summary>
                <dl>
                    { for rows(facts).into_iter().map(|(name, value)| html! {
                        <div key={name}><dt>{ name }</dt><dd>{ value }</dd></div>
                    }) }
                </dl>
            </details>
        </section>
    }
}

fn rows(facts: &Facts) -> Vec<(&'static str, String)> {
    let yes = |fact: Option<bool>| match fact {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => "cannot be seen".to_owned(),
    };
    let list = |fact: &Option<Vec<Cow<'static, str>>>| match fact {
        Some(list) if list.is_empty() => "none".to_owned(),
        Some(list) => {
            let more = list.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{more}", list.iter().take(SHOWN).map(|item| &**item).collect::<Vec<_>>().join(", "))
        }
        None => "cannot be seen".to_owned(),
    };
    let answer = match (facts.starttls_sent, facts.starttls_answer) {
        (Some(true), Some("none")) => "asked, not answered".to_owned(),
        (Some(true), Some(word)) => format!("asked, answer {}", word.to_uppercase()),
        (Some(true), None) => "asked".to_owned(),
        (Some(false), _) => "never asked".to_owned(),
        (None, _) => "cannot be seen".to_owned(),
    };
    let tls = match (facts.tls, facts.tls_established) {
        (Some("none"), _) => "none".to_owned(),
        (Some(how), Some(true)) => {
            let version = facts.tls_version.map(|v| format!(", {}", v.name())).unwrap_or_default();
            format!("{how}, completed{version}")
        }
        (Some(how), Some(false)) => format!("{how}, failed"),
        (Some(how), None) => format!("{how}, result not recorded"),
        (None, _) => "cannot be seen".to_owned(),
    };
    vec![
        ("Upgrade offered", yes(facts.starttls_advertised)),
        ("STARTTLS", answer),
        ("TLS", tls),
        ("Password in the clear", yes(facts.credential_in_clear)),
        ("Shown by", list(&facts.credential_mechanisms)),
        ("Logged in", yes(facts.authenticated)),
        ("LOGINDISABLED listed", yes(facts.logindisabled_advertised)),
        ("Commands in the clear", list(&facts.commands_in_clear)),
        ("Asked again inside TLS", yes(facts.capability_reissued_after_tls)),
    ]
}
