//! `cargo xtask dist`: everything that is given away, in dist-release/.
//!
//! Packing needs libraries that nothing else does, so they are a feature of xtask: without it, the job builds the page
//! and starts xtask once more with it.

use std::{path::PathBuf, process::ExitCode};

use super::no_more;
use crate::{problem::Result, project};

#[cfg(feature = "dist")]
mod bill;
#[cfg(feature = "dist")]
mod html;

/// The job.
pub fn run(args: lexopt::Parser) -> Result<ExitCode> {
    no_more(args)?;
    pack()?;
    Ok(ExitCode::SUCCESS)
}

/// The job that makes the page in one file alone.
pub fn run_single(args: lexopt::Parser) -> Result<ExitCode> {
    no_more(args)?;
    single()?;
    Ok(ExitCode::SUCCESS)
}

/// What is given away, and nothing else, lies here.
pub fn folder() -> PathBuf {
    project::root().join("dist-release")
}

/// The page in one file.
pub fn one_file() -> Result<PathBuf> {
    Ok(folder().join(format!("starttls-lab-{}.html", project::version()?)))
}

/// Builds and packs, in a second xtask that can.
#[cfg(not(feature = "dist"))]
pub fn pack() -> Result<()> {
    again("dist")
}

/// The page in one file, from the page built last, in a second xtask that can.
#[cfg(not(feature = "dist"))]
pub fn single() -> Result<()> {
    again("single")
}

#[cfg(not(feature = "dist"))]
fn again(job: &str) -> Result<()> {
    let mut cargo = crate::run::cargo();
    cargo.args(["run", "--quiet", "--locked", "--package", "xtask", "--features", "dist", "--", job]);
    crate::run::watch("packing", &mut cargo)
}

#[cfg(feature = "dist")]
pub use packing::{pack, single};

#[cfg(feature = "dist")]
mod packing {
    use std::{
        collections::BTreeMap,
        env, fs,
        io::{Cursor, Write},
        path::{Path, PathBuf},
    };

    use sha2::{Digest, Sha256};
    use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

    use super::{bill, folder, html, one_file};
    use crate::{
        job::build,
        problem::{Problem, Result},
        project, run, say, site,
    };

    /// The page in one file may be so large; an e-mail or a slow stick takes it.
    const LIMIT: usize = 5 << 20;

    /// The page in one file, from the page built last.
    pub fn single() -> Result<()> {
        let folder = folder();
        fs::create_dir_all(&folder).map_err(|error| Problem::file("make", &folder, &error))?;
        let html = html::page(&project::dist())?;
        if html.len() > LIMIT {
            let (size, limit) = (html.len().div_ceil(1024), LIMIT >> 10);
            return Err(Problem::new(format!("the page in one file has {size} KB; {limit} are allowed")));
        }
        let file = one_file()?;
        site::write(&file, &html)?;
        say::line(&format!("The page in one file: {} ({} KB).", file.display(), html.len().div_ceil(1024)));
        Ok(())
    }

    /// Builds and packs everything.
    pub fn pack() -> Result<()> {
        let folder = folder();
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| Problem::file("remove", &folder, &error))?;
        }
        fs::create_dir_all(&folder).map_err(|error| Problem::file("make", &folder, &error))?;
        build::page()?;
        single()?;
        let name = format!("starttls-lab-{}", project::version()?);
        let site = zipped(&format!("{name}-site"), &site::files(&project::dist(), "")?)?;
        put(&folder, &format!("{name}-site.zip"), &site)?;
        command_line(&folder, &name)?;
        put(&folder, &format!("{name}.cdx.json"), bill::of_materials()?.as_bytes())?;
        let mut sums = String::new();
        for (name, bytes) in site::files(&folder, "")? {
            let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            sums.push_str(&format!("{sum}  {name}\n"));
        }
        put(&folder, "SHA256SUMS", sums.as_bytes())?;
        say::line(&format!("Everything is in {}; `sha256sum -c SHA256SUMS` checks it.", folder.display()));
        Ok(())
    }

    fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| Problem::file("write", &path, &error))
    }

    /// The command line for this machine.
    fn command_line(folder: &Path, name: &str) -> Result<()> {
        say::line("Building the command line.");
        let mut cargo = run::cargo();
        cargo.args(["build", "--release", "--locked", "--bin", "starttls-lab"]);
        if let Some(commit) = site::commit() {
            cargo.env("STARTTLS_LAB_COMMIT", commit);
        }
        run::watch("cargo build", &mut cargo)?;
        let program = format!("starttls-lab{}", env::consts::EXE_SUFFIX);
        let built =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| project::root().join("target"), PathBuf::from);
        let built = built.join("release").join(&program);
        let to = folder.join(format!(
            "{name}-{}-{}{}",
            env::consts::OS,
            env::consts::ARCH,
            env::consts::EXE_SUFFIX
        ));
        fs::copy(&built, &to).map_err(|error| Problem::file("copy", &built, &error))?;
        Ok(())
    }

    /// Files as a zip with one folder in it. The same files give the same octets.
    fn zipped(top: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
        let failed = |error: &dyn std::fmt::Display| Problem::new(format!("the zip failed: {error}"));
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        for (name, bytes) in files {
            zip.start_file(format!("{top}/{name}"), options).map_err(|error| failed(&error))?;
            zip.write_all(bytes).map_err(|error| failed(&error))?;
        }
        zip.finish().map(Cursor::into_inner).map_err(|error| failed(&error))
    }
}
