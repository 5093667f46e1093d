//! The server's words in the languages that it has (RFC 5255).

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// `i-default`: what everybody can read, in ASCII.
    #[default]
    Default,
    /// German.
    German,
}

impl Language {
    /// The tags as LANGUAGE lists them.
    pub const TAGS: [&str; 2] = ["de", "i-default"];

    /// The language that a range asks for, in upper case, if the server has it.
    #[must_use]
    pub fn find(range: &str) -> Option<Self> {
        match range {
            "I-DEFAULT" | "DEFAULT" => Some(Self::Default),
            "DE" => Some(Self::German),
            range if range.starts_with("DE-") => Some(Self::German),
            _ => None,
        }
    }

    /// Its tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Default => "i-default",
            Self::German => "de",
        }
    }

    /// What stands behind the name of a command that succeeded.
    #[must_use]
    pub fn completed(self) -> &'static str {
        match self {
            Self::Default => "completed",
            Self::German => "erledigt",
        }
    }
}
