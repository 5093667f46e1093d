//! Successes of attacks on certificates, on the parameters of TLS, and on its end.

use super::{Success, each};
use crate::base::{Layer, Origin, Side};
use crate::harm::{Done, credential, holds};
use crate::tls::suites::{self, KeyExchange, Strength};
use crate::tls::{Acceptance, Facts, Version};
use crate::trace::{Class, EventKind, Note, SetTo, Trace, Verb};

/// A certificate of the attacker, taken without a question.
pub static PINNED: Success = Success {
    about: "In a later session the client takes the attacker's certificate without a question, because it kept it.",
    find: |traces, _| {
        each(traces, "The attacker's certificate was taken for an old acquaintance.", |trace| {
            let (up, facts) = trace.leg(Side::Client).tls_up()?;
            let kept = facts.verification.as_ref()?.accepted == Some(Acceptance::Pinned);
            (kept && facts.ends_at_middle).then_some(up)
        })
    },
};

/// The password in the clear after a certificate that was refused.
pub static CLEAR_AFTER_CERTIFICATE: Success = Success {
    about: "After a certificate that it refused, the client sends its password in the clear.",
    find: |traces, planted| {
        let refused = |trace: &Trace| {
            trace.leg(Side::Client).tls_failed().is_some_and(|(_, failure)| failure.of_certificate())
        };
        let Some(first) = traces.iter().position(refused) else { return Vec::new() };
        let clear = |done: &Done| {
            let event = traces.get(done.connection).and_then(|trace| trace.event(done.event));
            done.connection >= first && event.is_some_and(|event| event.layer == Layer::Clear)
        };
        let mut done = (credential::HARM.find)(traces, planted);
        done.retain(clear);
        done
    },
};

/// Whether a layer is below what RFC 9325 section 4.1 forbids to go below.
fn below_minimum(facts: &Facts) -> bool {
    let suite = facts.cipher.as_deref().and_then(suites::find);
    facts.version.is_some_and(|version| version < Version::Tls12)
        || suite.is_some_and(|suite| {
            suite.strength < Strength::Legacy || suite.key_exchange == KeyExchange::Anonymous
        })
}

/// A secret in a layer that is not worth the name.
pub static BELOW_MINIMUM: Success = Success {
    about: "The password, or text of a message, crosses the wire in a layer with a broken version or suite.",
    find: |traces, planted| {
        let message = "A secret in a layer with a broken version or suite.";
        each(traces, message, |trace| {
            let leg = trace.leg(Side::Client);
            let (up, _) = leg.tls_up().filter(|(_, facts)| below_minimum(facts))?;
            let shown = leg.credentials().map(|(event, _)| event);
            let read = leg.of(Class::Untagged).chain(leg.of(Class::Reply));
            let read = read.filter(|event| holds(trace.octets(event), planted.content.reveal()));
            shown.chain(read).find(|event| event.id > up.id && event.layer == Layer::Tls)
        })
    },
};

/// The session goes on without its layer.
pub static IN_CLEAR_AFTER_TLS: Success = Success {
    about: "The client goes on in the clear on a connection that had TLS.",
    find: |traces, _| {
        each(traces, "A command in the clear on a connection that had TLS.", |trace| {
            let leg = trace.leg(Side::Client);
            let (up, _) = leg.tls_up()?;
            let later = leg.commands().find(|(event, _)| event.id > up.id && event.layer == Layer::Clear);
            later.map(|(event, _)| event)
        })
    },
};

/// Half a message, taken for a whole one.
pub static TAKEN_FOR_COMPLETE: Success = Success {
    about: "The client takes a message for complete whose end was cut off.",
    find: |traces, _| {
        each(traces, "What was cut off was taken for complete.", |trace| {
            trace.leg(Side::Client).note(Side::Client, |note| note == Note::KeptIncomplete)
        })
    },
};

/// A user's certificate, seen by somebody who has no use for it.
pub static CERTIFICATE_SEEN: Success = Success {
    about: "The user's certificate is seen by somebody who cannot log anybody in by it.",
    find: |traces, _| {
        each(traces, "The user's certificate was seen by somebody who has no use for it.", |trace| {
            let (up, facts) = trace.leg(Side::Client).tls_up()?;
            facts.client_certificate.as_ref()?;
            let on_the_path = facts.version.is_some_and(|version| version <= Version::Tls12);
            let mut inside = trace.leg(Side::Server).lists().filter(|(event, _)| event.layer == Layer::Tls);
            let useful = inside.any(|(_, list)| list.mechanisms().any(|name| name == "EXTERNAL"));
            (facts.ends_at_middle || on_the_path || !useful).then_some(up)
        })
    },
};

/// The password in the place of a certificate.
pub static PASSWORD_FOR_CERTIFICATE: Success = Success {
    about: "A client that was told to log in by certificate sends its password.",
    find: |traces, _| {
        each(traces, "The password of a user who logs in by certificate.", |trace| {
            let told = |note| note == Note::SetTo(SetTo::CertificateOnly);
            trace.leg(Side::Client).note(Side::Client, told)?;
            let shown = trace.leg(Side::Client).credentials().find(|(_, shown)| shown.is_password());
            shown.map(|(event, _)| event)
        })
    },
};

/// Clear text where TLS comes first.
pub static CLEAR_ON_TLS_PORT: Success = Success {
    about: "On the port where TLS comes first the client goes on with a server that greets in the clear; or what it sends crosses the wire where the attacker can read it.",
    find: |traces, planted| {
        let clear = each(traces, "A command in the clear on the port where TLS comes first.", |trace| {
            let first = trace.peer().is_some_and(|peer| peer.endpoint.tls_first);
            let mut commands = trace.leg(Side::Client).commands();
            commands.find(|(event, _)| first && event.layer == Layer::Clear).map(|(event, _)| event)
        });
        if clear.is_empty() { (super::LOST.find)(traces, planted) } else { clear }
    },
};

/// A greeting that another service made.
pub static OTHER_SERVICE: Success = Success {
    about: "On the port where TLS comes first the client goes on after what another service said, or another port's.",
    find: |traces, _| {
        each(traces, "The client of one port took what another service said for its greeting.", |trace| {
            let peer = trace.peer().filter(|peer| peer.endpoint.tls_first)?;
            if !peer.other_service {
                let mut asked = trace.leg(Side::Server).commands_of(Verb::StartTls);
                asked.find(|(event, _)| event.origin == Origin::Added)?;
            }
            let mut commands = trace.leg(Side::Client).commands();
            let inside = commands.find(|(event, _)| event.layer == Layer::Tls)?;
            matches!(inside.0.kind, EventKind::Command(_)).then_some(inside.0)
        })
    },
};
