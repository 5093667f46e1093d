//! The lines of a session for reports that show them, one text for each.

use crate::base::{Layer, Side};
use crate::view::{Arrow, Change, Ladder, Row, RowKind};

/// One line of a report.
pub(super) struct Shown {
    /// The place that verdicts point at.
    pub place: u32,
    /// Who speaks, or nothing for a change of ground.
    pub from: Option<Side>,
    /// Whether it went through TLS.
    pub layer: Layer,
    /// The text; for a message of several lines all that are shown.
    pub lines: Vec<String>,
    /// What is remarkable about it, in a few words.
    pub remarks: Vec<String>,
}

impl Shown {
    /// The line in plain text, as transcripts write it.
    pub fn text(&self) -> String {
        let mark = match self.from {
            Some(Side::Client) => "C: ",
            Some(Side::Server) => "S: ",
            None => "-- ",
        };
        [mark, &self.lines.join(" ⏎ ")].concat()
    }
}

/// The lines of a ladder.
pub(super) fn shown(ladder: &Ladder) -> impl Iterator<Item = Shown> + '_ {
    ladder.rows.iter().filter_map(one)
}

fn one(row: &Row) -> Option<Shown> {
    let mut remarks: Vec<String> =
        row.notes.iter().map(|(side, note)| ["the ", side.name(), " ", note].concat()).collect();
    let (from, lines) = match &row.kind {
        RowKind::Band(_, text) if text.is_empty() && remarks.is_empty() => return None,
        RowKind::Band(_, text) => (None, vec![text.clone()]),
        RowKind::Unread { .. } | RowKind::Foreign { .. } => {
            (None, vec!["a line that was not understood".to_owned()])
        }
        RowKind::Message { from, client_hop, server_hop, change, early, malformed } => {
            let (sent, got) = match from {
                Side::Client => (client_hop, server_hop),
                Side::Server => (server_hop, client_hop),
            };
            match change {
                Change::None => {}
                Change::Altered(how) => {
                    let arrived = got.as_ref().map(texts).unwrap_or_default().join(" ⏎ ");
                    remarks.push(["the middle alters it, ", how, "; what arrives: ", &arrived].concat());
                }
                Change::Dropped => remarks.push("the middle keeps it".to_owned()),
                Change::Forged => remarks.push("the middle made it up".to_owned()),
            }
            if *early {
                remarks.push("in the clear, before the handshake".to_owned());
            }
            remarks.extend(malformed.clone());
            if row.exposes {
                remarks.push("a secret that everybody on the path can read".to_owned());
            }
            (Some(*from), sent.as_ref().or(got.as_ref()).map(texts).unwrap_or_default())
        }
    };
    Some(Shown { place: row.place, from, layer: row.layer, lines, remarks })
}

fn texts(arrow: &Arrow) -> Vec<String> {
    let mut lines: Vec<String> =
        arrow.lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect();
    if arrow.more > 0 {
        lines.push(["(", &arrow.more.to_string(), " more lines)"].concat());
    }
    lines
}
