//! Debian packages, through apt-get.

use std::process::Command;

use crate::{
    problem::{Problem, Result},
    run, say,
};

/// Installs packages, or says who must. `why` ends the sentence "… needs".
pub fn install(why: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if run::find("apt-get").is_none() {
        return Err(Problem::new(format!(
            "this machine lacks {why}, and has no apt-get to install it with. On Debian it is `apt-get install \
             {list}`; elsewhere install the same by the means of your system."
        )));
    }
    if !is_root() {
        return Err(Problem::new(format!(
            "this machine lacks {why}, and only root may install it: run `sudo apt-get install {list}`, then \
             this again."
        )));
    }
    say::line(&format!("Installing {why} from Debian ({list}): apt-get update, then a minute or so."));
    let failed = |_| {
        Problem::new(format!(
            "{why} could not be installed; apt-get's reason is above. It needs Debian's packages over the \
             network: run `apt-get update && apt-get install {list}` where there is one, then this again."
        ))
    };
    run::watch("apt-get update", apt_get().arg("update")).map_err(failed)?;
    run::watch(
        "apt-get install",
        apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages),
    )
    .map_err(failed)
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    run::ask(Command::new("id").arg("-u")).is_some_and(|user| user == "0")
}
