//! What tests of several modules share: traces written as short scripts.

use crate::base::{Hop, Layer, Origin, Side, Tick};
use crate::facts::Facts;
use crate::proto::{Recorder, Tap};
use crate::rules::{Outcome, Verdict, judge};
use crate::spec::RuleSet;
use crate::tls::identity::Provenance;
use crate::tls::{Certificate, Facts as TlsFacts, Failure, Reference, Version};
use crate::trace::{Acts, Carries, Kept, Note, Policy, Refusal, Stamp, Trace, Who};

/// Reads a POP3 script, written as [`read_imap`] says.
pub(crate) fn read_pop3(script: &str) -> Trace {
    read(&crate::proto::pop3::RECORD, script)
}

/// Reads an ACAP script, written as [`read_imap`] says; `<NUL>` is one octet.
pub(crate) fn read_acap(script: &str) -> Trace {
    read(&crate::proto::acap::RECORD, script)
}

/// Reads an IMAP script. Places are line numbers of the trimmed script, from 1.
///
/// | line | what it is |
/// |---|---|
/// | `C: text`, `S: text` | a line of the client or the server; with `>` for `:` without a line ending |
/// | `C+ text`, `S+ text` | a line that the middle added in the name of that side |
/// | `==TLS==` | a handshake begins; what follows is inside TLS |
/// | `==TLS UP==` | it is also seen to complete, with TLS 1.3 and a good certificate |
/// | `==TLS UP OLD==`, `==TLS UP UNTRUSTED==` | the same with TLS 1.0, or with a certificate that nobody vouches for |
/// | `==TLS FAILED==` | a handshake begins and fails; what follows is in the clear |
/// | `==CLIENT CLOSED==`, `==SERVER CLOSED==` | that side closes |
/// | `N client WarnedUser` | a note, by its name in [`Note`] |
/// | `P client TlsRequired` | the policy of a side, by its name in [`Policy`] |
/// | `==POP3==`, `==ACAP==` | [`check`]: the session is of that protocol |
/// | `==LOG==` | the source is a program's log: it does not show every octet |
/// | `==SERVER HOP==` | what follows happens on the hop next to the server |
/// | `... <-- A16 fail` | [`check`]: this line is evidence. On a line of its own it gives the outcome alone |
pub(crate) fn read_imap(script: &str) -> Trace {
    read(&crate::proto::imap::RECORD, script)
}

/// Judges one side of a script by one rule, under the documents of today, and holds the verdict to the marks:
/// its outcome is the marked one, and its evidence begins on exactly the marked lines.
#[track_caller]
pub(crate) fn check(rule: &str, side: Side, script: &str) -> Verdict {
    let trace = match script {
        _ if script.contains("==POP3==") => read_pop3(script),
        _ if script.contains("==ACAP==") => read_acap(script),
        _ => read_imap(script),
    };
    let verdicts =
        judge(&trace, &Facts::of(&trace, Side::Client), &Facts::of(&trace, Side::Server), RuleSet::Today);
    let verdict = verdicts.into_iter().find(|v| v.rule.id == rule && v.side == side).expect("judged");
    let mut outcomes = Vec::new();
    let mut lines = Vec::new();
    for (number, line) in script.trim().lines().enumerate() {
        let Some((text, marks)) = line.split_once("<--") else { continue };
        for mark in marks.split(',') {
            let (id, outcome) = mark.trim().split_once(' ').expect("a mark is a rule and an outcome");
            if id == rule {
                outcomes.push(outcome);
                if !text.trim().is_empty() {
                    lines.push(number as u32 + 1);
                }
            }
        }
    }
    let mut seen: Vec<_> =
        verdict.events.iter().map(|&id| trace.event(id).expect("an event").places.0).collect();
    seen.sort_unstable();
    seen.dedup();
    let outcome = serde_json::to_value(verdict.outcome).expect("serialises");
    assert!(!outcomes.is_empty(), "the script has no mark for {rule}");
    assert!(
        outcomes.iter().all(|marked| outcome == **marked) && seen == lines,
        "{rule}: {outcome} with lines {seen:?}, marked {outcomes:?} with lines {lines:?}: {}",
        verdict.message
    );
    assert_eq!(matches!(verdict.outcome, Outcome::Pass | Outcome::Fail), !seen.is_empty(), "{rule}");
    verdict
}

fn read(protocol: &'static crate::proto::ProtocolRecord, script: &str) -> Trace {
    let two_hops = script.contains("==SERVER HOP==");
    let said = |start: &str| script.lines().any(|line| line.trim_start().starts_with(start));
    let carries = if two_hops || said("N ") || said("P ") {
        Carries::ALL
    } else if said("==LOG==") {
        Carries::LOG
    } else {
        Carries::TRANSCRIPT
    };
    let mut recorder = Recorder::new(protocol, carries, two_hops);
    let mut layer = Layer::Clear;
    let mut hop = Hop::Client;
    for (number, line) in script.trim().lines().enumerate() {
        let stamp = Stamp { at: Tick(0), hop, place: number as u32 + 1 };
        let line = line.trim_start();
        let line = line.split_once("<--").map_or(line, |(text, _)| text.trim_end());
        match line {
            "" | "==LOG==" | "==POP3==" | "==ACAP==" => {}
            "==SERVER HOP==" => (hop, layer) = (Hop::Server, Layer::Clear),
            "==CLIENT CLOSED==" => recorder.tap(stamp, Tap::Closed(Side::Client)),
            "==SERVER CLOSED==" => recorder.tap(stamp, Tap::Closed(Side::Server)),
            "==TLS FAILED==" => {
                recorder.tap(stamp, Tap::TlsBegan);
                recorder.tap(stamp, Tap::TlsFailed(Failure::NotTls));
            }
            _ if line.starts_with("==TLS") => {
                recorder.tap(stamp, Tap::TlsBegan);
                layer = Layer::Tls;
                if line.starts_with("==TLS UP") {
                    recorder.tap(stamp, Tap::TlsUp(established(line)));
                }
            }
            _ if line.starts_with("N ") || line.starts_with("P ") => {
                let (side, note) = line[2..].split_once(' ').expect("a side and a name");
                let side = if side == "client" { Side::Client } else { Side::Server };
                let name = if line.starts_with('P') { format!("Policy({note})") } else { note.to_owned() };
                let note = NOTES.iter().find(|n| format!("{n:?}") == name).expect("a note");
                recorder.tap(stamp, Tap::Note(side, *note));
            }
            _ => {
                let from = if line.starts_with('C') { Side::Client } else { Side::Server };
                let mark = line.as_bytes()[1];
                let origin = match mark {
                    b'+' => Origin::Added,
                    _ if carries.origin => Origin::Genuine,
                    _ => Origin::Unknown,
                };
                let text = line[2..].strip_prefix(' ').unwrap_or(&line[2..]).replace("<NUL>", "\0");
                let mut octets = text.into_bytes();
                if mark != b'>' {
                    octets.extend(b"\r\n");
                }
                recorder.tap(stamp, Tap::Octets { from, layer, origin, octets: &octets });
            }
        }
    }
    recorder.finish()
}

fn established(line: &str) -> TlsFacts {
    TlsFacts {
        version: Some(if line.contains("OLD") { Version::Tls10 } else { Version::Tls13 }),
        cipher: None,
        certificate: Some(Certificate {
            trusted: !line.contains("UNTRUSTED"),
            ..Certificate::good("mail.example.test")
        }),
        references: vec![Reference {
            name: "mail.example.test".to_owned(),
            provenance: Provenance::Configured,
        }],
        ..TlsFacts::default()
    }
}

/// The notes that a script can name.
const NOTES: &[Note] = &[
    Note::Policy(Policy::TlsRequired),
    Note::Policy(Policy::TlsIfOffered),
    Note::Policy(Policy::ClearTextRefused),
    Note::Policy(Policy::ClearTextAccepted),
    Note::CapabilitiesDropped,
    Note::CapabilitiesKept,
    Note::WarnedUser,
    Note::UserNotWarned,
    Note::ResultChecked,
    Note::ResultIgnored,
    Note::Refused(Refusal::NotOffered),
    Note::Refused(Refusal::StartTlsRefused),
    Note::Refused(Refusal::HandshakeFailed),
    Note::Refused(Refusal::PreauthInClear),
    Note::Acts(Acts::Capabilities, 1),
    Note::Acts(Acts::MailboxData, 1),
    Note::Acts(Acts::Answer, 1),
    Note::Acts(Acts::Alert, 1),
    Note::Acts(Acts::ErrorText, 1),
    Note::Acts(Acts::Command, 1),
    Note::Identity(Who::Owner),
    Note::Identity(Who::Attacker),
    Note::NameKept,
    Note::Crashed,
    Note::Reset,
    Note::Kept(Kept::Groups),
    Note::Kept(Kept::UserData),
];
