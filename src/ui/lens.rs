//! Who can read this: the ladder as one of the others sees it.

use crate::base::{Layer, Side};
use crate::view::{Arrow, Change, Mark, Row, RowKind};

/// Through whose eyes the ladder is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lens {
    /// Everything is shown.
    #[default]
    All,
    /// Somebody who listens on the wire, on either side of the middle.
    Eavesdropper,
    /// Whoever stands in the middle.
    Middle,
    /// The server.
    Server,
}

impl Lens {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::All, Self::Eavesdropper, Self::Middle, Self::Server];

    /// Its name in an address.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Eavesdropper => "eavesdropper",
            Self::Middle => "middle",
            Self::Server => "server",
        }
    }

    /// Its name on a button.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::All => "all of it",
            Self::Eavesdropper => "eavesdropper",
            Self::Middle => "middle",
            Self::Server => "server",
        }
    }

    /// Whom it is about, in a sentence.
    #[must_use]
    pub fn whom(self) -> &'static str {
        match self {
            Self::All => "all of them together",
            Self::Eavesdropper => "the eavesdropper",
            Self::Middle => "the middle",
            Self::Server => "the server",
        }
    }

    /// Whether what travels on a hop of a row can be read.
    #[must_use]
    pub fn reads(self, row: &Row, arrow: &Arrow, hop: Side, middle: bool) -> bool {
        match self {
            Self::All => true,
            Self::Eavesdropper => arrow.layer == Layer::Clear,
            Self::Middle => arrow.layer == Layer::Clear || row.open,
            // What passes unchanged is the same on both hops; without a middle there is one.
            Self::Server => {
                let unchanged =
                    matches!(&row.kind, RowKind::Message { change: Change::None, server_hop: Some(_), .. });
                hop == Side::Server || unchanged || !middle
            }
        }
    }

    /// The hops of a row that can be read, the client's first.
    fn readable<'a>(self, row: &'a Row, middle: bool) -> impl Iterator<Item = &'a Arrow> + 'a {
        let hops = match &row.kind {
            RowKind::Message { client_hop, server_hop, .. } => {
                [(Side::Client, client_hop.as_ref()), (Side::Server, server_hop.as_ref())]
            }
            _ => [(Side::Client, None), (Side::Server, None)],
        };
        let there = hops.into_iter().filter_map(|(hop, arrow)| Some((hop, arrow?)));
        there.filter(move |(hop, arrow)| self.reads(row, arrow, *hop, middle)).map(|(_, arrow)| arrow)
    }

    /// Whether a row shows a secret to whoever looks.
    #[must_use]
    pub fn exposes(self, row: &Row, middle: bool) -> bool {
        let secret = |arrow: &Arrow| arrow.lines.iter().flatten().any(|piece| piece.mark == Mark::Secret);
        self != Self::All && self.readable(row, middle).any(secret)
    }

    /// A row read aloud, as far as whoever looks can read it.
    #[must_use]
    pub fn sentence(self, row: &Row, middle: bool) -> String {
        match &row.kind {
            RowKind::Message { from, .. } if self.readable(row, middle).next().is_none() => {
                format!(
                    "{} to {}: not readable for {}",
                    super::words::side(*from),
                    from.other().name(),
                    self.whom()
                )
            }
            _ => row.sentence.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;
    use crate::sim::Setup;
    use crate::spec::RuleSet;
    use crate::ui::session::Session;

    fn readers(attack: &str, set: &[&str]) -> [usize; 3] {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        if !attack.is_empty() {
            setup.attack(attack).unwrap();
        }
        set.iter().for_each(|text| setup.set_text(text).unwrap());
        let session = Session::simulate(&setup, RuleSet::Today);
        [Lens::Eavesdropper, Lens::Middle, Lens::Server]
            .map(|lens| session.rows.iter().filter(|row| lens.exposes(row, session.middle)).count())
    }

    #[test]
    fn each_of_them_sees_the_password_where_it_is_theirs_to_see() {
        // Inside TLS the server alone.
        let [eavesdropper, middle, server] = readers("", &["client.tls=required"]);
        assert!(eavesdropper == 0 && middle == 0 && server > 0);
        // A layer that ends at the middle: the middle reads, who listens does not.
        let [eavesdropper, middle, server] =
            readers("cert-self-signed", &["client.tls=required", "client.no-path-check=on"]);
        assert!(eavesdropper == 0 && middle > 0 && server > 0);
        // In the clear: everybody on the path.
        let [eavesdropper, middle, _] = readers("strip-capability", &["server.logindisabled=off"]);
        assert!(eavesdropper > 0 && middle > 0);
    }
}
