//! Where things lie in the project.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The repository's root. Cargo says at run time where xtask is; the place where it was compiled is the
/// fallback for someone who starts the program by hand.
pub fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let xtask = xtask.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    xtask.parent().map(Path::to_path_buf).unwrap_or(xtask)
}

/// The built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The end-to-end tests.
pub fn e2e() -> PathBuf {
    root().join("tests").join("e2e")
}
