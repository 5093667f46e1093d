//! Node.js and the npm packages of the end-to-end tests.

use std::{fs, path::PathBuf, process::Command};

use super::debian;
use crate::{
    problem::{Problem, Result},
    project, run, say,
};

/// The oldest Node.js that the pinned Playwright runs on, and the one in Debian 12.
const OLDEST_NODE: u32 = 18;

/// Node.js itself.
pub fn node() -> Result<PathBuf> {
    if run::find("node").is_none() || run::find("npm").is_none() {
        debian::install("Node.js with npm", &["nodejs", "npm"])?;
    }
    let node = run::find("node").ok_or_else(|| Problem::new("there is no `node` on PATH"))?;
    let version = run::ask(Command::new(&node).arg("--version")).unwrap_or_default();
    let major: Option<u32> =
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(node),
        _ => Err(Problem::new(format!(
            "the browser tests need Node.js {OLDEST_NODE} or newer, and {} is `{version}`. Put a newer one \
             first on PATH.",
            node.display()
        ))),
    }
}

/// The packages of tests/e2e, as its lock file names them.
pub fn packages() -> Result<()> {
    let folder = project::e2e();
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|error| Problem::file("read", &lock, &error))?;
    // A copy of the lock file that the installed packages came from.
    let stamp = folder.join("node_modules").join(".xtask-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say::line("Installing the browser tests' npm packages (some seconds).");
    run::watch(
        "npm ci",
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&folder)
            // The browser is Debian's.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )
    .map_err(|_| {
        Problem::new(
            "the browser tests' npm packages could not be installed; npm's reason is above. It needs an npm \
             registry over the network once.",
        )
    })?;
    fs::write(&stamp, wanted).map_err(|error| Problem::file("write", &stamp, &error))
}
