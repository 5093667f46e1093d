//! What came of playing a recorded session again, for people and for programs.

use super::{EventRecord, PartyRecord, Remark, SetupRecord};
use crate::base::Side;
use crate::trace::Policy;
use crate::view::Ladder;
use serde::Serialize;
use std::borrow::Cow;

/// The name and version of this record's shape.
pub const REPLAY_SCHEMA: &str = "starttls-lab.replay/1";

/// A recorded session that was played again.
#[derive(Clone, Debug, Serialize)]
pub struct ReplayRecord {
    /// [`REPLAY_SCHEMA`].
    pub schema: &'static str,
    /// The inputs that play the client; empty when a profile does.
    pub client: Vec<String>,
    /// The inputs that play the server.
    pub server: Vec<String>,
    /// The profiles and the attacks.
    pub setup: SetupRecord,
    /// Whether the attacker gets what he is after: the password, or a session that he opened. `None`: the recording does
    /// not tell.
    pub fallen: Option<bool>,
    /// How a handshake begins: `none`, `starttls`, `implicit`; `None`: the recording does not tell.
    pub tls: Option<&'static str>,
    /// The commands that the client sends outside TLS.
    pub commands_in_clear: Option<Vec<Cow<'static, str>>>,
    /// Whether a password or token leaves the client outside TLS.
    pub credential_in_clear: Option<bool>,
    /// The policy that the client is taken to be told, where some of this rests on it and not on the recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<&'static str>,
    /// The first decision that the recording does not show.
    pub open: Option<OpenRecord>,
    /// What crossed each hop, as far as it is known.
    pub events: Vec<EventRecord>,
    /// What has to be said about the run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// The diagram.
    #[serde(skip)]
    pub ladder: Ladder,
}

/// A decision that a recording does not show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenRecord {
    /// Whose decision it is.
    pub side: Side,
    /// What happens that did not happen in the recording.
    pub happens: String,
    /// The fact that is missing.
    pub missing: &'static str,
    /// The input in which the party stood here, and the places there.
    pub recorded: Option<(String, (u32, u32))>,
}

impl ReplayRecord {
    /// The answer to "would it have fallen?", in a sentence.
    #[must_use]
    pub fn answer(&self) -> &'static str {
        let attacked = !self.setup.attacks.is_empty() || !self.setup.written.is_empty();
        match (self.fallen, attacked) {
            (Some(true), true) => "Yes: the attacker gets what he is after.",
            (Some(true), false) => "Yes: whoever listens gets the password.",
            (Some(false), _) if self.policy.is_some() && self.open.is_some() => {
                "No, if it does as it is told: without TLS it does not log in."
            }
            (Some(false), _) => "No: the session goes on as recorded, and the attacker gains nothing.",
            (None, _) => "Cannot tell: what is known ends before that is decided.",
        }
    }

    /// What the client is taken to be told, as a sentence, where that counts.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let policy = Policy::ALL.into_iter().find(|policy| Some(policy.id()) == self.policy)?;
        Some(format!(
            "This rests on what the client is told, not on its recording alone: it {}.",
            policy.words()
        ))
    }

    /// The record for people; one line for each thing, whatever stands in it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut say = |indent, text: &str| super::text::line(&mut out, indent, text);
        let played_by = |inputs: &[String], party: &PartyRecord| {
            if inputs.is_empty() { super::text::party(party) } else { format!("as in {}", inputs.join(", ")) }
        };
        say(0, self.setup.protocol.title());
        say(2, &format!("client: {}", played_by(&self.client, &self.setup.client)));
        for attack in &self.setup.attacks {
            say(2, &format!("middle: {}", super::text::party(attack)));
        }
        for rule in &self.setup.written {
            say(2, &format!("middle: {rule}"));
        }
        if self.setup.attacks.is_empty() && self.setup.written.is_empty() {
            say(2, "middle: passes everything on");
        }
        say(2, &format!("server: {}", played_by(&self.server, &self.setup.server)));
        say(0, "");
        super::text::draw(&mut out, &self.ladder);
        let mut say = |indent, text: &str| super::text::line(&mut out, indent, text);
        if let Some(open) = &self.open {
            say(2, &format!("-- from here on the recording does not tell: {}", open.happens));
        }
        say(0, "");
        say(0, &format!("Would it have fallen? {}", self.answer()));
        let unknown = || "cannot tell".to_owned();
        say(2, &format!("TLS: {}", self.tls.map_or_else(unknown, str::to_owned)));
        let commands = self
            .commands_in_clear
            .as_ref()
            .map(|commands| if commands.is_empty() { "none".to_owned() } else { commands.join(", ") });
        say(2, &format!("Commands in the clear: {}", commands.unwrap_or_else(unknown)));
        let password = self.credential_in_clear.map(|sent| if sent { "yes" } else { "no" }.to_owned());
        say(2, &format!("Password in the clear: {}", password.unwrap_or_else(unknown)));
        if let Some(policy) = self.told() {
            say(2, &policy);
        }
        if let Some(open) = &self.open {
            say(2, &format!("Decision of the {}: {}", open.side.name(), open.happens));
            say(2, &format!("Missing: {}", open.missing));
            if let Some((input, (first, last))) = &open.recorded {
                let places = if first == last { format!("{first}") } else { format!("{first}-{last}") };
                say(2, &format!("In the recording it stood at {places} of {input}."));
            }
        }
        for remark in &self.remarks {
            say(2, &remark.message);
        }
        out
    }
}
