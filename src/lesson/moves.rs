//! A move on the workbench, as a lesson's solution writes it.

use super::What;
use super::check::{attack_of, party_of, profile, rule_of, switch};
use crate::attack::Custom;
use crate::base::{Party, Protocol, Side};

/// One move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Another protocol.
    Protocol(Protocol),
    /// A profile of one side.
    Profile(Side, String),
    /// One attack, or none.
    Attack(Option<&'static str>),
    /// An attack that is written as text.
    Write(Custom),
    /// A switch of a party.
    Set(Party, &'static str, &'static str),
    /// Go to the first row of a kind.
    At(What),
    /// Select a verdict.
    Select(&'static str, Side),
    /// Open a screen.
    Open(String),
    /// Open the recording of the step.
    Log,
}

impl Move {
    /// Reads a move.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "log" {
            return Ok(Self::Log);
        }
        if text == "end" {
            return Ok(Self::At(What::End));
        }
        let Some((name, value)) = text.split_once('=') else {
            return Err(format!(
                "`{text}` is no move; one is `log`, `end`, or begins with protocol=, client=, server=, attack=, write=, at=, select=, open= or a switch such as client.tls="
            ));
        };
        let (name, value) = (name.trim(), value.trim());
        Ok(match name {
            "protocol" => {
                let found = Protocol::ALL.into_iter().find(|protocol| protocol.id() == value);
                Self::Protocol(found.ok_or_else(|| format!("there is no protocol `{value}`"))?)
            }
            "client" => Self::Profile(Side::Client, profile(Side::Client, value)?),
            "server" => Self::Profile(Side::Server, profile(Side::Server, value)?),
            "attack" => match attack_of(value)? {
                "none" => Self::Attack(None),
                "own" | super::check::ANYTHING => {
                    return Err("`attack=` takes one attack, or none".to_owned());
                }
                id => Self::Attack(Some(id)),
            },
            "write" => Self::Write(Custom::parse(value).map_err(|error| error.to_string())?),
            "at" => Self::At(What::read(value).ok_or_else(|| format!("no row is called `{value}`"))?),
            "select" => {
                let (id, side) = value.rsplit_once('.').unwrap_or((value, ""));
                let side = Side::BOTH.into_iter().find(|known| known.name() == side);
                let side = side.ok_or_else(|| "`select=` takes RULE.client or RULE.server".to_owned())?;
                Self::Select(rule_of(id)?, side)
            }
            "open" => Self::Open(value.to_owned()),
            _ => {
                let (party, id) = name.split_once('.').unwrap_or((name, ""));
                let party = party_of(party).ok_or_else(|| format!("`{name}` is no move"))?;
                let (id, value) = switch(party, id, value)?;
                Self::Set(party, id, value)
            }
        })
    }
}
