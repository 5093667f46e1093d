//! Servers modelled on real programs. Every value is what recordings of that version show (`tests/corpus`); a test runs
//! each against the recorded clients and compares what it answers.

pub mod imap;
pub mod pop3;

use crate::base::{Profile, Side};

/// A server program.
const fn server(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    set: &'static [(&'static str, &'static str)],
) -> Profile {
    Profile::built_in(id, Side::Server, title, about, set)
}
