//! The experiments: for each requirement on what a party can be set to, the runs that show it.

use super::{Bench, Found, Ran, SHOWN};
use crate::base::{Layer, Protocol, Side};
use crate::rules::Outcome;
use crate::tls::suites::{self, Strength};
use crate::trace::Verb;
use std::borrow::Cow;

/// The runs for one rule.
pub(super) struct Experiment {
    /// The rule.
    pub rule: &'static str,
    /// Runs them; nothing where the rule's own verdicts over all runs say it.
    pub run: fn(&Bench<'_>, &[Ran]) -> Option<Found>,
}

/// The experiment for a rule.
pub(super) fn find(rule: &str) -> Option<&'static Experiment> {
    ALL.iter().find(|experiment| experiment.rule == rule)
}

macro_rules! experiments {
    ($($rule:literal => $run:expr,)*) => {
        static ALL: &[Experiment] = &[$(Experiment { rule: $rule, run: $run }),*];
    };
}

experiments! {
    "A01" => suite_of_1999,
    "A02" => private_mode,
    "A03" => |bench, _| (bench.side == Side::Server).then(|| old_mode(bench)),
    "A04" => refusal,
    "A05" => |bench, _| Some(per_user(bench)),
    "A15" => |bench, _| Some(lists_logindisabled(bench)),
    "A20" => weak,
    "B03" => weak,
    "B37" => |bench, _| Some(no_password_shown(bench)),
    "P3S03" => |bench, _| Some(certificate_only(bench)),
    "S-8314-deprecate" => |bench, _| Some(clear_text_gone(bench)),
    "S-9051-both" => |bench, _| Some(both_ways(bench)),
    "S-9325-nofallback" => |bench, battery| Some(no_fallback(bench, battery)),
    "S-9325-strict" => private_mode,
    "SEC02" => |bench, _| Some(login_ruled_out(bench)),
    "SEC16" => refusal,
    "UNA25" => |bench, _| Some(unauthenticate_off(bench)),
}

/// What takes the offer of TLS away or breaks it.
const HARD: &[&str] = &["", "attack=strip-capability", "attack=fail-starttls", "attack=break-handshake"];

/// Another user tries a wrong password and then the right one, outside TLS.
const TRIES: &str = "attack=cleartext-validity-oracle";

fn found(outcome: bool, message: impl Into<Cow<'static, str>>, runs: Vec<String>) -> Found {
    let mut runs = runs;
    runs.truncate(SHOWN);
    Found { outcome: if outcome { Outcome::Pass } else { Outcome::Fail }, message: message.into(), runs }
}

/// The words that switch the party's refusal on.
fn mode(bench: &Bench<'_>, on: bool) -> &'static str {
    match (bench.side, bench.setup.protocol.protocol, on) {
        (Side::Client, _, true) => "client.tls=required",
        (Side::Client, _, false) => "client.tls=opportunistic",
        (Side::Server, Protocol::Imap, true) => "server.logindisabled=on server.mechanisms=plain",
        (Side::Server, Protocol::Imap, false) => "server.logindisabled=off",
        (Side::Server, _, true) => "server.clear-text=refused server.mechanisms=plain",
        (Side::Server, Protocol::Pop3, false) => "server.clear-text=accepted",
        // ACAP has no other password command: old clients find it only where it is listed.
        (Side::Server, Protocol::Acap, false) => "server.clear-text=accepted server.plain-before-tls=on",
    }
}

/// The other party that has the least against a login outside TLS.
fn other(bench: &Bench<'_>) -> &'static str {
    match bench.side {
        Side::Client => "server=open",
        Side::Server => "client=careless",
    }
}

/// Runs with the mode on, under all that takes TLS away: `leaks` must stay false. And one with the mode off, which shows
/// that the mode is what keeps it.
fn mode_holds(bench: &Bench<'_>, leaks: fn(&Ran) -> bool) -> Found {
    let words = |on, attack: &str| format!("{} {attack} {}", other(bench), mode(bench, on));
    let tries = (bench.side == Side::Server && bench.has(TRIES)).then_some(&TRIES);
    let on: Vec<_> = HARD.iter().chain(tries).map(|attack| bench.run(&words(true, attack))).collect();
    let broken: Vec<_> = on.iter().filter(|ran| leaks(ran)).map(|ran| ran.words.clone()).collect();
    if !broken.is_empty() {
        return found(false, "The mode is on, and a login goes through outside TLS all the same.", broken);
    }
    let off = bench.run(&words(false, "attack=strip-capability"));
    let tried = on.last().filter(|_| tries.is_some()).is_some_and(|ran| ran.tried_in_clear() == (2, 0));
    let message = if tried {
        "With the mode on nothing goes through outside TLS, whatever takes TLS away, and a right password of another user no more than a wrong one."
    } else if leaks(&off) {
        "With the mode on nothing goes through outside TLS, whatever takes TLS away; with it off, it does."
    } else {
        "With the mode on nothing goes through outside TLS, whatever takes TLS away; with it off neither."
    };
    let runs = on.into_iter().take(2).chain([off]).map(|ran| ran.words).collect();
    found(true, message, runs)
}

fn private_mode(bench: &Bench<'_>, _: &[Ran]) -> Option<Found> {
    Some(match bench.side {
        Side::Client => mode_holds(bench, Ran::sent_login_in_clear),
        Side::Server => mode_holds(bench, |ran| ran.granted_in_clear(false)),
    })
}

fn refusal(bench: &Bench<'_>, _: &[Ran]) -> Option<Found> {
    Some(match bench.side {
        Side::Client => mode_holds(bench, |ran| ran.showed_secret(false)),
        Side::Server => mode_holds(bench, |ran| ran.granted_in_clear(true)),
    })
}

fn old_mode(bench: &Bench<'_>) -> Found {
    let ran = bench.run(&format!(
        "client=opportunistic attack=strip-capability {} server.mechanisms=plain+cram-md5",
        mode(bench, false)
    ));
    let works = ran.granted_in_clear(false);
    let message = if works {
        "Set for old clients, the server lets them log in without TLS."
    } else {
        "No setting lets a client log in without TLS."
    };
    found(works, message, vec![ran.words])
}

fn per_user(bench: &Bench<'_>) -> Found {
    let refusing = bench.run("client=careless attack=strip-capability");
    // As it is set: somebody who found no offer may be let in all the same.
    let unasked = bench.has(TRIES).then(|| bench.run(&format!("client=private {TRIES}")));
    let lets_in = unasked.as_ref().is_some_and(|ran| ran.tried_in_clear().1 > 0);
    if !refusing.granted_in_clear(true) && !lets_in {
        let message = "The server takes no password outside TLS from anybody, so that there is nothing to refuse to single users.";
        let runs = [Some(refusing), unasked].into_iter().flatten().map(|ran| ran.words);
        return found(true, message, runs.collect());
    }
    let single = format!(
        "client=careless attack=strip-capability {} server.refuse-clear-for=this-account",
        mode(bench, false)
    );
    let single = bench.run(&single);
    // The same setting, and another user who tries a wrong and the right password.
    let other = bench.has(TRIES).then(|| {
        bench.run(&format!(
            "client=private {TRIES} {} server.refuse-clear-for=this-account",
            mode(bench, false)
        ))
    });
    let granted = other.as_ref().map(Ran::tried_in_clear);
    let works = !single.granted_in_clear(true) && granted.is_none_or(|(_, granted)| granted > 0);
    let message = if works && granted == Some((2, 1)) {
        "One user is refused outside TLS with the right password; another one is let in by the right password and not by a wrong one."
    } else if works {
        "One user is refused outside TLS while others are not."
    } else {
        "The server takes passwords outside TLS and cannot refuse them to single users."
    };
    let taking = if refusing.granted_in_clear(true) { Some(refusing) } else { unasked };
    let runs = [taking, Some(single), other].into_iter().flatten().map(|ran| ran.words);
    found(works, message, runs.collect())
}

fn lists_logindisabled(bench: &Bench<'_>) -> Found {
    // A switch that was set by hand stays: what it is set to is what it is able to.
    let ran = bench.run("client=private");
    let listed = ran
        .legs(Side::Server)
        .any(|leg| leg.lists().any(|(at, list)| at.layer == Layer::Clear && list.login_disabled()));
    let message = if listed {
        "The server lists LOGINDISABLED outside TLS."
    } else {
        "The server does not list LOGINDISABLED."
    };
    found(listed, message, vec![ran.words])
}

/// Suites and mechanisms that should not be, offered by the other end.
fn weak(bench: &Bench<'_>, _: &[Ran]) -> Option<Found> {
    let words = match bench.side {
        Side::Client => {
            "server=open server.weak-tls=preferred server.mechanisms=all client.minimum-mechanism=no-password client.auth=auto"
        }
        Side::Server => "client=private client.weak-tls=on",
    };
    let ran = bench.run(words);
    let weak_suite = ran.legs(bench.side).any(|leg| {
        let suite = leg.tls_up().and_then(|(_, facts)| facts.cipher.as_deref().and_then(suites::find));
        suite.is_some_and(|suite| suite.strength < Strength::Strong)
    });
    let shown = bench.side == Side::Client && ran.showed_secret(true);
    let message = match (weak_suite, shown) {
        (true, _) => "A weak suite is used although the party is set to the best that it can be.",
        (_, true) => "A mechanism that shows the password is used although it is ruled out.",
        _ => "Neither a weak suite nor a weak mechanism is used, although the other end offers them.",
    };
    Some(found(!weak_suite && !shown, message, vec![ran.words]))
}

fn no_password_shown(bench: &Bench<'_>) -> Found {
    let runs: Vec<_> = [
        "server=open server.mechanisms=all",
        "server=open server.mechanisms=plain",
        "server=open attack=strip-capability",
    ]
    .iter()
    .map(|words| bench.run(&format!("{words} client.minimum-mechanism=no-password client.auth=auto")))
    .collect();
    let shown: Vec<_> =
        runs.iter().filter(|ran| ran.showed_secret(true)).map(|ran| ran.words.clone()).collect();
    if shown.is_empty() {
        return found(
            true,
            "With the mode on, no password is shown to the server.",
            runs.into_iter().map(|ran| ran.words).collect(),
        );
    }
    found(false, "The mode is on, and the client shows its password all the same.", shown)
}

fn certificate_only(bench: &Bench<'_>) -> Found {
    let ran = bench.run("server=strict client.auth=external client.client-certificate=this-account");
    let shown = ran.showed_secret(true);
    let message = if shown {
        "Told to log in by its certificate, the client sends a password when that is not taken."
    } else {
        "Told to log in by its certificate, the client sends no password when that is not taken."
    };
    found(!shown, message, vec![ran.words])
}

fn clear_text_gone(bench: &Bench<'_>) -> Found {
    let ran = bench.run("client=opportunistic attack=strip-capability");
    let granted = ran.granted_in_clear(false);
    let message = if granted {
        "As it is set, the server lets clients log in outside TLS."
    } else {
        "As it is set, the server lets nobody log in outside TLS."
    };
    found(!granted, message, vec![ran.words])
}

fn both_ways(bench: &Bench<'_>) -> Found {
    let (other, side) = match bench.side {
        Side::Client => ("server=strict", Side::Client),
        Side::Server => ("client=private", Side::Server),
    };
    let ways =
        ["client.port=upgrade", "client.port=tls-first"].map(|port| bench.run(&format!("{other} {port}")));
    let failed: Vec<_> =
        ways.iter().filter(|ran| !ran.logged_in_inside(side)).map(|ran| ran.words.clone()).collect();
    if failed.is_empty() {
        return found(true, "Both ways lead to a login inside TLS.", ways.map(|ran| ran.words).to_vec());
    }
    found(false, "One of the two ways does not lead to a login inside TLS.", failed)
}

fn no_fallback(bench: &Bench<'_>, battery: &[Ran]) -> Found {
    let version = |ran: &Ran| {
        ran.legs(Side::Client).filter_map(|leg| leg.tls_up().and_then(|(_, facts)| facts.version)).last()
    };
    let Some(usual) = battery.first().and_then(version) else {
        return Found {
            outcome: Outcome::CannotTell,
            message: "Without anybody in the middle no layer comes up.".into(),
            runs: Vec::new(),
        };
    };
    let spoilt = ["attack=break-handshake", "attack=tls-version-downgrade"]
        .map(|attack| bench.run(&format!("server=strict {attack} server.weak-tls=on")));
    let older: Vec<_> = battery
        .iter()
        .chain(&spoilt)
        .filter(|ran| version(ran).is_some_and(|version| version < usual))
        .map(|ran| ran.words.clone())
        .collect();
    if older.is_empty() {
        let runs = spoilt.iter().map(|ran| ran.words.clone()).collect();
        return found(true, "No spoilt handshake is followed by one with an older version.", runs);
    }
    found(false, "After a spoilt handshake the client uses an older version.", older)
}

fn login_ruled_out(bench: &Bench<'_>) -> Found {
    let runs: Vec<_> = ["server=strict", "server=open", "server=open attack=strip-capability"]
        .iter()
        .map(|words| bench.run(&format!("{words} client.auth=scram-sha-256 server.mechanisms=plain")))
        .collect();
    let sent = |ran: &&Ran| ran.legs(Side::Client).any(|leg| leg.commands_of(Verb::Login).next().is_some());
    let broken: Vec<_> = runs.iter().filter(sent).map(|ran| ran.words.clone()).collect();
    if broken.is_empty() {
        let words = runs.into_iter().map(|ran| ran.words).collect();
        return found(
            true,
            "Told to use another way, the client never sends LOGIN, also where nothing else is left.",
            words,
        );
    }
    found(false, "Told to use another way, the client sends LOGIN all the same.", broken)
}

/// The other end has nothing but the suite.
fn suite_of_1999(bench: &Bench<'_>, _: &[Ran]) -> Option<Found> {
    let words = match bench.side {
        Side::Client => "server=strict server.suites=rfc2595 client.suites=rfc2595",
        Side::Server => "client=private client.suites=rfc2595 server.suites=rfc2595",
    };
    let ran = bench.run(words);
    let used = ran
        .legs(bench.side)
        .any(|leg| leg.tls_up().is_some_and(|(_, facts)| facts.cipher.as_deref() == Some(suites::OF_1999)));
    let message = if used {
        "With an end that has nothing else, the suite of RFC 2595 is used; today's documents advise against it."
    } else {
        "With an end that has nothing but the suite of RFC 2595, no layer comes up."
    };
    Some(found(used, message, vec![ran.words]))
}

fn unauthenticate_off(bench: &Bench<'_>) -> Found {
    let listed =
        |ran: &Ran| ran.legs(Side::Server).any(|leg| leg.lists().any(|(_, list)| list.has("UNAUTHENTICATE")));
    let off = bench.run("client=private server.unauthenticate=off");
    let message = if listed(&off) {
        "UNAUTHENTICATE is listed although it is switched off."
    } else {
        "Switched off, UNAUTHENTICATE is not listed."
    };
    found(!listed(&off), message, vec![off.words])
}
