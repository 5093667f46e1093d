//! Which files are meant: files as they are named, the files in folders, and patterns that no shell has opened.

use std::path::{Path, PathBuf};

/// Folders within folders deeper than this are left alone.
const DEPTH: usize = 32;

/// An input to be judged.
pub struct Source {
    pub path: PathBuf,
    /// It was found in a folder or by a pattern: it may be something else than a recording.
    pub found: bool,
}

/// The inputs, in the order of the arguments; those of a folder or a pattern by name.
pub fn sources(arguments: &[PathBuf]) -> Vec<Source> {
    let mut sources = Vec::new();
    for argument in arguments {
        if argument.is_dir() {
            folder(argument, DEPTH, &mut sources);
        } else if argument.exists() || argument == Path::new("-") || !sources_of(argument, &mut sources) {
            sources.push(Source { path: argument.clone(), found: false });
        }
    }
    sources
}

/// The files that a pattern means; false when it is none, or means nothing.
fn sources_of(pattern: &Path, sources: &mut Vec<Source>) -> bool {
    let text = pattern.to_string_lossy();
    if !text.contains(['*', '?', '[']) {
        return false;
    }
    let before = sources.len();
    for path in glob::glob(&text).into_iter().flatten().flatten() {
        if path.is_dir() {
            folder(&path, DEPTH, sources);
        } else {
            sources.push(Source { path, found: true });
        }
    }
    sources.len() > before
}

fn folder(folder: &Path, depth: usize, sources: &mut Vec<Source>) {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        // A link may lead back here.
        let Ok(kind) = path.symlink_metadata() else { continue };
        if kind.is_dir() && depth > 0 {
            self::folder(&path, depth.saturating_sub(1), sources);
        } else if path.is_file() {
            sources.push(Source { path, found: true });
        }
    }
}
