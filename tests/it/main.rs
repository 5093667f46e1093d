//! Integration tests: one binary, one file per subject.
// clippy.toml allows this in tests, but does not know that the helpers of these are some.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod cli;
mod grid;
mod imap_codec;
mod layering;
mod properties;
mod registries;
mod report_schema;
