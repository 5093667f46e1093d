//! Sessions to look at: simulated ones, and logs of real programs, each an address that can be given on.

use super::route::encoded;
use yew::prelude::*;

/// What is said of a session, and where it is.
type Shown = (&'static str, &'static str, &'static str);

/// Simulated ones, by their setups.
const SIMULATED: &[Shown] = &[
    (
        "Stripped, IMAP",
        "Two words are missing from a list, and the password is gone.",
        "#/?p=imap&a=strip-capability",
    ),
    ("Stripped, POP3", "The same in the language of POP3.", "#/?p=pop3&s=open&a=strip-capability"),
    (
        "Stripped, ACAP",
        "The same where the greeting is the list.",
        "#/?p=acap&c=legacy&s=careless&a=strip-capability",
    ),
    (
        "A healthy upgrade",
        "Nobody interferes: TLS comes up and everything that matters is inside.",
        "#/?p=imap&c=private&a=none",
    ),
    (
        "The same attack, a strict client",
        "Without TLS it does not log in, and says so.",
        "#/?p=imap&c=private&a=strip-capability",
    ),
    (
        "Commands before the handshake",
        "What the middle says before TLS, the server obeys behind it.",
        "#/?p=imap&c=private&a=command-injection&set=server.plain-before-tls=on",
    ),
    (
        "A certificate of its own",
        "TLS is up, with the wrong party.",
        "#/?p=imap&c=private&a=cert-self-signed&set=client.no-path-check=on",
    ),
    (
        "Refused",
        "STARTTLS is refused, and the client goes on in the clear.",
        "#/?p=imap&s=open&a=fail-starttls",
    ),
];

/// Logs: what they are, what is in them, and themselves.
const LOGS: &[Shown] = &[
    ("curl -v, IMAP", "LOGINDISABLED was taken out on the way.", include_str!("curl.log")),
    ("Python’s poplib", "STLS, and the login inside.", include_str!("poplib.log")),
    ("fetchmail -v -v", "It wants TLS and is offered none.", include_str!("fetchmail.log")),
    ("mbsync -D -V", "STARTTLS is refused.", include_str!("mbsync.log")),
    ("Perl’s Net::POP3", "It asked for TLS and was refused.", include_str!("perl.log")),
    (
        "Node’s imap",
        "TLS was offered and not used; the password crossed in the clear.",
        include_str!("node.log"),
    ),
];

/// Logs that are broken, to see what is said of that.
const BROKEN: &[Shown] = &[
    (
        "Cut off in the middle",
        "It ends before the answer: what nobody can tell is not guessed.",
        "S: * OK ready\nC: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: a1 OK done\nC: a2 STARTTLS\n",
    ),
    (
        "With lines of something else",
        "They stay, in grey, and are counted.",
        "S: * OK ready\n[12:01] restarting indexer\nC: a1 LOGIN joe ••••••••\nSegmentation fault (core dumped)\nS: a1 OK in\nC: a2 LOGOUT\nS: * BYE\n",
    ),
    (
        "Without who speaks",
        "Bare lines: who said what is guessed, and that is said.",
        "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\na1 STARTTLS\na1 NO not now\na2 LOGIN joe ••••••••\na2 OK in\n",
    ),
];

/// The screen.
#[component(Gallery)]
pub fn gallery() -> Html {
    let list = |id: &'static str, title: &'static str, about: &'static str, shown: &[Shown]| {
        html! {
            <section aria-labelledby={id}>
                <h2 {id}>{ title }</h2>
                <p>{ about }</p>
                <ul class="gallery" role="list">
                    { for shown.iter().map(|(name, about, what)| html! {
                        <li key={*name}><a href={address(what)}><b>{ *name }</b><span>{ *about }</span></a></li>
                    }) }
                </ul>
            </section>
        }
    };
    html! {
        <main class="screen" id="text" tabindex="0">
            <h1 tabindex="-1">{ "Examples" }</h1>
            <p class="lead">{ "Each opens on the workbench, and each is a link that can be given on." }</p>
            { list("simulated", "Simulated here", "Everything in them can be changed: who plays, what they insist on, what the middle does.", SIMULATED) }
            { list("logs", "Logs of real programs", "Recorded with test accounts, with and without somebody in the middle.", LOGS) }
            { list("broken", "Logs with something wrong", "What a log does not show is said, not guessed.", BROKEN) }
            <p>{ "Every rule has a session that breaks it and one that does not: " }<a href="#/rules">{ "the rule book" }</a>{ "." }</p>
        </main>
    }
}

/// The address of a simulation, or of a text.
fn address(what: &str) -> String {
    if what.starts_with("#/") { what.to_owned() } else { ["#t=", &encoded(what)].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Outcome;
    use crate::ui::state::{Reading, State};

    #[test]
    fn each_of_them_opens_and_is_what_it_says() {
        for (name, _, what) in SIMULATED.iter().chain(LOGS).chain(BROKEN) {
            let state = State::at(&address(what));
            assert_eq!(state.reading, Reading::Idle, "{name}");
            assert_eq!(state.log.is_some(), !what.starts_with("#/"), "{name}");
            assert!(state.session.rows.len() >= 3, "{name}: {} rows", state.session.rows.len());
        }
        assert!(SIMULATED.len() + LOGS.len() + BROKEN.len() >= 12);
        let lost = |what: &str| !State::at(&address(what)).session.harms.is_empty();
        let losses: Vec<bool> = SIMULATED.iter().map(|(.., what)| lost(what)).collect();
        assert_eq!(losses, [true, true, true, false, false, false, true, true]);
        // The three that are broken: something cannot be told, something is not understood, something is guessed.
        let states: Vec<State> = BROKEN.iter().map(|(.., what)| State::at(&address(what))).collect();
        let open =
            |state: &State| state.session.verdicts.iter().any(|v| v.verdict.outcome == Outcome::CannotTell);
        assert!(open(&states[0]));
        assert!(states[1].log.as_ref().unwrap().0.unread().is_some());
        assert!(states[2].log.as_ref().unwrap().0.guessed);
    }
}
