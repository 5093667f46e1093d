//! Where things lie in the project.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::problem::{Problem, Result};

/// The repository's root. Cargo says at run time where xtask is; the place where it was compiled is the
/// fallback for someone who starts the program by hand.
pub fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let xtask = xtask.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    xtask.parent().map(Path::to_path_buf).unwrap_or(xtask)
}

/// The version in Cargo.toml.
pub fn version() -> Result<String> {
    let path = root().join("Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(|error| Problem::file("read", &path, &error))?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    let version = line.and_then(|rest| rest.strip_suffix('"')).map(str::to_owned);
    version.ok_or_else(|| Problem::new("Cargo.toml has no version"))
}

/// The built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The end-to-end tests.
pub fn e2e() -> PathBuf {
    root().join("tests").join("e2e")
}
