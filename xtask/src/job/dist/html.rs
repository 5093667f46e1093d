//! The page in one file that opens from a disk: styles and scripts stand in it, and both modules, packed, as text that
//! is no script. Nothing is asked for from anywhere, and the policy says so.

use std::{collections::BTreeMap, io::Write, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::{
    problem::{Problem, Result},
    site,
};

/// Unpacks a module that stands in the page.
const UNPACK: &str = "const unpacked = async (text) => {
  const octets = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
";

/// Starts the page; its own script stands in front.
const START: &str = "
const held = (id) => document.getElementById(id).textContent;
const worker = [held('worker-script'), held('unpack-script'),
  `unpacked('${held('worker-module')}').then((octets) => wasm_bindgen({ module_or_path: octets }));`];
const named = document.querySelector('meta[name=worker]');
named.content = URL.createObjectURL(new Blob(worker, { type: 'text/javascript' }));
unpacked(held('page-module'))
  .then((octets) => __wbg_init({ module_or_path: octets }))
  .catch((error) => {
    document.querySelector('#starting').textContent = `This browser cannot open the page from one file: ${error}`;
  });
";

/// The page built in a folder, in one file.
pub fn page(dist: &Path) -> Result<String> {
    let files = site::files(dist, "")?;
    let html = text(&files, "index.html")?;
    let body = between(html, "<body>", "</body>")?;
    let title = between(html, "<title>", "</title>")?;
    let icon =
        html.lines().find(|line| line.contains("rel=\"icon\"") && line.contains("data:")).unwrap_or_default();
    let description = html.lines().find(|line| line.contains("name=\"description\"")).unwrap_or_default();

    let styles: Vec<&str> = html
        .split("rel=\"stylesheet\" href=\"./")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|name| text(&files, name))
        .collect::<Result<_>>()?;
    let style = styles.concat();
    let page = one(&files, "page-", ".js")?;
    let page_module = one(&files, "page-", "_bg.wasm")?;
    let worker = files
        .keys()
        .find(|name| name.starts_with("worker-") && name.ends_with(".js") && !name.ends_with("_loader.js"));
    let worker = text(&files, worker.map_or("worker.js", String::as_str))?;
    let worker_module = one(&files, "worker-", "_bg.wasm")?;
    let boot = text(&files, "boot.js")?;
    let page = std::str::from_utf8(page).map_err(|_| Problem::new("the page's script is no text"))?;
    let start = format!("{UNPACK}{page}{START}");
    for (what, script) in [("boot.js", boot), ("the page's script", start.as_str()), ("worker.js", worker)] {
        if script.contains("</script") {
            return Err(Problem::new(format!(
                "{what} holds the end of a script, which would end it in one file"
            )));
        }
    }

    let policy = [
        "default-src 'none'".to_owned(),
        format!("script-src 'wasm-unsafe-eval' {} {}", hash(boot), hash(&start)),
        format!("style-src {}", hash(&style)),
        "img-src data:".to_owned(),
        "worker-src blob:".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
    ]
    .join("; ");
    Ok(format!(
        "<!doctype html>
<html lang=\"en\">
  <head>
    <meta charset=\"utf-8\">
    <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
    <meta name=\"color-scheme\" content=\"light dark\">
{description}
    <meta name=\"worker\" content=\"\">
    <title>{title}</title>
{icon}
    <style>{style}</style>
  </head>
  <body>{body}
    <script>{boot}</script>
    <script type=\"text/plain\" id=\"unpack-script\">{UNPACK}</script>
    <script type=\"text/plain\" id=\"worker-script\">{worker}</script>
    <script type=\"text/plain\" id=\"worker-module\">{}</script>
    <script type=\"text/plain\" id=\"page-module\">{}</script>
    <script type=\"module\">{start}</script>
  </body>
</html>
",
        packed(worker_module)?,
        packed(page_module)?
    ))
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

fn packed(bytes: &[u8]) -> Result<String> {
    let failed = |error: std::io::Error| Problem::new(format!("packing failed: {error}"));
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).map_err(failed)?;
    packer.finish().map(|packed| STANDARD.encode(packed)).map_err(failed)
}

fn between<'a>(html: &'a str, start: &str, end: &str) -> Result<&'a str> {
    let found = html.split_once(start).and_then(|(_, rest)| rest.split_once(end));
    found.map(|(inner, _)| inner).ok_or_else(|| Problem::new(format!("index.html has no {start}")))
}

fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> Result<&'a str> {
    let bytes = files.get(name).ok_or_else(|| Problem::new(format!("the built page has no {name}")))?;
    std::str::from_utf8(bytes).map_err(|_| Problem::new(format!("{name} is no text")))
}

/// The only file whose name begins and ends like this.
fn one<'a>(files: &'a BTreeMap<String, Vec<u8>>, start: &str, end: &str) -> Result<&'a [u8]> {
    let mut found = files.iter().filter(|(name, _)| name.starts_with(start) && name.ends_with(end));
    match (found.next(), found.next()) {
        (Some((_, bytes)), None) => Ok(bytes),
        _ => Err(Problem::new(format!(
            "the built page should have one {start}*{end}; `cargo xtask build` makes it"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_one_file_asks_for_nothing() {
        let folder = std::env::temp_dir().join(format!("xtask-single-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let index = "<html><head><title>Lab</title>\n<meta name=\"description\" content=\"d\">\n\
            <script src=\"boot.js\" defer></script><link rel=\"stylesheet\" href=\"./a-1.css\" integrity=\"x\"/></head>\
            <body><div id=\"app\"></div><script src=\"boot.js\" defer></script></body></html>";
        let given: [(&str, &[u8]); 7] = [
            ("index.html", index.as_bytes()),
            ("a-1.css", b"p{}"),
            ("boot.js", b"boot()"),
            ("page-1.js", b"export { x as default };"),
            ("page-1_bg.wasm", b"\0asm\xff"),
            ("worker-1.js", b"let wasm_bindgen;"),
            ("worker-1_bg.wasm", b"\0asm\xff"),
        ];
        for (name, bytes) in given {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        let html = page(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(!html.contains("src=") && !html.contains("href="), "{html}");
        assert!(html.contains(&hash("p{}")) && html.contains(&hash("boot()")), "{html}");
        assert_eq!(html.matches("<script").count(), 6, "{html}");
    }
}
