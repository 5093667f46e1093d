//! `cargo xtask npm`: the JavaScript package, in npm-release/, and its tests in Node.js.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use super::no_more;
use crate::{
    need::{
        npm, toolchain,
        tools::{self, WASM_BINDGEN},
    },
    pins::WASM_TARGET,
    problem::{Problem, Result},
    project, run, say, site,
};

/// The job.
pub fn run(args: lexopt::Parser) -> Result<ExitCode> {
    no_more(args)?;
    package()?;
    Ok(ExitCode::SUCCESS)
}

/// Where the package is made.
pub fn folder() -> PathBuf {
    project::root().join("npm-release")
}

/// Builds the package and tests it.
pub fn package() -> Result<()> {
    tools::announce(&[&WASM_BINDGEN])?;
    toolchain::wasm_target()?;
    let bindgen = WASM_BINDGEN.ensure()?.join("wasm-bindgen");
    say::line("Building the JavaScript package.");
    run::watch(
        "cargo build",
        run::cargo().args(["build", "--locked", "--profile", "page", "--target", WASM_TARGET]).args([
            "--no-default-features",
            "--features",
            "js",
            "--bin",
            "js",
        ]),
    )?;
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| project::root().join("target"), PathBuf::from);
    let module = target.join(WASM_TARGET).join("page").join("js.wasm");
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Problem::file("remove", &folder, &error))?;
    }
    for (name, kind) in [("web", "web"), ("node", "nodejs")] {
        let mut command = Command::new(&bindgen);
        command.arg(&module).args(["--target", kind, "--out-name", "starttls_lab"]);
        command.arg("--out-dir").arg(folder.join(name));
        run::watch("wasm-bindgen", &mut command)?;
    }
    describe(&folder)?;
    let node = npm::node()?;
    run::watch(
        "the package's tests",
        Command::new(node)
            .args(["--test", "npm/package.test.mjs"])
            .current_dir(project::root())
            .env("PACKAGE", &folder)
            .env(
                "COMMAND_LINE",
                target.join("debug").join(format!("starttls-lab{}", env::consts::EXE_SUFFIX)),
            ),
    )?;
    say::line(&format!(
        "The JavaScript package is in {}; `npm publish` or `npm install` takes it from there.",
        folder.display()
    ));
    Ok(())
}

/// What npm wants to know, and what people do.
fn describe(folder: &Path) -> Result<()> {
    let npm = project::root().join("npm");
    let manifest = site::read(&npm.join("package.template.json"))?.replace("VERSION", &project::version()?);
    site::write(&folder.join("package.json"), &manifest)?;
    site::write(&folder.join("README.md"), &site::read(&npm.join("README.md"))?)?;
    // What wasm-bindgen makes for Node.js is a CommonJS module within a package that is none.
    site::write(&folder.join("node").join("package.json"), "{ \"type\": \"commonjs\" }\n")?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        site::write(&folder.join(licence), &site::read(&project::root().join(licence))?)?;
    }
    Ok(())
}
