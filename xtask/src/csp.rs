//! The page's content security policy.
//!
//! trunk starts the page by a small inline script whose text changes with every build, so the policy, which
//! names the script's hash, can only be written after the build.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::problem::{Problem, Result};

/// The page after `<meta charset>` (or `<head>`) gets the policy, and nothing else changes.
pub fn insert(html: &str) -> Result<String> {
    if html.to_ascii_lowercase().contains("content-security-policy") {
        return Err(Problem::new(
            "index.html already has a content security policy; xtask writes the only one (xtask/src/csp.rs)",
        ));
    }
    let meta =
        format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy(starter(html)?));
    let (before, after) = split_after(html, "<meta charset=\"utf-8\">")
        .or_else(|| split_after(html, "<head>"))
        .ok_or_else(|| Problem::new("index.html has no <head> to put the content security policy in"))?;
    Ok(format!("{before}\n    {meta}{after}"))
}

/// The policy for a page whose only inline script is `script`.
fn policy(script: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
    let script = format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}'");
    let directives = [
        "default-src 'none'",
        &script,
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ];
    directives.join("; ")
}

/// The text of the one inline script. A second one would be dead under the policy: better said here than in
/// a browser's console.
fn starter(html: &str) -> Result<&str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let cut = || Problem::new("index.html has a <script> without an end");
        let (attributes, after) = after.split_once('>').ok_or_else(cut)?;
        let (text, after) = after.split_once("</script>").ok_or_else(cut)?;
        if !attributes.contains("src=") {
            found.push((attributes, text));
        }
        rest = after;
    }
    match found.as_slice() {
        [(attributes, text)] if attributes.contains("type=\"module\"") => Ok(text),
        _ => Err(Problem::new(format!(
            "the built index.html should have one inline script, the module by which trunk starts the page, \
             and has {}. Put other scripts into files of their own.",
            found.len()
        ))),
    }
}

fn split_after<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    text.split_at_checked(text.find(mark)? + mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><head>\n<meta charset=\"utf-8\">\n<title>x</title>\
        <script type=\"module\">a()</script></head><body><script src=\"b.js\"></script></body></html>";

    #[test]
    fn only_the_policy_is_added() {
        let page = insert(PAGE).unwrap();
        let (start, rest) = page.split_once("\n    <meta http-equiv").unwrap();
        let (policy, end) = rest.split_once('>').unwrap();
        assert_eq!(format!("{start}{end}"), PAGE);
        // printf 'a()' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='"), "{policy}");
        assert!(policy.contains("default-src 'none'; "), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    }

    #[test]
    fn a_second_policy_or_script_is_refused() {
        assert!(insert(&insert(PAGE).unwrap()).is_err());
        assert!(insert(&PAGE.replace("<title>", "<script>b()</script><title>")).is_err());
        assert!(insert(&PAGE.replace("<script type=\"module\">a()</script>", "")).is_err());
        assert!(insert(&PAGE.replace(" type=\"module\"", "")).is_err());
    }
}
