//! What the page needs beyond what trunk makes: the worker under a name of its own release, the list of files that the
//! service worker keeps, and the content security policy.

use std::{collections::BTreeMap, fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{
    csp,
    problem::{Problem, Result},
    project, run,
};

/// The service worker's file, which keeps all others and so not itself.
const KEEPER: &str = "sw.js";

/// Finishes the page that trunk made in a folder.
pub fn finish(dist: &Path) -> Result<()> {
    let loader = name_worker(dist)?;
    let index = dist.join("index.html");
    let release = project::version()?;
    let html = picture_first(&read(&index)?)?;
    let html = with_meta(&html, &[("worker", &loader), ("offline", KEEPER), ("release", &release)])?;
    write(&index, &csp::insert(&html)?)?;
    let sums = sums(dist)?;
    let keeper = dist.join(KEEPER);
    write(&keeper, &kept(&read(&keeper)?, &sums)?)
}

/// The commit that the sources are of, if git knows; `+` stands behind it when something in them was changed since.
pub fn commit() -> Option<String> {
    let git =
        |args: &[&str]| run::ask(std::process::Command::new("git").args(args).current_dir(project::root()));
    let commit = git(&["rev-parse", "--short=10", "HEAD"]).filter(|commit| !commit.is_empty())?;
    let changed = git(&["status", "--porcelain"]).is_none_or(|changes| !changes.is_empty());
    Some(if changed { format!("{commit}+") } else { commit })
}

pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Problem::file("read", path, &error))
}

pub fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| Problem::file("write", path, &error))
}

/// trunk names a worker by its program alone, so that a browser may take an older one for it: its checksum goes into
/// the name. Returns the name of the script that starts it.
fn name_worker(dist: &Path) -> Result<String> {
    let module = dist.join("worker_bg.wasm");
    let bytes = fs::read(&module).map_err(|error| Problem::file("read", &module, &error))?;
    let script = read(&dist.join("worker.js"))?;
    let sum = Sha256::new().chain_update(&bytes).chain_update(&script).finalize();
    let sum: String = sum.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let [script, module, loader] = ["", "_bg", "_loader"]
        .map(|part| format!("worker-{sum}{part}.{}", if part == "_bg" { "wasm" } else { "js" }));
    for (old, new) in [("worker.js", &script), ("worker_bg.wasm", &module)] {
        fs::rename(dist.join(old), dist.join(new))
            .map_err(|error| Problem::file("rename", &dist.join(old), &error))?;
    }
    let old = dist.join("worker_loader.js");
    fs::remove_file(&old).map_err(|error| Problem::file("remove", &old, &error))?;
    let text = format!("importScripts('./{script}');wasm_bindgen({{module_or_path:'./{module}'}});");
    write(&dist.join(&loader), &text)?;
    Ok(loader)
}

/// The page with a script of ours in place of trunk's: the module, which is nearly all that travels, is asked for when
/// the first picture stands, and does not compete with the style sheets for it. Compiling it and starting it are two
/// tasks. A host that gives it another type than its own is asked for it again.
fn picture_first(html: &str) -> Result<String> {
    const BEGIN: &str = "<script type=\"module\">";
    let odd = || Problem::new("the built index.html does not start the page as trunk is known to do it");
    let (before, rest) = html.split_once(BEGIN).ok_or_else(odd)?;
    let (script, after) = rest.split_once("</script>").ok_or_else(odd)?;
    let (_, name) = script.split_once("from './").ok_or_else(odd)?;
    let (name, _) = name.split_once(".js'").ok_or_else(odd)?;
    let script = format!(
        "
if (!document.hidden) await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
const octets = fetch('./{name}_bg.wasm');
const {{ default: init }} = await import('./{name}.js');
const compiled = WebAssembly.compileStreaming(octets);
const module = await compiled.catch(async () => WebAssembly.compile(await (await fetch('./{name}_bg.wasm')).arrayBuffer()));
await new Promise((turn) => setTimeout(turn));
await init({{ module_or_path: module }});
"
    );
    let (before, after) = (without_preloads(before), without_preloads(after));
    Ok(format!("{before}{BEGIN}{script}</script>{after}"))
}

/// Trunk asks the browser to load the module before anything else.
fn without_preloads(html: &str) -> String {
    let links = html.split_inclusive('>');
    let kept = links.map(|part| {
        let link = part.rfind("<link rel=\"preload\"").or_else(|| part.rfind("<link rel=\"modulepreload\""));
        link.and_then(|at| part.get(..at)).unwrap_or(part)
    });
    kept.collect()
}

/// The page with things that its own code asks for.
fn with_meta(html: &str, metas: &[(&str, &str)]) -> Result<String> {
    let (before, after) =
        html.split_once("<title>").ok_or_else(|| Problem::new("index.html has no <title>"))?;
    let metas: String = metas
        .iter()
        .map(|(name, content)| format!("<meta name=\"{name}\" content=\"{content}\">\n    "))
        .collect();
    Ok(format!("{before}{metas}<title>{after}"))
}

/// The checksums of all files but the keeper, by name, as browsers write them.
fn sums(dist: &Path) -> Result<BTreeMap<String, String>> {
    let mut sums = BTreeMap::new();
    for (name, bytes) in files(dist, "")? {
        if name != KEEPER {
            sums.insert(name, format!("sha256-{}", STANDARD.encode(Sha256::digest(&bytes))));
        }
    }
    Ok(sums)
}

/// All files of a folder and those in it, by name.
pub fn files(folder: &Path, prefix: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut all = BTreeMap::new();
    let entries = fs::read_dir(folder).map_err(|error| Problem::file("read", folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Problem::file("read", folder, &error))?;
        let (path, name) = (entry.path(), format!("{prefix}{}", entry.file_name().to_string_lossy()));
        if path.is_dir() {
            all.append(&mut files(&path, &format!("{name}/"))?);
        } else {
            all.insert(name, fs::read(&path).map_err(|error| Problem::file("read", &path, &error))?);
        }
    }
    Ok(all)
}

/// The keeper with its list.
fn kept(script: &str, sums: &BTreeMap<String, String>) -> Result<String> {
    let list: Vec<_> = sums.iter().map(|(name, sum)| format!("  ['{name}', '{sum}'],\n")).collect();
    let whole = Sha256::digest(list.concat());
    let release: String = whole.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let places = ["const RELEASE = '';", "const FILES = [];"];
    if places.iter().any(|place| script.matches(place).count() != 1) {
        return Err(Problem::new(format!("www/{KEEPER} has no place for its release and its list of files")));
    }
    let [first, second] = places;
    Ok(script
        .replace(first, &format!("const RELEASE = '{release}';"))
        .replace(second, &format!("const FILES = [\n{}];", list.concat())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_as_trunk_makes_it_becomes_one_that_can_be_kept() {
        let folder = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let page = "<html><head>\n<meta charset=\"utf-8\">\n<title>x</title><link rel=\"modulepreload\" href=\"./page-1.js\"><script type=\"module\">import init from './page-1.js'; init()</script></head></html>";
        let keeper = fs::read_to_string(project::root().join("www").join(KEEPER)).unwrap();
        let given = [
            ("index.html", page),
            ("worker.js", "let wasm_bindgen;"),
            ("worker_bg.wasm", "asm"),
            ("worker_loader.js", "old"),
            (KEEPER, &keeper),
        ];
        for (name, text) in given {
            fs::write(folder.join(name), text).unwrap();
        }
        finish(&folder).unwrap();
        let files = files(&folder, "").unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        let [index, keeper, first, module, loader] = names.as_slice() else { panic!("{names:?}") };
        assert!(index == &"index.html" && keeper == &KEEPER, "{names:?}");
        assert!(
            first.starts_with("worker-") && module.ends_with("_bg.wasm") && loader.ends_with("_loader.js")
        );
        assert!(text(loader).contains(first) && text(loader).contains(module), "{}", text(loader));
        assert!(text(index).contains(&format!("<meta name=\"worker\" content=\"{loader}\">")));
        assert!(text(index).contains("Content-Security-Policy"));
        assert!(text(index).contains("await import('./page-1.js')") && !text(index).contains("preload"));
        for name in [index, first, module, loader] {
            assert!(text(keeper).contains(&format!("['{name}', 'sha256-")), "{name}");
        }
        assert!(!text(keeper).contains("['sw.js'") && !text(keeper).contains("const RELEASE = '';"));
    }
}
