//! `cargo xtask budget`: holds the built page to its size.
//!
//! The compressor is a feature of xtask. Without it, the job starts xtask once more with it.

use std::process::ExitCode;

use super::no_more;
use crate::problem::Result;

/// The job.
pub fn run(args: lexopt::Parser) -> Result<ExitCode> {
    no_more(args)?;
    check()?;
    Ok(ExitCode::SUCCESS)
}

/// Measures, in a second xtask that can.
#[cfg(not(feature = "budget"))]
pub fn check() -> Result<()> {
    let mut cargo = crate::run::cargo();
    cargo.args(["run", "--quiet", "--locked", "--package", "xtask", "--features", "budget", "--", "budget"]);
    crate::run::watch("the size check", &mut cargo)
}

#[cfg(feature = "budget")]
pub use measure::check;

#[cfg(feature = "budget")]
mod measure {
    use std::{fs, io::Write, path::Path};

    use crate::{
        problem::{Problem, Result},
        project, say,
    };

    // The aim is 900 and 280 KB for what the first screen needs. Today one module holds everything, the readers of
    // captures and the rule book too; these limits keep it from growing until that is a module of its own.

    /// All WebAssembly of the page as it lies on a disk or a USB stick.
    const RAW: usize = 2200 * 1024;
    /// The same as a web server sends it.
    const BROTLI: usize = 600 * 1024;

    /// Measures the .wasm files in dist/ and prints the numbers.
    pub fn check() -> Result<()> {
        let dist = project::dist();
        let (mut raw, mut packed) = (0, 0);
        for bytes in wasm_files(&dist)? {
            raw += bytes.len();
            packed += brotli(&bytes)?;
        }
        if raw == 0 {
            return Err(Problem::new("dist/ has no .wasm file; `cargo xtask build` makes it"));
        }
        let fits = [("raw", raw, RAW), ("brotli", packed, BROTLI)].map(|(kind, size, limit)| {
            let verdict = if size <= limit { "fits" } else { "is TOO LARGE" };
            say::line(&format!(
                "The page's WebAssembly, {kind}: {} of {} KB, {verdict}.",
                size.div_ceil(1024),
                limit / 1024
            ));
            size <= limit
        });
        if fits.contains(&false) {
            return Err(Problem::new("the page is over its size budget"));
        }
        Ok(())
    }

    fn wasm_files(folder: &Path) -> Result<Vec<Vec<u8>>> {
        let mut all = Vec::new();
        let entries = fs::read_dir(folder).map_err(|error| Problem::file("read", folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| Problem::file("read", folder, &error))?.path();
            if path.is_dir() {
                all.append(&mut wasm_files(&path)?);
            } else if path.extension().is_some_and(|ending| ending == "wasm") {
                all.push(fs::read(&path).map_err(|error| Problem::file("read", &path, &error))?);
            }
        }
        Ok(all)
    }

    /// The size at the best quality, as a site that packs its files once would send it.
    fn brotli(bytes: &[u8]) -> Result<usize> {
        let failed = |error| Problem::new(format!("brotli failed: {error}"));
        let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
        packer.write_all(bytes).map_err(failed)?;
        packer.flush().map_err(failed)?;
        Ok(packer.into_inner().len())
    }
}
