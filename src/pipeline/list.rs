//! What there is of each kind, read from the registries.

use crate::base::{Party, Profile, Protocol, Side, Switch, SwitchKind};
use crate::proto::{self, ProtocolRecord};
use crate::report::{Entry, Field, Kind};
use crate::rules::Rule;
use crate::{attack, harm, import, rules};

/// The entries of one kind, in the order of their registry.
#[must_use]
pub fn list(kind: Kind) -> Vec<Entry> {
    match kind {
        Kind::Rules => rules::ALL.iter().map(|rule| of_rule(rule)).collect(),
        Kind::Attacks => attack::ALL.iter().map(|attack| of_attack(attack)).collect(),
        Kind::Harms => harm::ALL
            .iter()
            .map(|harm| {
                let kind = if harm.denial { "denial" } else { "gain" };
                entry(harm.id, harm.title, [("about", Field::from(harm.about)), ("kind", kind.into())])
            })
            .collect(),
        Kind::Formats => import::ALL
            .iter()
            .map(|format| entry(format.id, format.title, [("about", Field::from(format.about))]))
            .collect(),
        Kind::Protocols => proto::ALL.iter().map(|record| of_protocol(record)).collect(),
        Kind::Switches => switches(),
        Kind::Profiles => {
            let all = proto::ALL.iter().flat_map(|record| {
                let sides = Side::BOTH.into_iter();
                sides.flat_map(move |side| {
                    let generic = (record.profiles)(side).iter().map(|&p| (p, "pattern"));
                    let programs = (record.programs)(side).iter().map(|&p| (p, "program"));
                    generic.chain(programs).map(move |(p, kind)| of_profile(record, p, kind))
                })
            });
            all.collect()
        }
    }
}

fn entry<const N: usize>(id: &'static str, title: &'static str, fields: [(&'static str, Field); N]) -> Entry {
    Entry { id, title, fields: fields.into() }
}

fn protocols(of: &[Protocol]) -> Field {
    of.iter().map(|protocol| protocol.id()).collect()
}

pub(super) fn of_rule(rule: &Rule) -> Entry {
    let mut fields = Vec::new();
    if let Some(row) = rule.requirement() {
        let strongest = row.clauses.iter().max_by_key(|clause| clause.keyword.level());
        let sides = row.sides();
        let side = match sides.as_slice() {
            [one] => one.name(),
            _ => "both",
        };
        fields.extend([
            ("level", strongest.map_or("", |clause| clause.keyword.level().name()).into()),
            ("side", side.into()),
            ("document", row.document.name().into()),
            ("section", row.section.into()),
            ("keyword", strongest.map_or("", |clause| clause.keyword.word()).into()),
            ("protocols", protocols(rule.protocols)),
            ("says", super::explain::says(row)),
            ("later", row.later.into()),
        ]);
    }
    fields.extend([("why", rule.why.into()), ("how", rule.how.into())]);
    Entry { id: rule.id, title: rule.title, fields }
}

fn of_attack(attack: &attack::Attack) -> Entry {
    let switches = attack.switches.iter().map(|switch| switch.id).collect();
    let deciding = attack.deciding.iter().flat_map(|entry| {
        entry
            .protocols
            .iter()
            .filter(|_| !entry.wrong.is_empty())
            .map(|protocol| format!("{}: {}", protocol.id(), entry.wrong.join(" ")))
    });
    entry(
        attack.id,
        attack.title,
        [
            ("about", attack.about.into()),
            ("protocols", protocols(attack.protocols)),
            ("switches", switches),
            ("success", attack.success.about.into()),
            ("deciding", Field::List(deciding.collect())),
        ],
    )
}

fn of_protocol(record: &ProtocolRecord) -> Entry {
    let ports = record.dialect.ports.iter().map(u16::to_string).collect();
    entry(record.protocol.id(), record.protocol.title(), [("ports", Field::List(ports))])
}

fn of_profile(record: &ProtocolRecord, profile: &'static Profile, kind: &'static str) -> Entry {
    entry(
        &profile.id,
        &profile.title,
        [
            ("side", profile.side.name().into()),
            ("kind", kind.into()),
            ("protocols", protocols(&[record.protocol])),
            ("about", (*profile.about).into()),
            ("set", Field::Map(profile.set.iter().map(|(id, value)| (*id, (*value).into())).collect())),
        ],
    )
}

/// Every switch once: its id is unique for its owner, and for the middle among its attacks.
fn switches() -> Vec<Entry> {
    let mut all = Vec::new();
    for record in proto::ALL {
        for side in Side::BOTH {
            let of = ("protocols", protocols(&[record.protocol]));
            all.extend((record.switches)(side).iter().map(|switch| of_switch(switch, of.clone())));
        }
    }
    for attack in attack::ALL {
        let of = ("attacks", [attack.id].into_iter().collect::<Field>());
        all.extend(attack.switches.iter().map(|switch| of_switch(switch, of.clone())));
    }
    all
}

fn of_switch(switch: &Switch, of: (&'static str, Field)) -> Entry {
    let kind = match switch.kind {
        SwitchKind::Setting => "setting",
        SwitchKind::Conduct => "conduct",
    };
    let owner: Party = switch.owner;
    entry(
        switch.id,
        switch.title,
        [
            ("owner", owner.name().into()),
            ("kind", kind.into()),
            of,
            ("values", switch.values.iter().copied().collect()),
            ("default", switch.values.first().copied().unwrap_or_default().into()),
            ("breaks", switch.breaks.iter().copied().collect()),
            ("about", switch.about.into()),
            ("question", (*switch.asks()).into()),
            ("answers", Field::Map(switch.answered().collect())),
        ],
    )
}
