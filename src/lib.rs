//! STARTTLS Lab (crate text follows).
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
pub mod pipeline;
pub mod proto;
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
