//! The rules: each reads the events of one side of a trace and answers with evidence. A rule sees events and
//! facts only; it never sees a machine, an attack or how the trace came about.

mod verdict;

mod s2595_3_2_login_despite_logindisabled;

pub use verdict::{Case, Excuse, Finding, Outcome, Verdict, judge};

use crate::base::Protocol;
use crate::spec::Requirement;

/// A rule: what it judges and how.
#[derive(Debug)]
pub struct Rule {
    /// The requirement's id, which is also the rule's.
    pub id: &'static str,
    /// What is forbidden or demanded, as a short statement of the kept rule.
    pub title: &'static str,
    /// Why the requirement exists: the attack it answers.
    pub why: &'static str,
    /// How this rule decides, and what it cannot see.
    pub how: &'static str,
    /// The protocols that it applies to.
    pub protocols: &'static [Protocol],
    /// Judges one side.
    pub check: fn(&Case<'_>) -> Finding,
}

impl Rule {
    /// The requirement that it judges. A test proves that there is one.
    #[must_use]
    pub fn requirement(&self) -> Option<&'static Requirement> {
        crate::spec::find(self.id)
    }
}

/// All rules, by id.
pub static ALL: &[&Rule] = &[&s2595_3_2_login_despite_logindisabled::RULE];

/// A rule by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}
