//! Two sessions beside each other, for people and for programs.

use crate::base::Layer;
use crate::view::{Comparison, Step};
use serde::Serialize;
use std::collections::BTreeSet;

/// The name and version of this record's shape.
pub const COMPARE_SCHEMA: &str = "starttls-lab.compare/1";

/// Two sessions, aligned.
#[derive(Clone, Debug, Serialize)]
pub struct CompareRecord {
    /// [`COMPARE_SCHEMA`].
    pub schema: &'static str,
    /// The two inputs.
    pub inputs: [String; 2],
    /// The first difference in a sentence, or that there is none.
    pub announcement: String,
    /// The number of the first step that differs, from 1.
    pub first: Option<usize>,
    /// How many steps differ.
    pub differences: usize,
    /// The steps.
    pub steps: Vec<PairRecord>,
}

/// A step of either session, or of both.
#[derive(Clone, Debug, Serialize)]
pub struct PairRecord {
    first: Option<StepRecord>,
    second: Option<StepRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct StepRecord {
    what: String,
    layer: Layer,
    answer: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    listed: BTreeSet<String>,
    places: (u32, u32),
}

impl StepRecord {
    fn new(step: &Step) -> Self {
        Self {
            what: step.what.clone(),
            layer: step.layer,
            answer: step.answer,
            listed: step.listed.clone(),
            places: step.places,
        }
    }

    fn text(&self) -> String {
        let inside = if self.layer == Layer::Tls { " (TLS)" } else { "" };
        let answer = self.answer.map_or_else(String::new, |answer| format!(": {answer}"));
        format!("{:>4}  {}{inside}{answer}", self.places.0, self.what)
    }
}

impl CompareRecord {
    /// The record of a comparison of two inputs.
    #[must_use]
    pub fn new(inputs: [String; 2], comparison: &Comparison) -> Self {
        let steps = comparison.pairs.iter().map(|pair| PairRecord {
            first: pair.left.as_ref().map(StepRecord::new),
            second: pair.right.as_ref().map(StepRecord::new),
            difference: pair.difference.clone(),
        });
        Self {
            schema: COMPARE_SCHEMA,
            inputs,
            announcement: comparison.announcement(),
            first: comparison.first.map(|first| first.saturating_add(1)),
            differences: comparison.differences(),
            steps: steps.collect(),
        }
    }

    /// The record for people: both sessions side by side, a mark where they differ.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let column = |step: &Option<StepRecord>| {
            let text = step.as_ref().map(StepRecord::text).unwrap_or_default();
            crate::base::printable(text.as_bytes())
        };
        let [one, other] = self.inputs.each_ref().map(|input| crate::base::printable(input.as_bytes()));
        let rows: Vec<_> = self
            .steps
            .iter()
            .map(|pair| (column(&pair.first), column(&pair.second), &pair.difference))
            .collect();
        let width = rows.iter().map(|(left, ..)| left.chars().count()).max().unwrap_or_default();
        super::text::line(&mut out, 0, &format!("{one} and {other}"));
        super::text::line(&mut out, 0, &self.announcement);
        for (left, right, difference) in rows {
            let mark = if difference.is_some() { '!' } else { ' ' };
            super::text::line(&mut out, 0, format!("{mark} {left:width$} | {right}").trim_end());
        }
        out
    }
}
