//! UNAUTHENTICATE: what one user of a connection finds of the one before, or does in his name. Looked for as the next user
//! would: in answers, never in what a server says of itself.

use super::{Success, each, holds};
use crate::base::{Origin, Side};
use crate::harm::{Inherited, Planted};
use crate::trace::{Answer, Class, Event, EventId, EventKind, Leg, Note, Reply, Trace, Verb};
use base64::Engine;

/// Something of the user before.
pub static CARRIED_OVER: Success = Success {
    about: "Behind UNAUTHENTICATE an answer of the server shows something of the user before: the login, the mailbox, rights, extensions, searches, news, compression or flags.",
    find: |traces, planted: &Planted| {
        each(traces, "The server shows something of the user before.", |trace| {
            let leg = trace.leg(Side::Server);
            let reset =
                leg.answers().find(|answer| answer.command.name == "UNAUTHENTICATE" && answer.accepts())?;
            carried(leg, reset.at.id, planted.inherited)
        })
    },
};

/// The next user's commands, carried out for the user before.
pub static DONE_FOR_THE_WRONG_USER: Success = Success {
    about: "A command that the client sent behind UNAUTHENTICATE for the next user is carried out in the session of the one before.",
    find: |traces, _| {
        each(traces, "The next user's command was carried out for the one before.", |trace| {
            let sent = trace.leg(Side::Client);
            let reset = sent.commands().find(|(_, command)| command.name == "UNAUTHENTICATE")?.0;
            let next = sent.commands().filter(|(event, command)| {
                event.id > reset.id && command.verb == Verb::Mailbox && event.origin == Origin::Genuine
            });
            // The client stops at an answer that is not OK: what it sent is in front of that answer.
            let answered = sent.reply_to(reset.id).map_or(u32::MAX, |(at, _)| at.id);
            let early: Vec<&[u8]> =
                next.filter(|(event, _)| event.id < answered).map(|(event, _)| trace.octets(event)).collect();
            let leg = trace.leg(Side::Server);
            leg.answers()
                .filter(|answer| early.contains(&trace.octets(answer.asked)) && answer.accepts())
                .find(|answer| !reset_before(leg, answer.asked.id))
                .map(|answer| answer.at)
        })
    },
};

/// A login that the proxy would have refused.
pub static PAST_THE_PROXY: Success = Success {
    about: "Behind the proxy somebody is logged in whom the proxy lets in from inside only.",
    find: |traces, planted| {
        each(traces, "A login reached the server that its proxy would have refused.", |trace| {
            let behind = trace.peer().is_some_and(|peer| peer.behind);
            let leg = trace.leg(Side::Server);
            let mut answers =
                leg.answers().filter(|answer| behind && answer.command.verb.logs_in() && answer.accepts());
            let insider = |answer: &Answer<'_>| {
                let octets = trace.octets(answer.asked);
                octets.split(u8::is_ascii_whitespace).any(|word| {
                    let decoded = base64::engine::general_purpose::STANDARD.decode(word);
                    let named = |octets: &[u8]| {
                        octets.split(|&o| o == 0).any(|part| part == planted.insider.as_bytes())
                    };
                    named(word) || decoded.is_ok_and(|decoded| named(&decoded))
                })
            };
            answers.find(insider).map(|answer| answer.at)
        })
    },
};

/// Whether the connection changed hands before an event.
fn reset_before(leg: Leg<'_>, event: EventId) -> bool {
    leg.notes(Side::Server).any(|(note, what)| {
        what == Note::State("not authenticated") && note.id < event && {
            leg.commands().any(|(at, command)| at.id < note.id && command.verb.logs_in())
        }
    })
}

fn carried<'a>(leg: Leg<'a>, reset: EventId, inherited: &[Inherited]) -> Option<&'a Event> {
    let after = leg.answers().filter(move |answer| answer.at.id > reset);
    // Somebody is served before anybody logged in again, or a mailbox is open that nobody opened again.
    let login = after.clone().find(|answer| answer.command.verb.logs_in() && answer.accepts());
    let opened = after.clone().find(|answer| is_opening(&answer.command.name) && answer.accepts());
    let served = after.clone().find(|answer| {
        let before = |other: Option<EventId>| other.is_none_or(|other| answer.asked.id < other);
        let unlogged = before(login.map(|login| login.at.id)) && answer.command.verb == Verb::Mailbox;
        let unopened = before(opened.map(|opened| opened.at.id)) && is_about_open(&answer.command.name);
        answer.accepts() && (unlogged || unopened)
    });
    // COMPRESS is refused because it is on.
    let compressed = after.clone().find(|answer| {
        answer.command.name == "COMPRESS" && holds(leg.trace().octets(answer.at), b"[COMPRESSIONACTIVE]")
    });
    let told = leg.of(Class::Untagged).filter(|at| at.id > reset).find(|at| {
        let EventKind::Reply(reply) = &at.kind else { return false };
        is_left_over(leg, reset, at, reply, inherited)
    });
    let language = language(leg, reset);
    [served.map(|answer| answer.at), compressed.map(|answer| answer.at), told, language]
        .into_iter()
        .flatten()
        .min_by_key(|event| event.id)
}

fn is_opening(name: &str) -> bool {
    matches!(name, "SELECT" | "EXAMINE")
}

fn is_about_open(name: &str) -> bool {
    let name = name.strip_prefix("UID ").unwrap_or(name);
    matches!(
        name,
        "FETCH" | "STORE" | "SEARCH" | "COPY" | "MOVE" | "EXPUNGE" | "CHECK" | "CLOSE" | "UNSELECT"
    )
}

/// Whether untagged data comes from something that the present user never asked for.
fn is_left_over(leg: Leg<'_>, reset: EventId, at: &Event, reply: &Reply, inherited: &[Inherited]) -> bool {
    let trace = leg.trace();
    let octets = trace.octets(at);
    let asked = |words: &[&[u8]]| {
        leg.commands().any(|(event, _)| {
            event.id > reset && event.id < at.id && words.iter().any(|word| holds(trace.octets(event), word))
        })
    };
    let open = leg.commands().rfind(|(event, _)| event.id > reset && event.id < at.id);
    let under_way = open.map(|(event, _)| trace.octets(event)).unwrap_or_default();
    let enabling: &[&[u8]] = &[b"CONDSTORE", b"QRESYNC", b"MODSEQ", b"CHANGEDSINCE", b"UNCHANGEDSINCE"];
    match &*reply.name {
        // Without a search of one's own the variable stands for nothing.
        "FETCH" if under_way.split(|&o| o == b' ').any(|word| word == b"$") && !asked(&[b"SAVE"]) => true,
        "FETCH" => holds(octets, b"MODSEQ") && !asked(enabling),
        "VANISHED" => !asked(&[b"ENABLE"]),
        "ESEARCH" => !asked(&[b"SEARCH"]),
        "STATUS" if !asked(&[b"STATUS", b"NOTIFY"]) => true,
        "STATUS" => {
            // News of a mailbox that nobody named.
            let mailbox = trace.leg(Side::Server).words(at).nth(2).unwrap_or_default();
            (!asked(&[mailbox]) && !asked(&[b"NOTIFY"])) || planted(octets, under_way, inherited)
        }
        _ => planted(octets, under_way, inherited),
    }
}

fn planted(octets: &[u8], under_way: &[u8], inherited: &[Inherited]) -> bool {
    inherited.iter().any(|one| holds(under_way, one.asked.as_bytes()) && holds(octets, one.told.as_bytes()))
}

/// An answer in the words of a language that the user before had asked for.
fn language<'a>(leg: Leg<'a>, reset: EventId) -> Option<&'a Event> {
    let trace: &Trace = leg.trace();
    let last = |event: &Event| {
        trace.octets(event).trim_ascii_end().rsplit(|&o| o == b' ').next().map(<[u8]>::to_vec)
    };
    let done = |from: EventId, to: EventId| {
        leg.answers().filter(move |answer| answer.at.id > from && answer.at.id < to && answer.accepts())
    };
    let chosen = leg.answers().find(|answer| answer.command.name == "LANGUAGE" && answer.accepts());
    let chosen = chosen.filter(|chosen| chosen.at.id < reset)?;
    let before: Vec<_> = done(0, chosen.at.id).filter_map(|answer| last(answer.at)).collect();
    let own: Vec<_> = done(chosen.at.id, reset)
        .filter_map(|answer| last(answer.at))
        .filter(|word| !before.contains(word))
        .collect();
    let again = leg.commands().find(|(event, command)| event.id > reset && command.name == "LANGUAGE");
    let until = again.map_or(EventId::MAX, |(event, _)| event.id);
    done(reset, until)
        .find(|answer| last(answer.at).is_some_and(|word| own.contains(&word)))
        .map(|answer| answer.at)
}
