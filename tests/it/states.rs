//! The lists of states, held to what the machines do.

use starttls_lab::base::{Party, Protocol, Seed, Side, Tick};
use starttls_lab::proto::{self, Input, Machine, Output, ProtocolRecord};
use starttls_lab::sim::{self, Setup};
use starttls_lab::trace::{EventKind, Note, Trace};
use std::collections::BTreeSet;

type Moves = BTreeSet<(&'static str, Side, &'static str, &'static str)>;

#[test]
fn names_are_unique_and_moves_lead_somewhere() {
    for record in proto::ALL {
        for side in Side::BOTH {
            let diagram = (record.diagram)(side);
            assert_eq!(diagram.side, side);
            let names: BTreeSet<_> = diagram.states.iter().map(|stage| stage.name).collect();
            assert_eq!(names.len(), diagram.states.len());
            let mut pairs = BTreeSet::new();
            for step in diagram.moves {
                assert!(names.contains(step.from) && names.contains(step.to), "{} to {}", step.from, step.to);
                assert!(pairs.insert((step.from, step.to)), "{} to {} stands twice", step.from, step.to);
                assert!(!step.on.is_empty() && step.from != step.to);
            }
            // Everything is reached from the first state, and only the last one is left by nothing.
            let mut reached: BTreeSet<_> = diagram.states.iter().map(|stage| stage.name).take(1).collect();
            while let Some(more) =
                diagram.moves.iter().find(|m| reached.contains(m.from) && !reached.contains(m.to))
            {
                reached.insert(more.to);
            }
            assert_eq!(reached, names);
            let last = diagram.states.last().unwrap().name;
            assert!(diagram.states.iter().all(|s| s.about.ends_with('.')
                && (s.name == last) != diagram.moves.iter().any(|m| m.from == s.name)));
        }
    }
}

/// All that a machine does in runs of every kind is in its list, and but for the moves named here all that is in the
/// list is done.
#[test]
fn every_move_of_every_run_is_in_the_list() {
    let mut seen = Moves::new();
    let mut at_once = Moves::new();
    for record in proto::ALL {
        for setup in setups(record) {
            // Who stands in the middle can put several answers into one segment, and a machine then makes several moves.
            let into = if setup.attacks.is_empty() { &mut seen } else { &mut at_once };
            moves(record, &sim::run(&setup).connections, into);
        }
    }
    for (protocol, script) in SCRIPTS {
        driven(*protocol, script, &mut seen);
    }
    for step in at_once {
        let (id, side, from, to) = step;
        let record = proto::ALL.iter().find(|record| record.protocol.id() == id).unwrap();
        let diagram = (record.diagram)(side);
        let by_way = |mid: &str| diagram.allows(from, mid) && diagram.allows(mid, to);
        if diagram.allows(from, to) || !diagram.states.iter().any(|stage| by_way(stage.name)) {
            seen.insert(step);
        }
    }
    // The other side may hang up at any time: that needs no arrow.
    let unlisted: Vec<_> = seen
        .iter()
        .filter(|(id, side, from, to)| {
            let record = proto::ALL.iter().find(|record| record.protocol.id() == *id).unwrap();
            let diagram = (record.diagram)(*side);
            !diagram.allows(from, to) && diagram.states.last().unwrap().name != *to
        })
        .collect();
    // No client of ours names a user before it asks for TLS.
    let idle: Moves = [("pop3", Side::Server, "handshake", "user named")].into_iter().collect();
    let mut undone = Moves::new();
    for record in proto::ALL {
        for side in Side::BOTH {
            for step in (record.diagram)(side).moves {
                undone.insert((record.protocol.id(), side, step.from, step.to));
            }
        }
    }
    undone.retain(|step| !seen.contains(step));
    assert_eq!((unlisted, undone), (Vec::new(), idle));
}

/// Every profile against every profile, every switch by itself, and every attack.
fn setups(record: &ProtocolRecord) -> Vec<Setup> {
    let base = Setup::new(record.protocol).unwrap();
    let mut parties = vec![base.clone()];
    for client in (record.profiles)(Side::Client) {
        for server in (record.profiles)(Side::Server) {
            let mut setup = base.clone();
            setup.profile(Side::Client, &client.id).unwrap();
            setup.profile(Side::Server, &server.id).unwrap();
            parties.push(setup);
        }
    }
    for side in Side::BOTH {
        for switch in (record.switches)(side) {
            for value in &switch.values[1..] {
                for loose in [false, true] {
                    let mut setup = base.clone();
                    if loose {
                        setup.profile(Side::Client, "careless").unwrap();
                        setup.profile(Side::Server, "careless").unwrap();
                    }
                    setup.set(Party::from(side), switch.id, value).unwrap();
                    parties.push(setup);
                }
            }
        }
    }
    // One connection for two users.
    for behind in ["off", "on"] {
        let mut setup = base.clone();
        let behind = format!("client.login-behind-unauthenticate={behind}");
        let words = ["client.work=second-user", "server.unauthenticate=on", &behind];
        if words.iter().all(|set| setup.set_text(set).is_ok()) {
            parties.push(setup);
        }
    }
    let attacks = starttls_lab::attack::ALL.iter().filter(|a| a.protocols.contains(&record.protocol));
    let attacks: Vec<_> = attacks.map(|attack| attack.id).collect();
    let mut all = parties.clone();
    let mut careless = base.clone();
    careless.profile(Side::Client, "careless").unwrap();
    careless.profile(Side::Server, "careless").unwrap();
    let mut strict = base.clone();
    strict.profile(Side::Client, "private").unwrap();
    let faulty = [("retry", "in-clear"), ("ignore-tls-result", "on")].map(|(id, value)| {
        let mut setup = base.clone();
        setup.set(Party::Client, id, value).unwrap();
        setup
    });
    for setup in [base, careless, strict].into_iter().chain(faulty) {
        for attack in &attacks {
            let mut attacked = setup.clone();
            attacked.attack(attack).unwrap();
            all.push(attacked.clone());
            // No answer is another thing than a refusal.
            if attacked.set(Party::Middle, "answer", "silence").is_ok() {
                all.push(attacked);
            }
        }
    }
    all
}

fn moves(record: &ProtocolRecord, traces: &[Trace], seen: &mut Moves) {
    for side in Side::BOTH {
        let diagram = (record.diagram)(side);
        let mut before: Option<&'static str> = None;
        for trace in traces {
            // The server is a fresh one on each connection.
            before = before.filter(|_| side == Side::Client);
            for event in trace.events().iter().filter(|event| event.from == side) {
                let EventKind::Note(Note::Stage(now)) = event.kind else { continue };
                assert!(diagram.stage(now).is_some(), "{side:?} {now}");
                if let Some(before) = before.filter(|before| *before != now) {
                    seen.insert((record.protocol.id(), side, before, now));
                }
                before = Some(now);
            }
        }
    }
}

/// What the clients' work does without.
const SCRIPTS: &[(Protocol, &[&str])] = &[
    (Protocol::Imap, &[LOGIN, "b IDLE", "DONE", "c SELECT INBOX", "d IDLE", "DONE", "e CLOSE"]),
    (Protocol::Imap, &[LOGIN, "b UNAUTHENTICATE", LOGIN, "c SELECT INBOX", "d UNAUTHENTICATE"]),
    (Protocol::Imap, &["a AUTHENTICATE PLAIN", "*"]),
    (Protocol::Pop3, &["USER tim", "CAPA", "AUTH PLAIN", "*", "USER tim", "STLS"]),
    (Protocol::Acap, &["a AUTHENTICATE \"PLAIN\"", "\"nonsense\""]),
];
const LOGIN: &str = "a LOGIN tim tanstaaftanstaaf";

fn driven(protocol: Protocol, script: &[&str], seen: &mut Moves) {
    let mut server = Driven::new(protocol, &[]);
    for line in script {
        let before = server.0.stage();
        server.say(line);
        let now = server.0.stage();
        if before != now {
            seen.insert((protocol.id(), Side::Server, before, now));
        }
    }
}

/// A server that is in a state, and how it answers a command there.
struct Driven(Box<dyn Machine>);

impl Driven {
    fn new(protocol: Protocol, script: &[&str]) -> Self {
        let mut setup = Setup::new(protocol).unwrap();
        setup.profile(Side::Server, "open").unwrap();
        if protocol == Protocol::Imap {
            setup.set(Party::Server, "unauthenticate", "on").unwrap();
        }
        let account = sim::default_account();
        let record = proto::find(protocol).unwrap();
        let mut driven = Self((record.server)(&account, &setup.server.1, Seed(1)));
        driven.input(Input::Connected);
        for line in script {
            driven.say(line);
        }
        driven
    }

    fn input(&mut self, input: Input<'_>) -> String {
        let mut said = Vec::new();
        for output in self.0.step(Tick(0), input) {
            if let Output::Send(octets) = output {
                said.extend(octets);
            }
        }
        String::from_utf8_lossy(&said).into_owned()
    }

    fn say(&mut self, line: &str) -> String {
        self.input(Input::Octets(format!("{line}\r\n").as_bytes()))
    }
}

/// The servers' answers agree with the lists: a command is taken in a state exactly if it is listed there.
#[test]
fn commands_are_taken_where_they_are_listed_and_nowhere_else() {
    let imap: &[(&str, &[&str])] =
        &[("not authenticated", &[]), ("authenticated", &[LOGIN]), ("selected", &[LOGIN, "b SELECT INBOX"])];
    let commands = [
        "CAPABILITY",
        "NOOP",
        "LOGOUT",
        "ID NIL",
        "LANGUAGE",
        "STARTTLS",
        "LOGIN tim tanstaaftanstaaf",
        "AUTHENTICATE SCRAM-SHA-256",
        "UNAUTHENTICATE",
        "ENABLE CONDSTORE",
        "SELECT INBOX",
        "EXAMINE INBOX",
        "CREATE box",
        "DELETE box",
        "RENAME INBOX box",
        "SUBSCRIBE INBOX",
        "UNSUBSCRIBE INBOX",
        "LIST \"\" *",
        "NAMESPACE",
        "STATUS INBOX (MESSAGES)",
        "LSUB \"\" *",
        "MYRIGHTS INBOX",
        "NOTIFY NONE",
        "CANCELUPDATE \"a1\"",
        "APPEND INBOX {0+}\r\n",
        "IDLE",
        "COMPRESS DEFLATE",
        "CHECK",
        "CLOSE",
        "UNSELECT",
        "EXPUNGE",
        "SEARCH ALL",
        "FETCH 1 FLAGS",
        "STORE 1 +FLAGS (\\Seen)",
        "COPY 1 INBOX",
        "MOVE 1 INBOX",
    ];
    let out_of_state =
        |answer: &str| answer.contains("not in this state") || answer.contains("select a mailbox first");
    agrees(Protocol::Imap, imap, &commands, "x ", &out_of_state);
    let pop3: &[(&str, &[&str])] = &[
        ("authorization", &[]),
        ("user named", &["USER tim"]),
        ("transaction", &["USER tim", "PASS tanstaaftanstaaf"]),
    ];
    let commands = [
        "CAPA",
        "STLS",
        "USER tim",
        "PASS tanstaaftanstaaf",
        "APOP tim 0123456789abcdef0123456789abcdef",
        "AUTH PLAIN",
        "STAT",
        "LIST",
        "UIDL",
        "RETR 1",
        "TOP 1 0",
        "DELE 1",
        "RSET",
        "NOOP",
        "QUIT",
    ];
    agrees(Protocol::Pop3, pop3, &commands, "", &out_of_state);
    let acap: &[(&str, &[&str])] = &[
        ("not authenticated", &[]),
        ("authenticated", &["a AUTHENTICATE \"PLAIN\" {21+}\r\n\0tim\0tanstaaftanstaaf"]),
    ];
    let commands = [
        "STARTTLS",
        "AUTHENTICATE \"SCRAM-SHA-256\"",
        "NOOP",
        "LANG \"en\"",
        "LOGOUT",
        "SEARCH \"/addressbook/\" ALL",
        "STORE (\"/a\" \"b\" \"c\")",
    ];
    agrees(Protocol::Acap, acap, &commands, "x ", &out_of_state);
}

fn agrees(
    protocol: Protocol,
    states: &[(&str, &[&str])],
    commands: &[&str],
    tag: &str,
    out_of_state: &dyn Fn(&str) -> bool,
) {
    let diagram = (proto::find(protocol).unwrap().diagram)(Side::Server);
    let mut wrong = Vec::new();
    for (name, script) in states {
        let listed = diagram.stage(name).unwrap().legal;
        for command in commands {
            let mut server = Driven::new(protocol, script);
            assert_eq!(server.0.stage(), *name, "{script:?}");
            let answer = server.say(&format!("{tag}{command}"));
            let word = command.split([' ', '\r']).next().unwrap();
            if out_of_state(&answer) == listed.contains(&word) {
                wrong.push(format!("{name}: {command}: {answer}"));
            }
        }
        let tried: BTreeSet<_> = commands.iter().map(|c| c.split([' ', '\r']).next().unwrap()).collect();
        for word in listed {
            assert!(tried.contains(word), "{word} is listed and not tried");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join(""));
}
