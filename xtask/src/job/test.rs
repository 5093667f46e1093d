//! `cargo xtask test`: everything that CI checks, cheap steps first.
//!
//! A step installs what it needs when its turn comes, so that a formatting mistake is reported before a
//! browser is downloaded. The last line is the count of steps.

use std::{
    fmt::Write,
    process::{Command, ExitCode},
    time::Instant,
};

use lexopt::prelude::Long;

use super::{budget, build, dist, npm as npm_package};
use crate::{
    need::{
        browser, npm, peers, toolchain,
        tools::{self, WASM_BINDGEN},
    },
    pins::WASM_TARGET,
    problem::Result,
    project, run, say,
    server::Port,
};

/// A heading and what to do under it.
type Step = (&'static str, fn() -> Result<()>);

const STEPS: &[Step] = &[
    ("formatting", format),
    ("clippy: everything, natively", clippy_native),
    ("clippy: the core for WebAssembly", clippy_core),
    ("clippy: the page and its tests for WebAssembly", clippy_page),
    ("tests and examples in the documentation", native_tests),
    ("tests of the page in Chromium", wasm_tests),
    ("release build of the page", build::page),
    ("size of the page", budget::check),
    ("the page in one file", dist::single),
    ("the JavaScript package, in Node.js", npm_package::package),
    ("the built page in a browser, end to end", end_to_end),
];

/// The job.
pub fn run(mut args: lexopt::Parser) -> Result<ExitCode> {
    let mut keep_going = false;
    while let Some(arg) = args.next()? {
        match arg {
            Long("keep-going") => keep_going = true,
            other => return Err(other.unexpected().into()),
        }
    }

    let start = Instant::now();
    let (mut passed, mut failed) = (0, 0);
    let mut summary = String::new();
    for (number, (name, step)) in STEPS.iter().enumerate() {
        if failed > 0 && !keep_going {
            let _ = writeln!(summary, "  skipped           {name}");
            continue;
        }
        say::heading(&format!("{} of {}: {name}", number + 1, STEPS.len()));
        let step_start = Instant::now();
        let outcome = step();
        let took = say::duration(step_start.elapsed());
        let word = match outcome {
            Ok(()) => {
                passed += 1;
                "passed"
            }
            Err(problem) => {
                failed += 1;
                say::problem(&problem);
                "FAILED"
            }
        };
        say::line(&format!("-- {word} in {took}"));
        let _ = writeln!(summary, "  {word} {took:>10} {name}");
    }
    say::heading(&format!("summary, after {}", say::duration(start.elapsed())));
    say::text(&summary);
    let skipped = STEPS.len() - passed - failed;
    let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    say::line(&format!("\n{passed} passed, {failed} failed{skipped}"));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn format() -> Result<()> {
    toolchain::rustfmt()?;
    // The fuzz targets are a workspace of their own.
    for whose in [&["--all"][..], &["--manifest-path", "fuzz/Cargo.toml"]] {
        run::watch("cargo fmt", run::cargo().arg("fmt").args(whose).arg("--check"))?;
    }
    Ok(())
}

fn clippy(args: &[&str]) -> Result<()> {
    toolchain::clippy()?;
    run::watch("clippy", run::cargo().args(["clippy", "--locked"]).args(args).args(["--", "-D", "warnings"]))
}

fn clippy_native() -> Result<()> {
    clippy(&["--workspace", "--all-targets", "--features", "xtask/budget,xtask/dist"])
}

fn clippy_core() -> Result<()> {
    toolchain::wasm_target()?;
    clippy(&["--lib", "--target", WASM_TARGET, "--no-default-features"])
}

fn clippy_page() -> Result<()> {
    toolchain::wasm_target()?;
    let what = ["--lib", "--bin", "page", "--bin", "worker", "--test", "web"];
    clippy(&[&what[..], &["--target", WASM_TARGET, "--no-default-features", "--features", "ui"]].concat())?;
    let what = ["--lib", "--bin", "js", "--target", WASM_TARGET];
    clippy(&[&what[..], &["--no-default-features", "--features", "js"]].concat())
}

fn native_tests() -> Result<()> {
    peers::ensure();
    run::watch("cargo test", run::cargo().args(["test", "--locked", "--workspace"]))?;
    // What the page decides without a browser: its feature is off in the line above.
    run::watch(
        "the page's own tests",
        run::cargo().args(["test", "--locked", "--lib", "--features", "ui", "ui::"]),
    )
}

fn wasm_tests() -> Result<()> {
    toolchain::wasm_target()?;
    let browser = browser::ensure()?;
    tools::announce(&[&WASM_BINDGEN])?;
    let runner = WASM_BINDGEN.ensure()?.join("wasm-bindgen-test-runner");
    run::watch(
        "the WebAssembly tests",
        run::cargo()
            .args(["test", "--locked", "--target", WASM_TARGET, "--no-default-features", "--features", "ui"])
            .args(["--test", "web"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", browser.driver)
            // The table of all runs takes longer than the 20 seconds that a test has by default.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "600"),
    )
}

/// Serves the page built last on a free port and runs Playwright against it.
fn end_to_end() -> Result<()> {
    let node = npm::node()?;
    let browser = browser::ensure()?;
    npm::packages()?;
    let port = Port::take(0)?;
    let url = port.url();
    port.serve(&project::dist())?;
    let mut playwright = Command::new(node);
    playwright
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(project::e2e())
        .env("BASE_URL", url)
        .env("ONE_FILE", dist::one_file()?)
        .env("PACKAGE", npm_package::folder())
        .env("CHROMIUM", browser.chromium);
    if !say::fancy() {
        // It colours its errors even in a file.
        playwright.env("FORCE_COLOR", "0");
    }
    run::watch("the end-to-end tests", &mut playwright)
}
