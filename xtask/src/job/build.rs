//! `cargo xtask build`: the release page, in dist/.

use std::{
    env, fs,
    process::{Command, ExitCode},
};

use lexopt::prelude::Long;

use crate::{
    need::{
        toolchain,
        tools::{self, TRUNK, WASM_BINDGEN},
    },
    problem::{Problem, Result},
    project, run, say, site,
};

/// The job.
pub fn run(mut args: lexopt::Parser) -> Result<ExitCode> {
    let mut quick = false;
    while let Some(arg) = args.next()? {
        match arg {
            Long("quick") => quick = true,
            other => return Err(other.unexpected().into()),
        }
    }
    built(quick)?;
    say::line(&format!("The page is in {}.", project::dist().display()));
    Ok(ExitCode::SUCCESS)
}

/// Installs what is missing and builds the page.
pub fn page() -> Result<()> {
    built(false)
}

/// The same; a quick one is large and slow, and there in a fraction of the time.
fn built(quick: bool) -> Result<()> {
    tools::announce(&[&WASM_BINDGEN, &TRUNK])?;
    toolchain::wasm_target()?;
    let bindgen = WASM_BINDGEN.ensure()?;
    let trunk = TRUNK.ensure()?;

    // A build that fails must not leave an older page for others to take for this one.
    let dist = project::dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|error| Problem::file("remove", &dist, &error))?;
    }
    say::line("Building the page (a minute or two when new, seconds when little changed).");
    // All downloads happen here, by cargo and in the open; trunk works offline, or it would fetch programs
    // from places of its own.
    run::watch("cargo fetch", run::cargo().args(["fetch", "--locked"])).map_err(|_| {
        Problem::new(
            "the page's crates could not be fetched; cargo's reason is above. They come from crates.io, which \
             needs the network once.",
        )
    })?;
    let mut command = Command::new(trunk.join("trunk"));
    command
        .arg("build")
        .args(if quick { &["--cargo-profile", "dev"][..] } else { &["--release"] })
        .args(["--offline", "--locked", "--skip-version-check"])
        .current_dir(project::root())
        .env("PATH", run::path_with(&[&bindgen])?)
        .env_remove("CARGO_BUILD_TARGET")
        // trunk wants `true` or `false` in NO_COLOR and stops at any other value, though the custom is `1`.
        .env_remove("NO_COLOR");
    if let Some(commit) = site::commit() {
        command.env("STARTTLS_LAB_COMMIT", commit);
    }
    if env::var_os("NO_COLOR").is_some() {
        command.env("TRUNK_COLOR", "never");
    }
    run::watch("trunk build", &mut command)?;

    site::finish(&dist)
}
