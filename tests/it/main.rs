//! Everything that is tested through the crate's public face, in one binary so that it links once.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation
)]

mod corpus;
mod corpus_facts;
mod import_input;
mod import_properties;
