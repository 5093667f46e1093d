//! Chromium and its driver, for tests.

use std::{env, path::PathBuf};

use super::debian;
use crate::{
    problem::{Problem, Result},
    run,
};

/// The browser and the program that drives it.
#[derive(Debug)]
pub struct Browser {
    /// Chromium itself.
    pub chromium: PathBuf,
    /// chromedriver.
    pub driver: PathBuf,
}

/// Finds Chromium and chromedriver (named by CHROMIUM and CHROMEDRIVER, else on PATH), or installs Debian's.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    debian::install("Chromium with its driver", &["chromium", "chromium-driver"])?;
    find()?.ok_or_else(|| {
        Problem::new("Chromium was installed, but there is no `chromium` or no `chromedriver` on PATH")
    })
}

fn find() -> Result<Option<Browser>> {
    let chromium = program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?;
    let driver = program("CHROMEDRIVER", &["chromedriver"])?;
    Ok(chromium.zip(driver).map(|(chromium, driver)| Browser { chromium, driver }))
}

fn program(variable: &str, names: &[&str]) -> Result<Option<PathBuf>> {
    let Some(named) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(names.iter().find_map(|name| run::find(name)));
    };
    if named.is_file() {
        return Ok(Some(named));
    }
    Err(Problem::new(format!("{variable} names {}, which is not a file", named.display())))
}
