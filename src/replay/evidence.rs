//! What recordings of a client show about it beyond their own course.

use super::script::{ClientScript, Does, Heard};
use crate::base::Layer;
use crate::trace::Verb;
use std::collections::BTreeMap;

/// What is known of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Nothing shows that it minds what it is offered or answered: it asked for TLS that it had not been offered, or
    /// gives different commands one tag, so that it cannot tell their answers apart (RFC 9051 section 2.2.1).
    pub(super) heedless: bool,
    /// It asked for TLS although clear-text logins were permitted.
    pub(super) upgrades_without_ban: bool,
    /// Its goodbye in POP3 is a routine, or cannot be read: it may come outside TLS after a handshake that came to
    /// nothing. A RSET where nothing was deleted (RFC 1939 section 5) is such a routine.
    pub(super) routine: bool,
}

impl Evidence {
    pub(super) fn of(scripts: &[ClientScript], pop3: bool) -> Self {
        let mut evidence = Self::default();
        for script in scripts {
            evidence.heedless |= asks_unoffered(script) || shares_tags(script);
            evidence.upgrades_without_ban |= upgrades_without_ban(script);
            evidence.routine |= pop3 && farewell_by_routine(script);
        }
        evidence
    }
}

fn position_of_request(script: &ClientScript) -> Option<usize> {
    let asks = |does: &Does| matches!(does, Does::Say { verb: Some(Verb::StartTls), .. });
    script.steps.iter().position(|step| asks(&step.does))
}

fn asks_unoffered(script: &ClientScript) -> bool {
    position_of_request(script)
        .is_some_and(|at| !script.list_before(at).is_some_and(crate::trace::Capabilities::offers_starttls))
}

fn upgrades_without_ban(script: &ClientScript) -> bool {
    let asked = position_of_request(script);
    asked.and_then(|at| script.list_before(at)).is_some_and(|list| !list.login_disabled())
}

/// Outside TLS, where answers decide the most, one tag stands before different commands.
fn shares_tags(script: &ClientScript) -> bool {
    let mut names = BTreeMap::new();
    script.steps.iter().any(|step| match &step.does {
        Does::Say { tag, name, verb: Some(_), .. } if !tag.is_empty() => {
            names.insert(tag.clone(), name.clone()).is_some_and(|other| other != *name)
        }
        _ => false,
    })
}

fn farewell_by_routine(script: &ClientScript) -> bool {
    let says = |wanted: &str| {
        script.steps.iter().any(|step| matches!(&step.does, Does::Say { name, .. } if name == wanted))
    };
    let upgraded = script.begins_tls(0);
    let heard_inside = script.steps.iter().any(|step| {
        matches!(step.does, Does::Say { layer: Layer::Tls, .. })
            || (matches!(step.does, Does::Hear(Heard::Final(_))) && script.tls_first)
    });
    (upgraded && !heard_inside) || (says("RSET") && !says("DELE"))
}
