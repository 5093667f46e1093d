//! What recordings of a client show about it beyond their own course.

use super::script::{ClientScript, Does, Heard};
use crate::base::Layer;
use crate::trace::{Policy, Verb};
use std::collections::BTreeMap;

/// What is known of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Nothing shows that it minds what it is answered: it gives different commands one tag, so that it cannot tell their
    /// answers apart (RFC 9051 section 2.2.1), or asks for TLS unoffered in a protocol without tags.
    pub(super) heedless: bool,
    /// It asked for TLS that it had not been offered.
    pub(super) unoffered: bool,
    /// It asked for TLS wherever it was offered, and it was at least once.
    pub(super) takes_offers: bool,
    /// It never asked for TLS, although it was offered.
    pub(super) declines: bool,
    /// It sent a login outside TLS.
    pub(super) outside: bool,
    /// It asked for TLS although clear-text logins were permitted.
    pub(super) upgrades_without_ban: bool,
    /// Its goodbye in POP3 is a routine, or cannot be read: it may come outside TLS after a handshake that came to
    /// nothing. A RSET where nothing was deleted (RFC 1939 section 5) is such a routine.
    pub(super) routine: bool,
    /// What it was told, as far as no recording shows that it does not keep to it.
    told: Option<Policy>,
}

impl Evidence {
    pub(super) fn of(scripts: &[ClientScript], pop3: bool) -> Self {
        let mut evidence = Self::default();
        let offered: Vec<_> = scripts.iter().filter(|script| was_offered(script)).collect();
        evidence.takes_offers = !offered.is_empty() && offered.iter().all(|script| script.asks_for_tls(0));
        evidence.declines = !offered.is_empty()
            && !scripts.iter().any(|script| script.begins_tls(0) || script.asks_for_tls(0));
        for script in scripts {
            evidence.unoffered |= asks_unoffered(script);
            evidence.heedless |= shares_tags(script) || (pop3 && asks_unoffered(script));
            evidence.outside |= script.logs_in_outside();
            evidence.upgrades_without_ban |= upgrades_without_ban(script);
            evidence.routine |= pop3 && farewell_by_routine(script);
        }
        evidence
    }

    /// The same client, of which is known what it was told.
    pub(super) fn told(self, told: Option<Policy>) -> Self {
        Self { told: told.filter(|policy| self.keeps(*policy)), ..self }
    }

    /// Whether no recording shows that it does not do as it is told.
    pub(super) fn keeps(&self, told: Policy) -> bool {
        match told {
            Policy::TlsRequired => !self.outside,
            Policy::TlsIfOffered => !self.declines,
            Policy::ClearTextRefused | Policy::ClearTextAccepted => true,
        }
    }

    /// Whether it is told to log in inside TLS only.
    pub(super) fn requires(&self) -> bool {
        self.told == Some(Policy::TlsRequired)
    }

    /// Whether it is told to use TLS where it is offered, and has done so.
    pub(super) fn asks(&self) -> bool {
        matches!(self.told, Some(Policy::TlsRequired | Policy::TlsIfOffered)) && self.takes_offers
    }

    /// Whether it asks for TLS with and without a ban on logins outside it.
    pub(super) fn minds_no_ban(&self) -> bool {
        self.upgrades_without_ban || self.unoffered || self.heedless
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

/// Outside TLS, by any list that it got there.
fn was_offered(script: &ClientScript) -> bool {
    !script.tls_first && script.list_after(0).is_some_and(crate::trace::Capabilities::offers_starttls)
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
