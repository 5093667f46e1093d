//! Clients modelled on real programs. Every value is what recordings of that version show (`tests/corpus`); a test runs
//! each against the recorded attacks and compares what it sends.

pub mod imap;
pub mod pop3;

use crate::base::{Profile, Side};

/// A client program.
const fn client(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    set: &'static [(&'static str, &'static str)],
) -> Profile {
    Profile::built_in(id, Side::Client, title, about, set)
}
