//! Mail programs that the machines are tried against, over loopback.

use std::env;

use super::debian;
use crate::{run, say};

/// Installs Dovecot where CI runs. Elsewhere its tests announce themselves as skipped, because nobody wants a mail
/// server on his desk without having asked for it.
pub fn ensure() {
    if run::find("dovecot").is_some() {
        return;
    }
    let packages = &["dovecot-imapd", "dovecot-pop3d"];
    if env::var_os("CI").is_none() {
        say::line(&format!(
            "Tests against Dovecot are skipped: apt-get install {} to have them.",
            packages.join(" ")
        ));
    } else if debian::install("Dovecot", packages).is_err() {
        say::line("Dovecot could not be installed; the tests against it are skipped.");
    }
}
