//! `cargo xtask serve`: from a bare Rust toolchain to the page in a browser.

use std::process::{Command, ExitCode, Stdio};

use lexopt::{ValueExt, prelude::Long};

use super::build;
use crate::{problem::Result, project, say, server::Port};

/// The job.
pub fn run(mut args: lexopt::Parser) -> Result<ExitCode> {
    let mut port = 8080;
    let mut open = false;
    while let Some(arg) = args.next()? {
        match arg {
            Long("port") => port = args.value()?.parse()?,
            Long("open") => open = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let port = Port::take(port)?;
    build::page()?;
    let url = port.url();
    let threads = port.serve(&project::dist())?;
    say::line(&format!("\nSTARTTLS Lab is at {url}\nControl-C stops it."));
    if open {
        open_in_browser(&url);
    }
    for thread in threads {
        let _ = thread.join();
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks the desktop to open an address. No desktop is no failure: the address is on the screen.
fn open_in_browser(url: &str) {
    let opener = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        say::line(&format!("(There is no {opener} here to open a browser with: open the address yourself.)"));
    }
}
