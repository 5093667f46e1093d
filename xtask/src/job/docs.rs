//! `cargo xtask docs`: writes the reference in docs/reference from the registries.

use std::process::ExitCode;

use super::no_more;
use crate::{problem::Result, run, say};

/// The job. The test that holds the pages to the registries also writes them.
pub fn run(args: lexopt::Parser) -> Result<ExitCode> {
    no_more(args)?;
    let mut cargo = run::cargo();
    cargo.args(["test", "--quiet", "--locked", "--test", "reference"]).env("UPDATE_SNAPSHOTS", "1");
    run::watch("cargo test", &mut cargo)?;
    say::line("The reference is in docs/reference.");
    Ok(ExitCode::SUCCESS)
}
