//! Every family of attacks, held to its own predicate: the deciding weakness wrong, and it succeeds; right, and it does
//! not. Nothing here looks at a rule.

use crate::attack::{self, Attack, Deciding};
use crate::base::{Hop, Protocol, Side};
use crate::harm;
use crate::sim::{self, Setup};

/// The compliant pair with what an entry gives, and more on top.
fn pair(protocol: Protocol, attack: &Attack, entry: &Deciding, more: &[&str]) -> Setup {
    let mut setup = Setup::new(protocol).unwrap();
    setup.profile(Side::Client, "private").unwrap();
    setup.profile(Side::Server, "strict").unwrap();
    setup.attack(attack.id).unwrap();
    for text in entry.given.iter().chain(more) {
        setup.set_text(text).unwrap_or_else(|error| panic!("{} {text}: {error}", attack.id));
    }
    setup
}

fn succeeds(attack: &Attack, setup: &Setup) -> bool {
    let run = sim::run(setup);
    assert!(!run.limit_reached, "{}", attack.id);
    !(attack.success.find)(&run.connections, &run.planted).is_empty()
}

/// What no switch prevents, and why.
const UNPREVENTED: &[&str] = &["logindisabled-injection"];

#[test]
fn the_deciding_weakness_decides() {
    let mut wrong = Vec::new();
    for attack in attack::ALL {
        for &protocol in attack.protocols {
            let entries = attack.deciding.iter().filter(|entry| entry.protocols.contains(&protocol));
            assert!(
                entries.clone().next().is_some(),
                "{} has nothing that decides in {protocol:?}",
                attack.id
            );
            for entry in entries {
                let named = format!("{} {} {:?}", protocol.id(), attack.id, entry.wrong);
                if !succeeds(attack, &pair(protocol, attack, entry, entry.wrong)) {
                    wrong.push(format!("{named}: fails although the weakness is there"));
                }
                let prevented = !succeeds(attack, &pair(protocol, attack, entry, entry.right));
                if prevented == UNPREVENTED.contains(&attack.id) {
                    wrong.push(format!("{named}: right, prevented: {prevented}"));
                }
                // Every part of a weakness is needed for it.
                for (number, _) in entry.wrong.iter().enumerate().filter(|_| entry.wrong.len() > 1) {
                    let mut less = entry.right.to_vec();
                    less.extend(
                        entry.wrong.iter().enumerate().filter(|(n, _)| *n != number).map(|(_, w)| *w),
                    );
                    if succeeds(attack, &pair(protocol, attack, entry, &less)) {
                        wrong.push(format!("{named}: {} is not needed", entry.wrong[number]));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_only_listens_leaves_every_octet_as_it_was() {
    for protocol in Protocol::ALL {
        let listeners = attack::ALL.iter().filter(|a| {
            a.switches.is_empty() && a.about.contains("hanges nothing")
                || a.about.contains("Nothing is changed")
        });
        for attack in listeners.filter(|attack| attack.protocols.contains(&protocol)) {
            for client in ["private", "opportunistic", "careless"] {
                let mut setup = Setup::new(protocol).unwrap();
                setup.profile(Side::Client, client).unwrap();
                let alone = sim::run(&setup);
                setup.attack(attack.id).unwrap();
                let heard = sim::run(&setup);
                assert_eq!(alone.connections.len(), heard.connections.len());
                for (alone, heard) in alone.connections.iter().zip(&heard.connections) {
                    for from in Side::BOTH {
                        for hop in [Hop::Client, Hop::Server] {
                            assert_eq!(alone.tape(hop, from), heard.tape(hop, from), "{}", attack.id);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn logindisabled_stops_no_active_attack() {
    let passive = ["eavesdropper", "cleartext-login"];
    for attack in attack::ALL.iter().filter(|attack| !passive.contains(&attack.id)) {
        for entry in attack.deciding.iter().filter(|entry| entry.protocols.contains(&Protocol::Imap)) {
            let told = entry.given.contains(&"server.logindisabled=off");
            if told || attack.id == "client-pipelining" {
                continue;
            }
            // The entry leaves LOGINDISABLED on, and the attack wins.
            let setup = pair(Protocol::Imap, attack, entry, entry.wrong);
            assert!(succeeds(attack, &setup), "{} {:?}", attack.id, entry.wrong);
        }
    }
    // Where an attack alone leaves LOGINDISABLED standing, stripping it as well is all that it takes.
    for id in ["fail-starttls", "fake-tls-active", "break-handshake", "disrupt-tls-session", "bye-close"] {
        let attack = attack::find(id).unwrap();
        let entry = attack.deciding.iter().find(|entry| {
            entry.protocols.contains(&Protocol::Imap) && entry.wrong.contains(&"client.tls=opportunistic")
        });
        let entry = entry.unwrap_or_else(|| panic!("{id}"));
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.profile(Side::Client, "private").unwrap();
        setup.attack("strip-logindisabled").unwrap();
        setup.attack(id).unwrap();
        for text in entry.wrong {
            setup.set_text(text).unwrap();
        }
        assert!(succeeds(attack, &setup), "{id} and strip-logindisabled against LOGINDISABLED");
    }
}

#[test]
fn tls_before_the_first_octet_ends_every_attack_on_the_clear_phase() {
    // The server itself learns the password, or a session that works is damaged: not the clear phase.
    let others = [
        "password-to-server",
        "disrupt-tls-session",
        "logindisabled-injection",
        "client-cert-leak",
        "external-fallback",
    ];
    // The attacker is a client himself: by which port the victim comes is nothing to him.
    let own_visits = [
        "cleartext-validity-oracle",
        "password-spraying",
        "plain-authzid-misuse",
        "plain-malformed",
        "user-enumeration",
    ];
    for protocol in [Protocol::Imap, Protocol::Pop3] {
        for attack in attack::ALL.iter().filter(|attack| attack.protocols.contains(&protocol)) {
            let entries = attack.deciding.iter().filter(|entry| entry.protocols.contains(&protocol));
            let clear_phase = !others.contains(&attack.id)
                && !own_visits.contains(&attack.id)
                && ![
                    "cert-",
                    "dns-",
                    "tls-",
                    "unauth-",
                    "cipher-",
                    "referral-",
                    "cross-",
                    "implicit-",
                    "autodetect-",
                ]
                .iter()
                .any(|family| attack.id.starts_with(family));
            // Who does not look at the result does not look at it on that port either.
            let blind = "client.ignore-tls-result=on";
            for entry in entries.filter(|entry| clear_phase && !entry.wrong.contains(&blind)) {
                let choice = entry.given.iter().chain(entry.wrong).any(|set| set.starts_with("client.port="));
                let wrong = [entry.wrong, &["client.port=tls-first", "client.retry=never"]].concat();
                assert!(
                    choice || !succeeds(attack, &pair(protocol, attack, entry, &wrong)),
                    "{protocol:?} {} {:?}",
                    attack.id,
                    entry.wrong
                );
            }
        }
    }
}

#[test]
fn a_password_that_is_stored_as_the_attackers_message_is_lost() {
    let lost = |more: &str| {
        let words = "imap client=private server=strict attack=command-injection middle.injected=store";
        let run = sim::run(&Setup::from_words(&format!("{words} {more}")).unwrap());
        let credential = harm::ALL.iter().find(|harm| harm.id == "credential").unwrap();
        (credential.find)(&run.connections, &run.planted).first().map(|done| done.message)
    };
    // Who asks for the capabilities first has its question stored in place of the password.
    assert_eq!(lost("server.keeps-buffer=on"), None);
    assert_eq!(lost("client.no-capability-after-tls=on"), None);
    let stored = lost("server.keeps-buffer=on client.no-capability-after-tls=on");
    assert_eq!(stored, Some("The server stored the password in a mailbox of the attacker."));
}
