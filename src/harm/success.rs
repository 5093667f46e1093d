//! When an attack has succeeded: what it was for, as a predicate over octets, layers, origins and notes. A predicate
//! looks at what the attacker got or changed and at nothing else, so that it cannot be confused with a broken rule.

mod tls;
mod unauth;

pub use tls::{
    BELOW_MINIMUM, CERTIFICATE_SEEN, CLEAR_AFTER_CERTIFICATE, CLEAR_ON_TLS_PORT, IN_CLEAR_AFTER_TLS,
    OTHER_SERVICE, PASSWORD_FOR_CERTIFICATE, PINNED, TAKEN_FOR_COMPLETE,
};
pub use unauth::{CARRIED_OVER, DONE_FOR_THE_WRONG_USER, PAST_THE_PROXY};

use super::{Acted, Done, Planted, acts, content, credential, holds, left_over, listed_inside};
use crate::base::{LONGEST_FIELD, Layer, Origin, Side, order};
use crate::sasl::{self, Reveals};
use crate::trace::{
    Acts, Class, Event, EventKind, GreetingStatus, Leg, Note, PlainMessage, Policy, Status, Trace, Verb, Who,
};

/// A family's success.
#[derive(Debug)]
pub struct Success {
    /// When it holds, in a sentence.
    pub about: &'static str,
    /// Where it came true, in order.
    pub find: fn(&[Trace], &Planted) -> Vec<Done>,
}

/// The password or mail in the clear.
pub static LOST: Success = Success {
    about: "The password, or text of a message, crossed the wire where the attacker can read it, on this or a later connection.",
    find: |traces, planted| {
        let mut done = (credential::HARM.find)(traces, planted);
        done.extend((content::HARM.find)(traces, planted));
        order::sort_by_key(&mut done, |done| (done.connection, done.event));
        done
    },
};

/// A command in the clear by a client that believes in TLS.
pub static BELIEVED_IN_TLS: Success = Success {
    about: "The client goes on in the clear and believes that TLS is up.",
    find: |traces, _| {
        each(traces, "A command in the clear from a client that believes in TLS.", |trace| {
            let leg = trace.leg(Side::Client);
            let believes = leg.note(Side::Client, |note| note == Note::ResultIgnored)?;
            leg.commands()
                .find(|(event, _)| event.id > believes.id && event.layer == Layer::Clear)
                .map(|(event, _)| event)
        })
    },
};

/// Work after a forged PREAUTH.
pub static WORKED_AFTER_PREAUTH: Success = Success {
    about: "After a forged PREAUTH the client sends a command about a mailbox in the clear.",
    find: |traces, _| {
        each(traces, "Work on a mailbox in the clear after a forged PREAUTH.", |trace| {
            let leg = trace.leg(Side::Client);
            let greeting = leg.of(Class::Greeting).find(|event| {
                matches!(event.kind, EventKind::Greeting(GreetingStatus::Preauth))
                    && event.origin != Origin::Genuine
            })?;
            leg.commands_of(Verb::Mailbox)
                .find(|(event, _)| event.id > greeting.id && event.layer == Layer::Clear)
                .map(|(event, _)| event)
        })
    },
};

/// A weaker mechanism than both could have used.
pub static WEAKER_LOGIN: Success = Success {
    about: "The client logs in by something weaker than the best that it and the server both have.",
    find: |traces, _| {
        each(traces, "A login by less than the best that both ends have.", |trace| {
            let best = trace.leg(Side::Server).lists().flat_map(|(_, list)| strengths(list)).max()?;
            let leg = trace.leg(Side::Client);
            leg.commands()
                .find(|(_, command)| {
                    let used = match command.verb {
                        Verb::Login | Verb::Pass => Some(0),
                        Verb::Authenticate => {
                            let name = command.mechanism.as_deref().unwrap_or_default();
                            sasl::find(name).map(|mechanism| mechanism.strength)
                        }
                        _ => None,
                    };
                    used.is_some_and(|used| used < best)
                })
                .map(|(event, _)| event)
        })
    },
};

fn strengths(list: &crate::trace::Capabilities) -> impl Iterator<Item = u8> {
    let usual = |name| sasl::find(name).filter(|m| m.reveals != Reveals::Token && m.name != "EXTERNAL");
    list.mechanisms().filter_map(usual).map(|mechanism| mechanism.strength)
}

/// The password given after a forged demand.
pub static MOVED_TO_PLAIN: Success = Success {
    about: "The client sends its password in the clear because somebody told it that its account has to move.",
    find: |traces, _| {
        each(traces, "The password in the clear after a forged TRANSITION-NEEDED.", |trace| {
            let leg = trace.leg(Side::Client);
            let demand = leg.replies().find(|(event, _)| {
                event.origin != Origin::Genuine && holds(trace.octets(event), b"TRANSITION-NEEDED")
            })?;
            leg.credentials()
                .find(|(event, credential)| {
                    event.id > demand.0.id && event.layer == Layer::Clear && credential.is_password()
                })
                .map(|(event, _)| event)
        })
    },
};

/// Capabilities that no genuine server listed inside TLS.
pub static FORGED_CAPABILITIES: Success = Success {
    about: "Inside TLS the client chooses by a capability that the genuine server did not list there.",
    find: |traces, _| {
        of_acts(traces, "Inside TLS the client uses a capability from outside.", |trace, acted| {
            let listed = |item: &str| listed_inside(trace).any(|list| list.has(item));
            acted.acts == Acts::Capabilities
                && acted.note.layer == Layer::Tls
                && acted.source.layer == Layer::Clear
                && list_of(trace, acted.source).is_some_and(|list| list.items().any(|item| !listed(item)))
        })
    },
};

fn list_of<'a>(trace: &'a Trace, source: &Event) -> Option<&'a crate::trace::Capabilities> {
    let mut lists = trace.events().iter().filter(|event| {
        event.hop == source.hop && event.from == source.from && event.span.end == source.span.end
    });
    lists.find_map(|event| match &event.kind {
        EventKind::Advertise(list, _) => Some(list),
        _ => None,
    })
}

/// The client gives up.
pub static GAVE_UP: Success = Success {
    about: "The client ends without a login. Nothing leaks.",
    find: |traces, _| {
        let logged_in = |trace: &Trace| {
            trace.leg(Side::Client).note(Side::Client, |note| note == Note::State("authenticated")).is_some()
        };
        if traces.iter().any(logged_in) {
            return Vec::new();
        }
        let last = traces.len().saturating_sub(1);
        let ended = traces.last().and_then(|trace| {
            let leg = trace.leg(Side::Client);
            leg.note(Side::Client, |note| matches!(note, Note::Refused(_)))
                .or_else(|| leg.of(Class::Closed).next_back())
        });
        let message = "The client gave up without a login.";
        ended.map(|event| Done { connection: last, event: event.id, message }).into_iter().collect()
    },
};

/// A command of the attacker, carried out inside TLS.
pub static CARRIED_OUT: Success = Success {
    about: "The server carries out inside TLS what was sent in the clear before the handshake.",
    find: |traces, _| {
        of_acts(traces, "The server carried out inside TLS what came in the clear.", |_, acted| {
            acted.acts == Acts::Command
                && acted.note.layer == Layer::Tls
                && acted.source.layer == Layer::Clear
                && acted.source.origin != Origin::Genuine
        })
    },
};

/// An answer of the attacker, believed inside TLS.
pub static BELIEVED_INSIDE: Success = Success {
    about: "The client acts inside TLS on what it got in the clear behind the answer to STARTTLS.",
    find: |traces, _| {
        of_acts(traces, "The client acts inside TLS on what came in the clear.", |trace, acted| {
            acted.note.from == Side::Client
                && acted.note.layer == Layer::Tls
                && left_over(trace, Side::Server).any(|left| {
                    left.hop == acted.note.hop
                        && left.span.end >= acted.source.span.end
                        && left.span.start <= acted.source.span.start
                })
        })
    },
};

/// A TLS session with somebody's name on it from before.
pub static FIXED: Success = Success {
    about: "The victim's TLS session belongs to whom the attacker named in the clear.",
    find: |traces, _| {
        each(traces, "A TLS session bound to what the attacker said in the clear.", |trace| {
            let leg = trace.leg(Side::Server);
            let named = leg
                .commands()
                .find(|(event, command)| event.origin == Origin::Added && command.verb.logs_in())?
                .0;
            let (up, _) = leg.tls_up().filter(|(up, _)| up.id > named.id)?;
            let bound = leg.note(Side::Server, |note| note == Note::Identity(Who::Attacker));
            let bound = bound.filter(|note| note.id < up.id);
            bound.or_else(|| leg.note(Side::Server, |note| note == Note::NameKept)).map(|_| up)
        })
    },
};

/// Mailbox data of the attacker.
pub static FORGED_MAILBOX: Success = Success {
    about: "What the client believes about its mailbox holds data of the attacker.",
    find: |traces, _| {
        of_acts(traces, "The client believes forged data about its mailbox.", |_, acted| {
            acted.acts == Acts::MailboxData && acted.source.origin != Origin::Genuine
        })
    },
};

/// Text of the attacker, shown as the server's.
pub static DECEIVED: Success = Success {
    about: "The user sees the attacker's text as the server's.",
    find: |traces, _| {
        of_acts(traces, "The client shows the attacker's text as the server's.", |_, acted| {
            matches!(acted.acts, Acts::Alert | Acts::ErrorText) && acted.source.origin != Origin::Genuine
        })
    },
};

/// A client that broke down.
pub static BROKE_DOWN: Success = Success {
    about: "The client breaks down.",
    find: |traces, _| {
        each(traces, "The client broke down.", |trace| {
            trace.leg(Side::Client).note(Side::Client, |note| note == Note::Crashed)
        })
    },
};

/// At the attacker's server.
pub static SENT_AWAY: Success = Success {
    about: "The client goes to the server that the attacker names, and talks to it as to its own.",
    find: super::redirected::HARM.find,
};

/// A PLAIN message outside the grammar, taken.
pub static MALFORMED_TAKEN: Success = Success {
    about: "The server takes a PLAIN message that is not in its form, or one of which it can only have kept a part.",
    find: |traces, _| {
        each(traces, "The server took a malformed PLAIN message.", |trace| {
            let leg = trace.leg(Side::Server);
            let wrong = |message: &PlainMessage<'_>| {
                message.fault.is_some() || leg.written_wrong(message) || cut(leg, message)
            };
            leg.plain_messages().filter(wrong).find_map(|message| {
                leg.reply_to(message.command)
                    .filter(|(_, reply)| reply.status == Some(Status::Ok))
                    .map(|(event, _)| event)
            })
        })
    },
};

/// A field of 256 octets: the accounts of this model have none so long.
fn cut(leg: Leg<'_>, message: &PlainMessage<'_>) -> bool {
    leg.plain_parts(message).is_some_and(|plain| {
        [plain.authzid.len(), plain.authcid.len(), plain.password.reveal().len()]
            .into_iter()
            .any(|length| length > LONGEST_FIELD)
    })
}

/// Somebody else's identity.
pub static ASSUMED: Success = Success {
    about: "The attacker's own password opens a session in somebody else's name.",
    find: |traces, planted| {
        each(traces, "The attacker's own password opened somebody else's session.", |trace| {
            let leg = trace.leg(Side::Server);
            let sessions = leg.notes(Side::Server).filter(|(_, note)| *note == Note::Identity(Who::Owner));
            sessions.map(|(session, _)| session).find(|session| {
                let mut logins =
                    leg.commands().filter(|(event, command)| event.id < session.id && command.verb.logs_in());
                logins.next_back().is_some_and(|(login, _)| {
                    login.origin == Origin::Added && !holds(trace.octets(login), planted.password.reveal())
                })
            })
        })
    },
};

/// The server knows the password.
pub static SERVER_LEARNED: Success = Success {
    about: "The server learns the password, although it offers a login that would not show it.",
    find: |traces, _| {
        each(traces, "The server learned the password without need.", |trace| {
            let leg = trace.leg(Side::Server);
            let other = leg.lists().any(|(_, list)| {
                list.mechanisms().any(|name| sasl::find(name).is_some_and(|m| m.reveals == Reveals::Nothing))
            });
            leg.credentials()
                .find(|(_, credential)| other && credential.is_password())
                .map(|(event, _)| event)
        })
    },
};

/// Two probes that differ in one fact get different answers.
pub static TOLD_APART: Success = Success {
    about: "Two logins that are refused, and that differ in one fact only, get different answers.",
    find: |traces, _| {
        each(traces, "Two probes that differ in one fact were told apart.", |trace| {
            let probes = probes(trace.leg(Side::Server));
            let first = probes.first()?;
            probes.iter().find(|probe| probe.1 != first.1).map(|probe| probe.0)
        })
    },
};

/// Guess after guess.
pub static SPRAYED: Success = Success {
    about: "The server answers a login with one name after the other, without an end and without a delay.",
    find: |traces, _| {
        let guesses = traces.iter().enumerate().flat_map(|(connection, trace)| {
            let leg = trace.leg(Side::Server);
            // Who refuses every password outside TLS has not looked at any.
            let looks = leg.policy(Side::Server).is_none_or(|(_, policy)| policy != Policy::ClearTextRefused);
            let found = if looks { probes(leg) } else { Vec::new() };
            found.into_iter().map(move |(event, _)| (connection, event))
        });
        let message = "Login after login was answered without an end.";
        let fifth = guesses.skip(4).take(1);
        fifth.map(|(connection, event)| Done { connection, event: event.id, message }).collect()
    },
};

/// The victim's commands, in the attacker's session.
pub static WORKS_FOR_ATTACKER: Success = Success {
    about: "A command of the victim is carried out in a session of the attacker.",
    find: |traces, _| {
        each(traces, "The victim works in the attacker's account.", |trace| {
            let leg = trace.leg(Side::Server);
            let taken = leg.note(Side::Server, |note| note == Note::Identity(Who::Attacker))?;
            leg.answers()
                .find(|answer| {
                    answer.asked.id > taken.id
                        && answer.asked.origin == Origin::Genuine
                        && answer.command.verb == Verb::Mailbox
                        && answer.accepts()
                })
                .map(|answer| answer.at)
        })
    },
};

/// The answers to the attacker's own logins, without their tags.
fn probes(leg: Leg<'_>) -> Vec<(&Event, Vec<u8>)> {
    let trace = leg.trace();
    let text = |event: &Event, tagged: bool| {
        let octets = trace.octets(event);
        let behind = octets.iter().position(|&o| o == b' ').filter(|_| tagged).unwrap_or_default();
        octets.get(behind..).unwrap_or_default().to_vec()
    };
    let own = leg.answers().filter(|answer| {
        answer.asked.origin == Origin::Added
            && matches!(answer.command.verb, Verb::Login | Verb::User | Verb::Authenticate | Verb::Pass)
            && answer.reply.form == crate::trace::Form::Final
            // A login that succeeds tells nothing that it need not tell.
            && (answer.reply.status != Some(Status::Ok) || answer.command.verb == Verb::User)
    });
    let all: Vec<_> = own
        .map(|answer| (answer.command.verb, answer.at, text(answer.at, answer.command.tag.is_some())))
        .collect();
    // POP3 gives the name first: what the password gets is the answer, unless the name alone is answered twice.
    let judged = if all.iter().any(|(verb, ..)| *verb == Verb::Pass) { Some(Verb::Pass) } else { None };
    all.into_iter()
        .filter(|(verb, ..)| judged.is_none_or(|judged| judged == *verb))
        .map(|(_, at, text)| (at, text))
        .collect()
}

fn each(traces: &[Trace], message: &'static str, find: impl Fn(&Trace) -> Option<&Event>) -> Vec<Done> {
    let done = traces.iter().enumerate().filter_map(|(connection, trace)| {
        find(trace).map(|event| Done { connection, event: event.id, message })
    });
    done.collect()
}

fn of_acts(
    traces: &[Trace],
    message: &'static str,
    wanted: impl Fn(&Trace, &Acted<'_>) -> bool,
) -> Vec<Done> {
    let done = traces.iter().enumerate().flat_map(|(connection, trace)| {
        let found: Vec<_> = acts(trace).filter(|acted| wanted(trace, acted)).collect();
        found.into_iter().map(move |acted| Done { connection, event: acted.note.id, message })
    });
    done.collect()
}
