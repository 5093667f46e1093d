//! What the matrix shows, as its address says it.

use crate::base::{Protocol, Side};
use crate::pipeline;
use crate::pipeline::Wanted;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::ui::route::{encoded, parts};

/// What attacks are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Profiles of clients.
    #[default]
    Profiles,
    /// Rules.
    Rules,
}

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filters {
    /// The protocol.
    pub protocol: Protocol,
    /// What attacks are held against.
    pub view: View,
    /// Real programs in place of the ready-made clients.
    pub programs: bool,
    /// The profile of the server.
    pub server: String,
    /// The documents in force.
    pub rule_set: RuleSet,
    /// Words that an attack is found by.
    pub text: String,
    /// Only the rules that leave no choice.
    pub must: bool,
    /// Rules without a part in any attack as well.
    pub all: bool,
    /// Only attacks that no rule stops or notices.
    pub gaps: bool,
    /// A switch that everybody has at this value.
    pub flip: Option<String>,
    /// The chosen cell: the id of its attack and of its column.
    pub at: Option<(String, String)>,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            protocol: Protocol::Imap,
            view: View::default(),
            programs: false,
            server: "strict".to_owned(),
            rule_set: RuleSet::default(),
            text: String::new(),
            must: false,
            all: false,
            gaps: false,
            flip: None,
            at: None,
        }
    }
}

impl Filters {
    /// Reads what stands behind the `?`; what means nothing is left out.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let mut filters = Self::default();
        for (key, value) in parts(query) {
            match key {
                "p" => {
                    filters.protocol =
                        pipeline::protocols().find(|p| p.id() == value).unwrap_or(filters.protocol)
                }
                "view" => filters.view = if value == "rules" { View::Rules } else { View::Profiles },
                "programs" => filters.programs = value == "yes",
                "server" => filters.server = value,
                "r" => {
                    filters.rule_set = RuleSet::ALL.into_iter().find(|r| r.id() == value).unwrap_or_default()
                }
                "q" => filters.text = value,
                "must" => filters.must = value == "yes",
                "all" => filters.all = value == "yes",
                "gaps" => filters.gaps = value == "yes",
                "flip" => filters.flip = Some(value),
                "at" => {
                    filters.at =
                        value.split_once(':').map(|(row, column)| (row.to_owned(), column.to_owned()))
                }
                _ => {}
            }
        }
        let Ok(setup) = Setup::new(filters.protocol) else { return filters };
        let servers = (setup.protocol.profiles)(Side::Server);
        if !servers.iter().any(|profile| profile.id == filters.server) {
            filters.server = servers.first().map(|profile| profile.id.to_string()).unwrap_or_default();
        }
        filters.flip = filters.flip.filter(|text| setup.clone().set_text(text).is_ok());
        filters
    }

    /// As the address writes them: what is not as it begins.
    #[must_use]
    pub fn query(&self) -> String {
        let usual = Self::default();
        let mut parts = Vec::new();
        let mut put = |key: &str, value: &str, usual: &str| {
            if value != usual {
                parts.push(format!("{key}={}", encoded(value)));
            }
        };
        let yes = |on: bool| if on { "yes" } else { "" };
        put("p", self.protocol.id(), usual.protocol.id());
        put("view", if self.view == View::Rules { "rules" } else { "" }, "");
        put("programs", yes(self.programs), "");
        put("server", &self.server, &usual.server);
        put("r", self.rule_set.id(), usual.rule_set.id());
        put("q", &self.text, "");
        put("must", yes(self.must), "");
        put("all", yes(self.all), "");
        put("gaps", yes(self.gaps), "");
        put("flip", self.flip.as_deref().unwrap_or_default(), "");
        let at = self.at.as_ref().map(|(row, column)| format!("{row}:{column}"));
        put("at", at.as_deref().unwrap_or_default(), "");
        parts.join("&")
    }

    /// The matrices that it takes: the one that is shown, and the one after the flip.
    #[must_use]
    pub fn wanted(&self) -> Vec<Wanted> {
        let profiles = self.view == View::Profiles;
        let base = Wanted {
            rules: !profiles,
            profiles,
            // Profiles are not judged.
            rule_set: if profiles { RuleSet::default() } else { self.rule_set },
            server: profiles.then(|| self.server.clone()),
            programs: profiles && self.programs,
            flip: None,
            ..Wanted::all(self.protocol, self.rule_set)
        };
        let flipped =
            self.flip.clone().filter(|_| profiles).map(|flip| Wanted { flip: Some(flip), ..base.clone() });
        std::iter::once(base).chain(flipped).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stand_in_the_address() {
        let query = "p=pop3&view=rules&r=1999&q=strip%20it&must=yes&gaps=yes&at=strip-capability:A04";
        assert_eq!(Filters::read(query).query(), query);
        assert_eq!(Filters::read("nonsense=1&p=smtp").query(), "");
        let flipped = Filters::read("flip=client.tls%3Drequired&server=open");
        assert_eq!(flipped.wanted().len(), 2);
        assert_eq!(Filters::read("flip=client.no-such%3Dthing").flip, None);
    }
}
