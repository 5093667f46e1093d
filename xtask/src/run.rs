//! Running other programs: seen by the person when they work, explained when they fail.

use std::{
    env,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    problem::{Problem, Result},
    project,
};

/// The cargo that started us, so that a nested one is of the same toolchain; it works in the project.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(project::root());
    // Would move what the steps below expect under target/<triple>.
    command.env_remove("CARGO_BUILD_TARGET");
    command
}

/// Runs a command to its end, its output going straight to the terminal. `what` names it in the
/// sentence for a failure.
pub fn watch(what: &str, command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().map_err(|error| not_started(what, &error))?;
    if status.success() { Ok(()) } else { Err(Problem::new(format!("{what} failed ({status}); see above"))) }
}

/// Runs a command and gives what it printed, or nothing if it is missing or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program lies on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// PATH with some folders before all others.
pub fn path_with(folders: &[&Path]) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(env::split_paths(&old));
    env::join_paths(all).map_err(|error| Problem::new(format!("cannot extend PATH: {error}")))
}

fn not_started(what: &str, error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Problem::new(format!("{what} could not start: the program is not installed"))
        }
        _ => Problem::new(format!("{what} could not start: {error}")),
    }
}
