//! What a task looks at: one moment of a workbench.

use super::What;
use crate::base::{Layer, Side};
use crate::rules::Outcome;
use crate::sim::Setup;
use crate::view::{Band, Change, Row, RowKind};

/// A moment: what was run, what came of it, and what a person has seen and selected of it.
#[derive(Clone, Debug)]
pub struct Moment<'a> {
    /// What was run.
    pub setup: &'a Setup,
    /// A recording is on the table instead of a run.
    pub log: bool,
    /// The rows of the ladder.
    pub rows: Vec<&'a Row>,
    /// The current row.
    pub at: usize,
    /// The last row that is drawn.
    pub reached: usize,
    /// The ids of the harms that were done in the whole run.
    pub harms: Vec<&'static str>,
    /// The client got in.
    pub logged_in: bool,
    /// Rule, side and outcome of every verdict.
    pub verdicts: Vec<(&'static str, Side, Outcome)>,
    /// The verdict whose evidence is lit.
    pub selected: Option<(&'static str, Side)>,
    /// The screens that were opened since the step began, by the first part of their addresses.
    pub screens: &'a [String],
}

impl Moment<'_> {
    /// The first row of a kind.
    #[must_use]
    pub fn first(&self, what: &What) -> Option<usize> {
        (0..self.rows.len()).find(|at| self.fits(*at, what))
    }

    /// Whether a row is of a kind.
    #[must_use]
    pub fn fits(&self, at: usize, what: &What) -> bool {
        let Some(row) = self.rows.get(at) else { return false };
        let change = |wanted: fn(&Change) -> bool| match &row.kind {
            RowKind::Message { change, .. } => wanted(change),
            _ => false,
        };
        let band = |wanted: &[Band]| matches!(&row.kind, RowKind::Band(band, _) if wanted.contains(band));
        match what {
            What::Secret => row.exposes,
            What::Greeting => at == 0,
            What::Altered => change(|change| matches!(change, Change::Altered(_))),
            What::Dropped => change(|change| *change == Change::Dropped),
            What::Forged => change(|change| *change == Change::Forged),
            What::Early => matches!(row.kind, RowKind::Message { early: true, .. }),
            What::TlsUp => band(&[Band::TlsUp, Band::TlsAtMiddle]),
            What::TlsFailed => band(&[Band::TlsFailed]),
            What::InTls => row.layer == Layer::Tls && matches!(row.kind, RowKind::Message { .. }),
            What::LastClear => self.last_clear() == Some(at),
            What::Lookup => band(&[Band::Lookup]),
            What::End => at.saturating_add(1) == self.rows.len(),
            What::Says(words) => row.sentence.contains(words.as_str()),
            What::SaysInTls(words) => row.layer == Layer::Tls && row.sentence.contains(words.as_str()),
        }
    }

    /// The last message before TLS came up.
    fn last_clear(&self) -> Option<usize> {
        let up = self.first(&What::TlsUp)?;
        self.rows.get(..up)?.iter().rposition(|row| matches!(row.kind, RowKind::Message { .. }))
    }
}
