//! The helper behind `cargo xtask`: builds, serves and tests STARTTLS Lab.
//!
//! Every job works on a machine that has no more than a Rust toolchain: what it needs beyond that, it
//! finds or installs (`need/`), at the versions named in [`pins`]. One file per job in `job/`.

use std::process::ExitCode;

mod csp;
mod job;
mod need;
mod pins;
mod problem;
mod project;
mod run;
mod say;
mod server;
mod site;

use problem::{Problem, Result};

const HELP: &str = "\
Usage: cargo xtask <job> [options]

Jobs:
  serve [--port N] [--open]   build the page and serve it on http://127.0.0.1:8080 (or port N);
                              --open also opens it in the browser
  build [--quick]             build the page into dist/; --quick without making it small, for a look at a change
  test [--keep-going]         run every check that CI runs; --keep-going does not stop at a failure
  budget                      hold the page built last to its size budget
  dist                        build everything that is given away into dist-release/: the site as a zip, the page in
                              one file, the command line for this machine, checksums, a bill of materials
  single                      only the page in one file, from the page built last
  npm                         build the JavaScript package into npm-release/ and test it in Node.js
  docs                        write the reference in docs/reference from the registries
  bench                       run the benchmarks (cargo bench)
  fuzz [--minutes N] [--target NAME]
                              run the fuzz targets, N minutes in all; what is found is kept in fuzz/artifacts

Each job installs what it needs. The first `serve` compiles two build tools (10 to 15 minutes on two
cores); they stay in the user's cache folder, and the next one starts in seconds.
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(problem) => {
            say::problem(&problem);
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<ExitCode> {
    use lexopt::prelude::{Long, Short, Value};

    let mut args = lexopt::Parser::from_env();
    let job = match args.next()? {
        None | Some(Short('h') | Long("help")) => {
            say::text(HELP);
            return Ok(ExitCode::SUCCESS);
        }
        Some(Value(job)) => job.to_string_lossy().into_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    let job = match job.as_str() {
        "serve" => job::serve::run,
        "build" => job::build::run,
        "test" => job::test::run,
        "budget" => job::budget::run,
        "docs" => job::docs::run,
        "npm" => job::npm::run,
        "dist" => job::dist::run,
        "single" => job::dist::run_single,
        "bench" => job::bench::run,
        "fuzz" => job::fuzz::run,
        "help" => {
            say::text(HELP);
            return Ok(ExitCode::SUCCESS);
        }
        other => {
            return Err(Problem::new(format!("there is no job `{other}`; `cargo xtask --help` lists them")));
        }
    };
    job(args)
}
