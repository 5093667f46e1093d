//! What tests of several modules share: traces written as short scripts.

use crate::base::{Hop, Layer, Origin, Question, Side, Tick};
use crate::facts::Facts;
use crate::proto::{Recorder, Tap};
use crate::rules::{Outcome, Verdict, judge};
use crate::spec::RuleSet;
use crate::tls::identity::Provenance;
use crate::tls::{
    Acceptance, Application, Certificate, Facts as TlsFacts, Failure, Reference, Verification, Version,
};
use crate::trace::{Acts, Carries, Ending, Kept, Lookup, Note, Policy, Refusal, SetTo, Stamp, Trace, Who};

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
/// | `# clear text again` | what follows is outside TLS once more |
/// | `==TLS UP TLS_RSA_WITH_NULL_SHA==` | with this suite |
/// | `==TLS UP ASKED==` | the server asked for a certificate |
/// | `==TLS UP NAME CHECKED==` | the client compared the name of its host and found it to fit; `REFUSED`: not to fit, and its user said yes; `UNCHECKED`: it did not compare. `CNAME`: it compared an alias. `COMMON`, `STAR`, `CASE`: the certificate has the name as common name only, as a star that does not cover it, in another case. `PATHLESS`: the client did not look who had issued it; `UNASKED`: nor whether it was revoked |
/// | `A client Alert` | the client acts on what the server said last, by its name in [`Acts`] |
/// | `==TLS FAILED==` | a handshake begins and fails; what follows is in the clear |
/// | `==CLIENT CUT==`, `==SERVER ALERT==` | that side ends TLS by closing, or by an alert |
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
    let trace = read_any(script);
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

/// Reads a script of the protocol that it names, or of IMAP.
pub(crate) fn read_any(script: &str) -> Trace {
    match script {
        _ if script.contains("==POP3==") => read_pop3(script),
        _ if script.contains("==ACAP==") => read_acap(script),
        _ => read_imap(script),
    }
}

/// One test of a rule: marked scripts of all its outcomes, as [`check`] takes them.
macro_rules! outcomes {
    ($rule:literal $($side:ident $script:literal)+) => {
        #[test]
        fn every_outcome() {
            $(crate::testing::check($rule, crate::base::Side::$side, $script);)+
        }
    };
}
pub(crate) use outcomes;

fn read(protocol: &'static crate::proto::ProtocolRecord, script: &str) -> Trace {
    let two_hops = script.contains("==SERVER HOP==");
    let said = |start: &str| script.lines().any(|line| line.trim_start().starts_with(start));
    let carries = if two_hops || said("N ") || said("P ") || said("A ") {
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
            "# clear text again" => layer = Layer::Clear,
            _ if line.starts_with("==LOOKED UP ") => {
                let name = line["==LOOKED UP ".len()..].trim_end_matches('=').to_owned();
                let lookup = Lookup { question: Question::Service(name), records: Vec::new() };
                recorder.tap(stamp, Tap::Lookup(lookup));
            }
            "==SERVER HOP==" => (hop, layer) = (Hop::Server, Layer::Clear),
            "==CLIENT CLOSED==" => recorder.tap(stamp, Tap::Closed(Side::Client)),
            "==SERVER CLOSED==" => recorder.tap(stamp, Tap::Closed(Side::Server)),
            "==CLIENT CUT==" => recorder.tap(stamp, Tap::TlsEnded(Side::Client, Ending::Cut)),
            "==SERVER CUT==" => recorder.tap(stamp, Tap::TlsEnded(Side::Server, Ending::Cut)),
            "==CLIENT ALERT==" => recorder.tap(stamp, Tap::TlsEnded(Side::Client, Ending::Alert)),
            "==SERVER ALERT==" => recorder.tap(stamp, Tap::TlsEnded(Side::Server, Ending::Alert)),
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
            _ if line.starts_with("A client ") => {
                let end = recorder.so_far().tape(hop, Side::Server).len() as u32;
                let acts =
                    [Acts::Capabilities, Acts::MailboxData, Acts::Answer, Acts::Alert, Acts::ErrorText];
                let acts =
                    acts.into_iter().find(|acts| line.ends_with(&format!("{acts:?}"))).expect("a name");
                recorder.tap(stamp, Tap::Note(Side::Client, Note::Acts(acts, end)));
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
    let has = |word: &str| line.contains(word);
    let host = "mail.example.test";
    let mut certificate = Certificate { trusted: !has("UNTRUSTED"), ..Certificate::good(host) };
    if has("COMMON") {
        certificate.dns_names = vec!["other.example".to_owned()];
        certificate.common_name = Some(host.to_owned());
    } else if has("STAR") {
        certificate.dns_names = vec!["m*il.*.test".to_owned()];
    } else if has("CASE") {
        certificate.dns_names = vec!["MAIL.Example.test".to_owned()];
    }
    let service = line.split_once("SRV ").and_then(|(_, behind)| behind.split([' ', '=']).next());
    if let Some(service) = service {
        certificate.srv_names = vec![format!("_{service}.example.test")];
    }
    let application = has("ALPN").then(|| {
        Box::new(Application {
            offered: if has("ABSENT") { vec![] } else { vec!["imap".to_owned()] },
            chosen: (!has("UNHEARD") && !has("ABSENT")).then(|| "imap".to_owned()),
        })
    });
    let provenance = if has("CNAME") { Provenance::Cname } else { Provenance::Configured };
    let verification = has("NAME").then(|| Verification {
        name_matched: (!has("UNCHECKED")).then(|| !has("REFUSED")),
        path_checked: !has("PATHLESS"),
        dates_checked: true,
        revocation_checked: !has("UNASKED"),
        faults: if has("REFUSED") { vec![Failure::WrongName] } else { vec![] },
        accepted: has("REFUSED").then_some(Acceptance::User),
    });
    TlsFacts {
        version: Some(if has("OLD") { Version::Tls10 } else { Version::Tls13 }),
        cipher: line.split([' ', '=']).find(|word| word.starts_with("TLS_")).map(str::to_owned),
        certificate: Some(certificate.into()),
        references: vec![match service {
            Some(_) => Reference::new("example.test", Provenance::MailDomain),
            None => Reference::new(host, provenance),
        }],
        application,
        verification,
        client_certificate_asked: has("ASKED").then_some(true),
        ..TlsFacts::default()
    }
}

/// The notes that a script can name.
const NOTES: &[Note] = &[
    Note::Policy(Policy::TlsRequired),
    Note::Policy(Policy::TlsIfOffered),
    Note::Policy(Policy::ClearTextRefused),
    Note::Policy(Policy::ClearTextAccepted),
    Note::SetTo(SetTo::CertificateOnly),
    Note::SetTo(SetTo::WithoutUnauthenticate),
    Note::KeptIncomplete,
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
