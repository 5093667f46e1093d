//! Parts of the Rust toolchain, through rustup.

use std::{path::Path, process::Command};

use crate::{
    pins::WASM_TARGET,
    problem::{Problem, Result},
    run, say,
};

/// The standard library for WebAssembly.
pub fn wasm_target() -> Result<()> {
    if has_wasm_target() {
        return Ok(());
    }
    rustup(&format!("the Rust target {WASM_TARGET}"), &["target", "add", WASM_TARGET])?;
    if has_wasm_target() {
        return Ok(());
    }
    Err(Problem::new(format!(
        "rustup installed {WASM_TARGET}, but the rustc in use does not see it. Another rustc may come first \
         on PATH: `rustup which rustc` shows the right one."
    )))
}

/// Whether the compiler in use can build for WebAssembly, wherever it comes from.
pub fn has_wasm_target() -> bool {
    // RUSTC is what cargo itself would use.
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    run::ask(Command::new(rustc).args(["--print", "target-libdir", "--target", WASM_TARGET]))
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

/// rustfmt.
pub fn rustfmt() -> Result<()> {
    component("rustfmt", "fmt")
}

/// clippy.
pub fn clippy() -> Result<()> {
    component("clippy", "clippy")
}

fn component(name: &str, subcommand: &str) -> Result<()> {
    if run::ask(run::cargo().args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    rustup(name, &["component", "add", name])
}

fn rustup(what: &str, args: &[&str]) -> Result<()> {
    let Some(rustup) = run::find("rustup") else {
        return Err(Problem::new(format!(
            "this machine lacks {what}, and has no rustup to install it with. Install Rust by rustup, or \
             add {what} by the means that Rust came with."
        )));
    };
    say::line(&format!("Installing {what} (a download of some seconds)."));
    run::watch("rustup", Command::new(rustup).args(args)).map_err(|_| {
        Problem::new(format!(
            "{what} could not be installed; rustup's reason is above. It needs the network once: run \
             `rustup {}` where there is one, then this again.",
            args.join(" ")
        ))
    })
}
