//! The profiles of real programs against what the programs did: every recorded session of a program that has a profile
//! is run again, with the profile of the recorded server and the recorded attack, and the facts of both are compared.

use crate::corpus::{Entry, entries};
use crate::corpus_facts::expected;
use starttls_lab::base::{Protocol, Side};
use starttls_lab::pipeline::{self, RuleSet, Setup};
use std::collections::BTreeSet;
use std::fmt::Write;

/// How a recorded client was told to behave, in switches.
type Settings = &'static [(&'static str, &'static [&'static str])];

/// Told to look at no certificate.
const NOVERIFY: &[&str] =
    &["client.tls=required", "client.no-name-check=on", "client.no-path-check=on", "client.no-date-check=on"];

/// What most clients were told.
const USUAL: Settings = &[
    ("required", &["client.tls=required"]),
    ("required-noverify", NOVERIFY),
    ("opportunistic", &[]),
    ("forbidden", &["client.tls=never"]),
    ("implicit", &["client.port=tls-first"]),
];

/// Without a need for TLS it was told to look at no certificate (`--nosslcertck`).
const FETCHMAIL: Settings = &[
    ("required", &["client.tls=required"]),
    ("opportunistic", &["client.no-name-check=on", "client.no-path-check=on", "client.no-date-check=on"]),
    ("forbidden", &["client.tls=never"]),
    ("implicit", &["client.port=tls-first"]),
];

/// Told to end when a certificate is not in order (`-verify_return_error`), or not.
const S_CLIENT: Settings = &[
    ("required", &["client.no-name-check=off", "client.no-path-check=off", "client.no-date-check=off"]),
    ("required-noverify", &[]),
    ("implicit", &["client.port=tls-first"]),
];

/// A program of the recordings: its name there, its profile, and its settings where they are not the usual ones.
struct Program {
    client: &'static str,
    protocol: &'static str,
    profile: &'static str,
    settings: Settings,
}

const fn program(client: &'static str, protocol: &'static str, profile: &'static str) -> Program {
    Program { client, protocol, profile, settings: USUAL }
}

static PROGRAMS: &[Program] = &[
    program("aioimaplib", "imap", "aioimaplib-2.0"),
    program("curl", "imap", "curl-7.88"),
    program("curl", "pop3", "curl-7.88"),
    // Its setting that is called opportunistic in the recordings, `no-cram-md5` and `starttls`, insists on TLS.
    Program {
        client: "fdm",
        protocol: "imap",
        profile: "fdm-1.9",
        settings: &[
            ("opportunistic", &["client.tls=required"]),
            ("forbidden", &["client.tls=never"]),
            ("implicit", &["client.port=tls-first"]),
        ],
    },
    Program {
        client: "fdm",
        protocol: "pop3",
        profile: "fdm-1.9",
        settings: &[("opportunistic", &["client.tls=required"])],
    },
    Program { client: "fetchmail", protocol: "imap", profile: "fetchmail-6.4", settings: FETCHMAIL },
    Program { client: "fetchmail", protocol: "pop3", profile: "fetchmail-6.4", settings: FETCHMAIL },
    program("cyrus-imtest", "imap", "imtest-3.6"),
    program("cyrus-imtest", "pop3", "imtest-3.6"),
    program("getmail6", "imap", "getmail-6.18"),
    program("getmail6", "pop3", "getmail-6.18"),
    program("npm-poplib", "pop3", "node-poplib-0.1"),
    Program { client: "openssl-s_client", protocol: "imap", profile: "s-client-3.0", settings: S_CLIENT },
    Program { client: "openssl-s_client", protocol: "pop3", profile: "s-client-3.0", settings: S_CLIENT },
    program("imap_tools", "imap", "imap-tools-1.16"),
    program("imapclient", "imap", "imapclient-4.1"),
    program("imapflow", "imap", "imapflow-1.0"),
    program("mailutils-frm", "imap", "mailutils-frm-3.15"),
    program("mailutils-frm", "pop3", "mailutils-frm-3.15"),
    program("mbsync", "imap", "mbsync-1.4"),
    program("mutt", "imap", "mutt-2.2"),
    program("mutt", "pop3", "mutt-2.2"),
    program("neomutt", "imap", "neomutt-20220429"),
    program("neomutt", "pop3", "neomutt-20220429"),
    Program {
        client: "node-imap",
        protocol: "imap",
        profile: "node-imap-0.8",
        settings: &[
            ("required", &["client.tls=required"]),
            ("opportunistic", &[]),
            ("opportunistic-if-logindisabled", &["client.tls=if-logindisabled"]),
            ("forbidden", &["client.tls=never"]),
            ("implicit", &["client.port=tls-first"]),
        ],
    },
    program("node-pop3", "pop3", "node-pop3-0.11"),
    program("offlineimap3", "imap", "offlineimap-8.0"),
    // Its script's wish to look at no certificate does not reach the library.
    Program {
        client: "perl-Mail-IMAPClient",
        protocol: "imap",
        profile: "mail-imapclient-3.43",
        settings: &[
            ("required", &["client.tls=required"]),
            ("required-noverify", &["client.tls=required"]),
            ("opportunistic", &[]),
            ("forbidden", &["client.tls=never"]),
            ("implicit", &["client.port=tls-first"]),
        ],
    },
    program("perl-Net-POP3", "pop3", "net-pop3-3.14"),
    program("python3.11", "imap", "imaplib-3.11"),
    // Its script asks once itself before the library does, unless it insists.
    Program {
        client: "python3.11",
        protocol: "pop3",
        profile: "poplib-3.11",
        settings: &[
            ("required", &["client.tls=required"]),
            ("required-noverify", NOVERIFY),
            ("opportunistic", &["client.ask-first=twice"]),
            ("forbidden", &["client.tls=never"]),
            ("implicit", &["client.port=tls-first"]),
        ],
    },
    program("s-nail", "imap", "s-nail-14.9"),
    program("s-nail", "pop3", "s-nail-14.9"),
];

/// The attacks of the lab that do what a mode of the recording relay does, with their switches; `None`: there is none.
fn attack(mode: &str, protocol: &str) -> Option<(Vec<&'static str>, Vec<&'static str>)> {
    Some(match (mode, protocol) {
        ("direct" | "pass", _) => (vec![], vec![]),
        ("strip_starttls", _) => (vec!["strip-capability"], vec!["middle.strip=starttls"]),
        ("strip_logindisabled", _) => (vec!["strip-logindisabled"], vec!["middle.offer=on"]),
        ("force_plain", _) => {
            (vec!["strip-capability"], vec!["middle.strip=starttls+logindisabled", "middle.offer=on"])
        }
        ("preauth", _) => (
            vec!["preauth-greeting"],
            vec!["middle.mailbox-commands=own-account", "middle.preauth-list=with-starttls"],
        ),
        ("resp_inject", _) => (vec!["response-injection"], vec![]),
        ("cmd_inject", _) => (vec!["command-injection"], vec![]),
        ("inject_alert", _) => (vec!["alert-ui-spoof"], vec![]),
        ("cert_swap:selfsigned", _) => (vec!["cert-self-signed"], vec![]),
        ("cert_swap:wronghost", _) => (vec!["cert-wrong-host"], vec![]),
        ("cert_swap:expired", _) => (vec!["cert-expired"], vec![]),
        ("refuse_no", _) => (vec!["fail-starttls"], vec!["middle.answer=no"]),
        ("refuse_bad", _) => (vec!["fail-starttls"], vec!["middle.answer=bad"]),
        _ => return None,
    })
}

/// The facts of the client that must be the same.
const OF_CLIENT: &[&str] = &["starttls_sent", "tls", "commands_in_clear", "credential_in_clear"];

/// The facts that show what the server answered.
const OF_SERVER: &[&str] =
    &["starttls_advertised", "starttls_answer", "logindisabled_advertised", "preauth", "authenticated"];

/// The profile of the server of a session: `-a` took passwords in the clear, `-b` did not.
fn server(entry: &Entry) -> Option<String> {
    let server = entry.truth["server"].as_str().unwrap();
    let (_, variant) = entry.name.rsplit_once(&format!("-{server}-"))?;
    let id = match server {
        "dovecot" => "dovecot-2.3",
        "cyrus" => "cyrus-3.6",
        "mailutils" => "mailutils-3.15",
        "hoodiecrow" => "hoodiecrow-2.1",
        _ => "pymap-0.36",
    };
    let open = variant.starts_with('a') && server != "pymap";
    Some(if open { format!("{id}-open") } else { id.to_owned() })
}

/// The setup of a session, or why there is none.
fn setup(entry: &Entry) -> Result<Setup, String> {
    let text = |field: &str| entry.truth[field].as_str().unwrap();
    let (client, protocol) = (text("client"), entry.protocol());
    let program = PROGRAMS
        .iter()
        .find(|program| program.client == client && program.protocol == protocol)
        .ok_or_else(|| format!("no profile of {client} for {protocol}"))?;
    let setting = text("client_setting");
    let (_, settings) = program
        .settings
        .iter()
        .find(|(name, _)| *name == setting)
        .ok_or_else(|| format!("setting {setting}"))?;
    let (attacks, variants) = attack(text("attack"), protocol)
        .ok_or_else(|| format!("attack {} for {protocol}", text("attack")))?;
    let mut setup = Setup::new(if protocol == "imap" { Protocol::Imap } else { Protocol::Pop3 }).unwrap();
    setup.profile(Side::Client, program.profile).unwrap();
    setup.profile(Side::Server, &server(entry).ok_or("name of the session")?).unwrap();
    for attack in attacks {
        setup.attack(attack).unwrap();
    }
    for set in settings.iter().chain(&variants) {
        setup.set_text(set).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
    }
    Ok(setup)
}

/// Why sessions cannot be the same: their numbers, the facts, and the reason.
const REASONS: &[(&[&str], &[&str], &str)] = &[
    (
        &["0112", "0134", "0306", "0341", "0368", "0608", "0620"],
        &["authenticated"],
        "Dovecot and Mailutils take the injected command for the beginning of the handshake, which fails then",
    ),
    (
        &["0112"],
        &["commands_in_clear"],
        "that handshake fails in the recording, so that NeoMutt leaves in the clear",
    ),
    (
        &["0278", "0351"],
        &["authenticated"],
        "the client takes the injected answer for the beginning of the handshake, which fails then",
    ),
    (
        &["0459"],
        &["authenticated"],
        "hoodiecrow carries out the injected command inside TLS, and the answer to it confuses imaplib",
    ),
    (
        &["0084", "0212", "0252", "0372"],
        &[
            "authenticated",
            "commands_in_clear",
            "logindisabled_advertised",
            "starttls_advertised",
            "starttls_answer",
            "starttls_sent",
            "tls",
        ],
        "the recording relay also sent a capability list of its own behind the greeting",
    ),
    (
        &["0383"],
        &["commands_in_clear"],
        "behind COMPRESS the recorded octets cannot be read, and those of the model can",
    ),
    (
        &["0098", "0273", "0397"],
        &["authenticated"],
        "the client leaves inside a layer that nobody has the keys of",
    ),
    (
        &["0058"],
        &["authenticated"],
        "pymap closes the connection behind the handshake in the recording, and the tool goes by a timer",
    ),
    (
        &["0292"],
        &["commands_in_clear"],
        "the recording relay answers nothing in the clear behind a handshake, so that Mutt waits for the answer to RSET",
    ),
    (
        &["0585"],
        &["commands_in_clear", "starttls_answer", "starttls_sent"],
        "Mailutils lists STARTTLS after the login too",
    ),
];

#[test]
fn every_program_does_what_it_was_recorded_doing() {
    let mut text = String::new();
    let (mut alike, mut used) = (0, BTreeSet::new());
    for entry in &entries() {
        let setup = setup(entry).unwrap_or_else(|why| panic!("{} cannot be run: {why}", entry.name));
        let run = pipeline::simulate(&setup, RuleSet::Today);
        let facts = serde_json::to_value(&run.connections[0].facts).unwrap();
        let expected = expected(&entry.truth);
        let number = entry.name.split('-').next().unwrap();
        let mut same = true;
        for fact in OF_CLIENT.iter().chain(OF_SERVER) {
            if facts[fact] == expected[fact] {
                continue;
            }
            same = false;
            let reason = REASONS.iter().find(|(of, about, _)| of.contains(&number) && about.contains(fact));
            used.extend(reason.map(|_| number.to_owned()));
            let reason = reason.map_or("NOT EXPLAINED", |(.., reason)| reason);
            writeln!(
                text,
                "{}: {fact} is {}, recorded {}: {reason}",
                entry.name, facts[fact], expected[fact]
            )
            .unwrap();
        }
        alike += u32::from(same);
    }
    writeln!(text, "\n{alike} sessions alike").unwrap();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("programs", text);
    });
    assert!(!text.contains("NOT EXPLAINED"), "{text}");
    let named = REASONS.iter().flat_map(|(of, ..)| of.iter());
    let idle: Vec<_> = named.filter(|number| !used.contains(**number)).collect();
    assert!(idle.is_empty(), "reasons that explain nothing: {idle:?}");
}
