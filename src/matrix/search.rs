//! Looks for an attack: every sequence of an attacker's primitive moves within stated bounds is tried, the shortest first,
//! until one does the harm that is looked for.
//!
//! A state is a session up to a message and what was done so far. What leads to octets that were seen before is not
//! followed again.

use crate::attack::{Act, Custom, CustomRule, When};
use crate::base::{ATTACKER, Hop, Layer, Origin, Protocol, Side};
use crate::harm::{self, Harm};
use crate::sim::{self, Run, Setup};
use crate::trace::{Event, EventKind, Trace, Verb};
use std::collections::BTreeSet;

/// How far the search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// At most so many moves of the attacker.
    pub moves: u32,
    /// Only among so many first messages outside TLS.
    pub messages: u32,
    /// At most so many runs.
    pub runs: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { moves: 2, messages: 12, runs: 20_000 }
    }
}

/// What came of a search.
#[derive(Clone, Debug)]
pub struct Searched {
    /// The shortest attack that does the harm, as text that can be run and changed.
    pub found: Option<Custom>,
    /// States that were visited: messages of all runs.
    pub states: u64,
    /// Runs that were made.
    pub runs: u32,
    /// Whether the bounds were searched to their end. Otherwise the runs were used up.
    pub complete: bool,
}

/// The harm with an id.
#[must_use]
pub fn harm(id: &str) -> Option<&'static Harm> {
    harm::ALL.iter().copied().find(|harm| harm.id == id)
}

/// Looks for a harm against the parties of a setup, whose own attacks stay where they are. `progress` is told runs and
/// states from time to time; the search ends when it says no.
#[must_use]
pub fn search(
    setup: &Setup,
    harm: &Harm,
    bounds: Bounds,
    progress: &mut dyn FnMut(u32, u64) -> bool,
) -> Searched {
    let mut searched = Searched { found: None, states: 0, runs: 0, complete: true };
    let mut seen = BTreeSet::new();
    // Each script with the number of the message behind which it may go on.
    let mut scripts: Vec<(Vec<CustomRule>, u32)> = vec![(Vec::new(), 0)];
    for moves in 0..=bounds.moves {
        let mut longer = Vec::new();
        for (script, from) in scripts {
            if searched.runs >= bounds.runs || !progress(searched.runs, searched.states) {
                searched.complete = false;
                return searched;
            }
            let mut attacked = setup.clone();
            let custom = Custom { rules: script.clone() };
            attacked.custom = (!script.is_empty()).then(|| custom.clone());
            let run = sim::run(&attacked);
            searched.runs = searched.runs.saturating_add(1);
            let messages = messages(&run);
            searched.states =
                searched.states.saturating_add(u64::try_from(messages.len()).unwrap_or(u64::MAX));
            if !(harm.find)(&run.connections, &run.planted).is_empty() {
                searched.found = Some(custom);
                return searched;
            }
            if moves == bounds.moves || !seen.insert(fingerprint(&run)) {
                continue;
            }
            let protocol = setup.protocol.protocol;
            for (number, message) in (1_u32..).zip(&messages) {
                if number > from && number <= bounds.messages {
                    for act in primitives(setup, protocol, message) {
                        let when = When { message: Some(number), ..When::default() };
                        let script = [&script[..], &[CustomRule { when, act }]].concat();
                        longer.push((script, number));
                    }
                }
            }
        }
        scripts = longer;
    }
    searched
}

/// A message as it left its sender, outside TLS.
struct Sent<'a> {
    trace: &'a Trace,
    event: &'a Event,
}

/// The messages that come by the middle outside TLS, in the order in which they do.
fn messages(run: &Run) -> Vec<Sent<'_>> {
    let mut found = Vec::new();
    for trace in &run.connections {
        let mut last = None;
        for event in trace.events() {
            let sent = event.hop == Hop::next_to(event.from)
                && event.layer == Layer::Clear
                && event.origin == Origin::Genuine
                && !event.span.is_empty()
                && !matches!(event.kind, EventKind::LeftOver);
            // One message can be several events, and lies where its first octet does.
            if sent && last != Some((event.from, event.span.start)) {
                last = Some((event.from, event.span.start));
                found.push(Sent { trace, event });
            }
        }
    }
    found
}

/// What an attacker can do about a message that has any effect of its own.
fn primitives(setup: &Setup, protocol: Protocol, message: &Sent<'_>) -> Vec<Act> {
    let dialect = setup.protocol.dialect;
    let octets = message.trace.octets(message.event);
    let line = |text: &str| text.as_bytes().to_vec();
    let mut acts = vec![Act::Drop, Act::Close];
    if message.event.from == Side::Server {
        for item in (dialect.items)(octets).unwrap_or_default() {
            let word = if protocol == Protocol::Imap {
                item
            } else {
                item.split(' ').next().unwrap_or_default().to_owned()
            };
            acts.push(Act::Remove(word.to_uppercase()));
        }
        if protocol == Protocol::Imap && matches!(message.event.kind, EventKind::Greeting(_)) {
            acts.push(Act::Replace(line("* OK"), line("* PREAUTH")));
        }
        let added: &[&str] = match protocol {
            Protocol::Imap => &[
                "* CAPABILITY IMAP4rev1 AUTH=LOGIN",
                "* LIST () \"/\" \"Forged\"",
                "* OK [ALERT] forged",
                "* NO forged",
                "{next} OK forged",
            ],
            Protocol::Pop3 => {
                &["+OK forged", "+OK forged\r\nSASL LOGIN\r\n.", "-ERR forged", "-ERR [SYS/PERM] forged"]
            }
            Protocol::Acap => &[
                "* ACAP (SASL \"LOGIN\")",
                "* ADDTO \"ctx\" \"forged\" 1 ()",
                "* ALERT \"forged\"",
                "{next} OK \"forged\"",
            ],
        };
        acts.extend(added.iter().map(|text| Act::Add(line(text))));
        return acts;
    }
    if (dialect.command)(octets).is_none_or(|asked| asked.verb == Verb::Other) {
        return acts;
    }
    let (user, password) = ATTACKER;
    let answers: &[&str] = match protocol {
        Protocol::Imap => &["{tag} NO forged", "{tag} OK forged"],
        Protocol::Pop3 => &["-ERR forged", "-ERR [SYS/PERM] forged", "+OK forged"],
        Protocol::Acap => {
            &["{tag} NO \"forged\"", "{tag} NO (TRANSITION-NEEDED) \"forged\"", "{tag} OK \"forged\""]
        }
    };
    acts.extend(answers.iter().map(|text| Act::Answer(line(text))));
    let login = match protocol {
        Protocol::Imap => format!("q1 LOGIN {user} {password}"),
        Protocol::Pop3 => format!("USER {user}\r\nPASS {password}"),
        Protocol::Acap => {
            let message = format!("\0{user}\0{password}");
            format!("q1 AUTHENTICATE \"PLAIN\" {{{}+}}\r\n{message}", message.len())
        }
    };
    acts.push(Act::Add(login.into_bytes()));
    acts
}

/// What both ends saw, as one number for each half: states that look the same are the same.
fn fingerprint(run: &Run) -> (u64, u64) {
    let mut hash = [0xCBF2_9CE4_8422_2325_u64, 0x2545_F491_4F6C_DD1D];
    let mut add = |eight: u64| {
        for (half, odd) in hash.iter_mut().zip([0x9E37_79B9_7F4A_7C15_u64, 0xD6E8_FEB8_6659_FD93]) {
            *half = (*half ^ eight).wrapping_mul(odd);
            *half ^= *half >> 29;
        }
    };
    for trace in &run.connections {
        for side in Side::BOTH {
            // What each end got; what it sent follows from that.
            let (eights, rest) = trace.tape(Hop::next_to(side), side.other()).as_chunks::<8>();
            eights.iter().for_each(|eight| add(u64::from_le_bytes(*eight)));
            let count = u64::try_from(eights.len()).unwrap_or(u64::MAX);
            // The length as well, so that no tape reads as the beginning of another.
            add(rest
                .iter()
                .fold(count.wrapping_shl(4), |word, octet| word.wrapping_shl(8) ^ u64::from(*octet)));
            add(u64::try_from(rest.len()).unwrap_or_default());
        }
    }
    let [first, second] = hash;
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(protocol: Protocol, set: &[&str], harm_id: &str) -> Searched {
        let mut setup = Setup::new(protocol).unwrap();
        setup.profile(Side::Client, "private").unwrap();
        setup.profile(Side::Server, "strict").unwrap();
        for text in set {
            setup.set_text(text).unwrap();
        }
        search(&setup, harm(harm_id).unwrap(), Bounds { moves: 2, messages: 8, runs: 5_000 }, &mut |_, _| {
            true
        })
    }

    fn text(searched: &Searched) -> String {
        searched.found.as_ref().map(Custom::text).unwrap_or_default()
    }

    #[test]
    fn the_known_attacks_are_found_from_primitive_moves() {
        let imap = |set: &[&str], harm: &str| text(&found(Protocol::Imap, set, harm));
        let refusing = imap(&["client.tls=opportunistic", "server.logindisabled=off"], "credential");
        assert!(refusing.contains("NO forged"), "{refusing}");
        // ACAP has no question that could be refused: the offer has to go.
        let careless = ["client.tls=opportunistic", "client.plain-in-clear=on", "server.plain-before-tls=on"];
        let stripping = text(&found(Protocol::Acap, &careless, "credential"));
        assert_eq!(stripping, "when message 1 do remove \"STARTTLS\"\n");
        let preauth = imap(&["client.accept-preauth=on"], "forged");
        assert!(
            preauth.contains("replace \"* OK\" \"* PREAUTH\"") && preauth.lines().count() == 2,
            "{preauth}"
        );
        let injected = imap(&["server.keeps-buffer=on"], "attackers-account");
        assert!(injected.contains("add \"q1 LOGIN mallory let-me-in\""), "{injected}");
        let believed = imap(&["client.keeps-buffer=on"], "forged");
        assert!(believed.contains("do add"), "{believed}");
        let stale = imap(&["client.keep-capabilities=on"], "forged");
        assert!(stale.contains("remove") || stale.contains("add"), "{stale}");
    }

    #[test]
    fn against_parties_that_keep_every_rule_there_is_denial_and_nothing_else() {
        for protocol in Protocol::ALL {
            for harm in harm::ALL {
                let searched = found(protocol, &[], harm.id);
                assert_eq!(
                    searched.found.is_some(),
                    harm.denial,
                    "{protocol:?} {}: {}",
                    harm.id,
                    text(&searched)
                );
                assert!(searched.states > 0);
            }
        }
    }
}
