//! A good and a bad example of every rule, which a test judges.

/// The two examples.
#[derive(Clone, Copy, Debug)]
pub struct Examples {
    /// A session that breaks the rule.
    pub bad: Sample,
    /// A session that breaks none.
    pub good: Sample,
    /// Other rules that the bad example breaks, because whoever does the one thing does the other.
    pub implies: &'static [&'static str],
}

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// Lines with `C:` and `S:`, as a transcript has them. `P client TlsRequired` states a party's policy and
    /// `N client WarnedUser` another fact that no wire shows.
    Session(&'static str),
    /// A simulation: the protocol, then `client=PROFILE`, `server=PROFILE`, `attack=ID` and `SIDE.SWITCH=VALUE`.
    Run(&'static str),
    /// A probe: the protocol, then `client=PROFILE` or `server=PROFILE`, whoever is probed, and its switches.
    Probe(&'static str),
    /// No party here can do it: why not.
    Nobody(&'static str),
}

impl Sample {
    /// Its lines, as they are shown and opened.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Session(text) => {
                let lines =
                    text.lines().map(str::trim).filter(|line| !matches!(*line, "==POP3==" | "==ACAP=="));
                lines.map(|line| format!("{line}\n")).collect()
            }
            Self::Run(words) | Self::Probe(words) | Self::Nobody(words) => format!("{words}\n"),
        }
    }
}
