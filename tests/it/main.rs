//! Everything that is tested through the crate's public face, in one binary so that it links once.
#![cfg(not(target_arch = "wasm32"))]
// clippy.toml allows this in tests, but does not know that the helpers of these are some.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stderr,
    clippy::cast_possible_truncation
)]

mod captures;
mod cli;
mod cli_replay;
mod corpus;
mod corpus_facts;
mod corpus_logs;
mod exports;
mod features;
mod grid;
mod hostile;
mod imap_codec;
mod import_input;
mod import_properties;
mod layering;
mod look;
mod machines;
mod matrix;
mod names;
mod pitfalls;
mod plain;
mod programs;
mod properties;
mod redaction;
mod registries;
mod replay;
mod report_schema;
mod requirements;
mod sockets;
mod states;
mod verdicts;
mod work;
mod workflows;
