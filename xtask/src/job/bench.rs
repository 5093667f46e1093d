//! `cargo xtask bench`: the benchmarks. They need nothing but cargo, so this only calls it.

use std::process::ExitCode;

use super::no_more;
use crate::{problem::Result, run};

/// The job.
pub fn run(args: lexopt::Parser) -> Result<ExitCode> {
    no_more(args)?;
    run::watch("cargo bench", run::cargo().args(["bench", "--bench", "check", "--bench", "matrix"]))?;
    Ok(ExitCode::SUCCESS)
}
