//! Every attack against every pair of profiles in every protocol, as one table for each; what changes nothing is left
//! out. The native test and the one in the browser both build
//! it and compare it with `tests/snapshots/grid.txt`, so a difference between the two targets cannot hide.

use starttls_lab::pipeline::report::{self, Entry, Field, Kind};
use starttls_lab::pipeline::{self, Outcome, Protocol, RuleSet, Setup, Side, Simulated, over_run};

/// The stored table.
pub const STORED: &str = include_str!("../snapshots/grid.txt");

/// What stands in the middle, and which of its switches are set.
pub struct Middle {
    pub attacks: Vec<&'static str>,
    pub set: Vec<String>,
}

impl Middle {
    fn name(&self) -> String {
        let attacks = if self.attacks.is_empty() { "none".to_owned() } else { self.attacks.join(" + ") };
        let set = self.set.iter().map(|set| format!(" {}", set.trim_start_matches("middle.")));
        attacks + &set.collect::<String>()
    }
}

/// Nobody, each attack of a protocol, each of its variants, and the four that strip and refuse together.
pub fn middles(protocol: Protocol) -> Vec<Middle> {
    let mut middles = vec![Middle { attacks: vec![], set: vec![] }];
    let mut attacks = pipeline::list(Kind::Attacks);
    attacks.retain(|attack| texts(attack, "protocols").contains(&protocol.id()));
    let switches = pipeline::list(Kind::Switches);
    for attack in &attacks {
        let own = texts(attack, "switches");
        middles.push(Middle { attacks: vec![attack.id], set: vec![] });
        for switch in
            switches.iter().filter(|switch| text(switch, "owner") == "middle" && own.contains(&switch.id))
        {
            let of = texts(switch, "attacks");
            for value in texts(switch, "values").into_iter().skip(1).filter(|_| of.contains(&attack.id)) {
                middles.push(Middle {
                    attacks: vec![attack.id],
                    set: vec![format!("middle.{}={value}", switch.id)],
                });
            }
        }
    }
    let together = ["break-handshake", "fail-starttls", "strip-capability", "strip-logindisabled"];
    let known = together.into_iter().filter(|id| attacks.iter().any(|attack| attack.id == *id));
    middles.push(Middle { attacks: known.collect(), set: vec![] });
    middles
}

/// The ids of the profiles of one side in a protocol.
pub fn profiles(protocol: Protocol, side: Side) -> Vec<&'static str> {
    let mut all = pipeline::list(Kind::Profiles);
    all.retain(|profile| {
        text(profile, "kind") == "pattern"
            && text(profile, "side") == side.name()
            && texts(profile, "protocols").contains(&protocol.id())
    });
    all.iter().map(|profile| profile.id).collect()
}

/// Every setup of a protocol's grid, in order: client, server, middle.
pub fn setups(protocol: Protocol) -> Vec<(Middle, Setup)> {
    let mut setups = Vec::new();
    for client in profiles(protocol, Side::Client) {
        for server in profiles(protocol, Side::Server) {
            for middle in middles(protocol) {
                let mut setup = Setup::new(protocol).unwrap();
                setup.profile(Side::Client, client).unwrap();
                setup.profile(Side::Server, server).unwrap();
                for attack in &middle.attacks {
                    setup.attack(attack).unwrap();
                }
                for set in &middle.set {
                    setup.set_text(set).unwrap();
                }
                setups.push((middle, setup));
            }
        }
    }
    setups
}

/// The tables. `breathe` is awaited before each pair of profiles: a browser that hears nothing for long takes its page
/// for dead.
pub async fn table(mut breathe: impl AsyncFnMut()) -> String {
    let mut digest = Digest::default();
    let mut text = String::new();
    for protocol in Protocol::ALL {
        text.push_str(&of_protocol(protocol, &mut digest, &mut breathe).await);
    }
    text.push_str(&format!("all reports as JSON: FNV-1a {:016x}\n", digest.0));
    text
}

/// One row for each thing that comes out of a pair of profiles, with all the middles that bring it about; what comes out
/// with nobody in between comes first, and attacks that change nothing about it are not named.
async fn of_protocol(protocol: Protocol, digest: &mut Digest, breathe: &mut impl AsyncFnMut()) -> String {
    let mut rows =
        vec![["client", "server", "harm", "client breaks", "server breaks", "attack"].map(str::to_owned)];
    let mut pair = 0;
    for (middle, setup) in setups(protocol) {
        if middle.attacks.is_empty() {
            breathe().await;
        }
        let run = pipeline::simulate(&setup, RuleSet::Today);
        let harms: Vec<_> = run.harms.iter().chain(&run.denied).map(|done| done.harm.id).collect();
        let row = [
            setup.client.0.id.clone().into_owned(),
            setup.server.0.id.clone().into_owned(),
            dash(&harms),
            dash(&broken(&run, Side::Client)),
            dash(&broken(&run, Side::Server)),
            middle.name(),
        ];
        if middle.attacks.is_empty() {
            pair = rows.len();
        }
        match rows[pair..].iter_mut().position(|known| known[..5] == row[..5]) {
            None => rows.push(row),
            Some(0) => {}
            Some(same) => {
                let attacks = &mut rows[pair + same][5];
                attacks.push_str(", ");
                attacks.push_str(&row[5]);
            }
        }
        let mut json = String::new();
        (report::find("json").unwrap().writer)().run(&mut json, &run.record(RuleSet::Today));
        digest.add(json.as_bytes());
    }
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.len().max(*width);
        }
    }
    widths[5] = 0;
    let mut text = format!("{}\n\n", protocol.title());
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text.push('\n');
    text
}

/// The ids of the rules that a side broke.
pub fn broken(run: &Simulated, side: Side) -> Vec<&'static str> {
    let all = over_run(&run.connections).into_iter().map(|over| over.verdict);
    all.filter(|verdict| verdict.outcome == Outcome::Fail && verdict.side == side)
        .map(|verdict| verdict.rule.id)
        .collect()
}

fn dash(words: &[&str]) -> String {
    if words.is_empty() { "-".to_owned() } else { words.join(" ") }
}

/// The text of an entry's field.
pub fn text(entry: &Entry, name: &str) -> String {
    match field(entry, name) {
        Some(Field::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The texts of an entry's field.
pub fn texts<'a>(entry: &'a Entry, name: &str) -> Vec<&'a str> {
    match field(entry, name) {
        Some(Field::List(texts)) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn field<'a>(entry: &'a Entry, name: &str) -> Option<&'a Field> {
    entry.fields.iter().find(|(known, _)| *known == name).map(|(_, field)| field)
}

struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Digest {
    fn add(&mut self, octets: &[u8]) {
        for &octet in octets {
            self.0 = (self.0 ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}
