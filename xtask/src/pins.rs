//! The versions of the build tools, named once. The tests below hold every other file that must know
//! them to these.

/// The compiler's target for the page.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// trunk, which bundles the page; 0.22 needs a newer compiler.
pub const TRUNK: &str = "0.21.14";
/// wasm-bindgen-cli, which must equal the `wasm-bindgen` crate to the last digit.
pub const WASM_BINDGEN: &str = "0.2.129";
/// cargo-fuzz, which builds and runs the fuzz targets.
pub const CARGO_FUZZ: &str = "0.13.2";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project;
    use std::fs;

    fn read(path: &str) -> String {
        fs::read_to_string(project::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has_line(path: &str, line: &str) {
        assert!(read(path).lines().any(|found| found.trim() == line), "{path} should have the line {line}");
    }

    #[test]
    fn trunk_toml_agrees() {
        has_line("Trunk.toml", &format!("trunk-version = \"={TRUNK}\""));
        has_line("Trunk.toml", &format!("wasm_bindgen = \"{WASM_BINDGEN}\""));
    }

    #[test]
    fn cargo_toml_agrees() {
        let manifest = read("Cargo.toml");
        let line = manifest.lines().find(|line| line.starts_with("wasm-bindgen ")).expect("a dependency");
        assert!(line.contains(&format!("version = \"={WASM_BINDGEN}\"")), "Cargo.toml: {line}");
    }

    #[test]
    fn cargo_lock_agrees() {
        let lock = read("Cargo.lock");
        let entry = format!("name = \"wasm-bindgen\"\nversion = \"{WASM_BINDGEN}\"\n");
        assert!(lock.contains(&entry), "Cargo.lock should have wasm-bindgen {WASM_BINDGEN}");
    }

    /// So that two machines test with the same Playwright and axe.
    #[test]
    fn npm_versions_are_exact() {
        let package = read("tests/e2e/package.json");
        let (_, dependencies) = package.split_once("\"devDependencies\"").expect("dependencies");
        for line in dependencies.lines().filter(|line| line.contains("\": \"")) {
            let (_, version) = line.split_once("\": \"").expect("a version");
            assert!(version.starts_with(|first: char| first.is_ascii_digit()), "not exact: {line}");
        }
    }

    /// The lock file serves every registry mirror: it names none.
    #[test]
    fn npm_lock_names_no_host() {
        let lock = read("tests/e2e/package-lock.json");
        assert!(
            !lock.contains("\"resolved\""),
            "package-lock.json has `resolved` addresses: npm install --omit-lockfile-registry-resolved leaves them out"
        );
    }
}
