//! STARTTLS Lab: what happens at the moment when a mail protocol turns from plain text to TLS.
//!
//! ```text
//!  transcript, log ──► import ─┐
//!                              ├─► tapes ─► events ─► Trace ─► facts, verdicts ─┐
//!  setup + seed ────► sim ─────┘                               harms            ├─► view ─► page
//!         client ⇄ relay ⇄ server                              └─── report ◄────┘         command line
//! ```
//!
//! [`pipeline`] is the facade that faces call. The core has no clock, socket, file, thread or chance of its own, so
//! the same setup and seed give the same octets everywhere. `ARCHITECTURE.md` has the map and the invariants.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::cast_possible_truncation
    )
)]
pub mod attack;
pub mod base;
pub mod facts;
pub mod harm;
pub mod import;
#[cfg(feature = "js")]
pub mod js;
pub mod lesson;
pub mod link;
pub mod matrix;
pub mod pipeline;
pub mod policy;
pub mod probe;
pub mod proto;
pub mod redact;
pub mod replay;
pub mod report;
pub mod rules;
pub mod sasl;
pub mod sim;
pub mod spec;
#[cfg(test)]
mod testing;
pub mod tls;
pub mod trace;
#[cfg(feature = "ui")]
pub mod ui;
pub mod view;
pub mod wire;
pub mod work;
