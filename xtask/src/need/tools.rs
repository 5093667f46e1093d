//! The tools that cargo compiles: trunk, wasm-bindgen-cli and cargo-fuzz.
//!
//! A tool of exactly the pinned version on PATH is used. Otherwise it is compiled once into the user's
//! cache folder, where every checkout finds it again.

use std::{
    env,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{
    pins,
    problem::{Problem, Result},
    run, say,
};

/// A program from crates.io at one version.
#[derive(Debug)]
pub struct Tool {
    /// Its package.
    name: &'static str,
    version: &'static str,
    /// The programs we use of it.
    programs: &'static [&'static str],
    /// How long it takes to compile on two cores, roughly.
    minutes: u32,
}

/// Bundles the page.
pub static TRUNK: Tool = Tool { name: "trunk", version: pins::TRUNK, programs: &["trunk"], minutes: 7 };

/// Makes the JavaScript beside the page's WebAssembly, and runs WebAssembly tests in a browser.
pub static WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: pins::WASM_BINDGEN,
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    minutes: 4,
};

/// Builds the fuzz targets and runs them.
pub static CARGO_FUZZ: Tool =
    Tool { name: "cargo-fuzz", version: pins::CARGO_FUZZ, programs: &["cargo-fuzz"], minutes: 2 };

/// Says at the outset what must be compiled first and how long that takes, so that nobody waits in the dark.
pub fn announce(tools: &[&Tool]) -> Result<()> {
    let mut missing = Vec::new();
    for tool in tools {
        if tool.find()?.is_none() {
            missing.push(tool);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing
        .iter()
        .map(|tool| format!("{} {} (about {} minutes)", tool.name, tool.version, tool.minutes))
        .collect();
    say::line(&format!(
        "This machine lacks {}. They are compiled once, into {}; the times are those of two cores.",
        names.join(" and "),
        cache()?.display()
    ));
    Ok(())
}

impl Tool {
    /// The folder that has the tool's programs; compiles the tool if there is none.
    pub fn ensure(&self) -> Result<PathBuf> {
        if let Some(folder) = self.find()? {
            return Ok(folder);
        }
        let cache = cache()?;
        fs::create_dir_all(&cache).map_err(|error| Problem::file("make", &cache, &error))?;

        // Two checkouts may want the same tool at the same time: one compiles, the other waits.
        let lock = cache.join(format!("{}-{}.lock", self.name, self.version));
        let lock = File::create(&lock).map_err(|error| Problem::file("write", &lock, &error))?;
        if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
            say::line(&format!("Another xtask is compiling {}; waiting for it.", self.name));
        }
        // A file system without locks is no reason to stop: at worst the tool is compiled twice.
        let _ = lock.lock();
        if let Some(folder) = self.find()? {
            return Ok(folder);
        }
        self.install(&cache)?;
        self.find()?.ok_or_else(|| {
            Problem::new(format!(
                "cargo installed {} {}, but its programs do not answer to `--version`",
                self.name, self.version
            ))
        })
    }

    /// The folder that has the tool's programs at the pinned version: on PATH, else in the cache.
    fn find(&self) -> Result<Option<PathBuf>> {
        let on_path = self.programs.first().and_then(|first| run::find(first));
        let on_path = on_path.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let cached = self.root(&cache()?).join("bin");
        Ok(on_path.into_iter().chain([cached]).find(|folder| self.is_in(folder)))
    }

    fn is_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            let said = run::ask(Command::new(folder.join(program)).arg("--version"));
            said.is_some_and(|said| said.split_whitespace().nth(1) == Some(self.version))
        })
    }

    fn root(&self, cache: &Path) -> PathBuf {
        cache.join(format!("{}-{}", self.name, self.version))
    }

    fn install(&self, cache: &Path) -> Result<()> {
        let Self { name, version, minutes, .. } = self;
        say::line(&format!("Compiling {name} {version}: about {minutes} minutes on two cores, once."));
        let start = Instant::now();
        let root = self.root(cache);
        // A folder of its own, so that an interrupted run goes on where it stopped.
        let build = cache.join(format!("{name}-{version}.build"));
        run::watch(
            "cargo install",
            run::cargo()
                .args(["install", "--locked", "--version", version, "--root"])
                .arg(&root)
                .arg("--target-dir")
                .arg(&build)
                // The tools run for seconds; whoever waits for them to compile waits for minutes.
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .arg(name),
        )
        .map_err(|_| {
            Problem::new(format!(
                "{name} {version} could not be installed; cargo's reason is above. It comes from crates.io, \
                 which needs the network once, and compiling it needs a C compiler and some 2 GB in {}.",
                cache.display()
            ))
        })?;
        // Only space: a failure here harms nothing.
        let _ = fs::remove_dir_all(&build);
        say::line(&format!("{name} {version} is ready after {}.", say::duration(start.elapsed())));
        Ok(())
    }
}

/// Where the compiled tools are kept, for this user and all checkouts.
fn cache() -> Result<PathBuf> {
    let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    let cache = cache.ok_or_else(|| {
        Problem::new("there is no place for the build tools: neither XDG_CACHE_HOME nor HOME is set")
    })?;
    Ok(cache.join("starttls-lab").join("tools"))
}
