//! A small static file server for the built page, on the loopback address only.
//!
//! It reads all files first and serves them from memory: a later build does not change the page under a
//! person's hands or a test's feet, and no request ever becomes a path on the disk.

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
};

use tiny_http::{Header, Method, Request, Response, Server};

use crate::problem::{Problem, Result};

/// Files by their address: `index.html`, `samples/a.txt`.
type Files = BTreeMap<String, Vec<u8>>;

/// A port that is ours, with nobody behind it yet. Taken before the build, so that a person hears of a port
/// in use at once and not after some minutes; a browser that comes early waits.
#[derive(Debug)]
pub struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Takes a port; 0 takes any free one.
    pub fn take(number: u16) -> Result<Self> {
        let open = || {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, number))?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        open().map_err(|error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Problem::new(format!(
                "port {number} is in use by another program; choose another one: cargo xtask serve --port {}",
                number.checked_add(1).unwrap_or(8080)
            )),
            std::io::ErrorKind::PermissionDenied => {
                Problem::new(format!("port {number} is not allowed to this user; choose one above 1023"))
            }
            _ => Problem::new(format!("cannot listen on port {number}: {error}")),
        })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves what is in `folder` now. The threads run until the process ends.
    pub fn serve(self, folder: &Path) -> Result<Vec<JoinHandle<()>>> {
        let mut files = Files::new();
        read(folder, "", &mut files)?;
        let files = Arc::new(files);
        let server = Server::from_listener(self.listener, None)
            .map_err(|error| Problem::new(format!("the server could not start: {error}")))?;
        let server = Arc::new(server);
        // More than one, so that a slow reader does not stop the others.
        let threads = (0..4).map(|_| {
            let (server, files) = (Arc::clone(&server), Arc::clone(&files));
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    answer(request, &files);
                }
            })
        });
        Ok(threads.collect())
    }
}

fn read(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(|error| Problem::file("read", folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Problem::file("read", folder, &error))?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files)?;
        } else {
            let bytes = fs::read(&path).map_err(|error| Problem::file("read", &path, &error))?;
            files.insert(name, bytes);
        }
    }
    Ok(())
}

fn answer(request: Request, files: &Files) {
    let found = match request.method() {
        Method::Get | Method::Head => Ok(find(request.url(), files)),
        _ => Err(()),
    };
    let (status, kind, bytes): (u16, &str, &[u8]) = match found {
        Ok(Some((name, bytes))) => (200, mime(name), bytes),
        Ok(None) => (404, "text/plain; charset=utf-8", b"There is no such file here.\n"),
        Err(()) => (405, "text/plain; charset=utf-8", b"Only GET and HEAD are served.\n"),
    };
    let mut response = Response::from_data(bytes).with_status_code(status);
    let headers = [
        ("Content-Type", kind),
        // The next build must be seen on reload.
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // The browser may have gone meanwhile.
    let _ = request.respond(response);
}

/// The file for an address, without its query; a folder's address means its index.html.
fn find<'a>(url: &str, files: &'a Files) -> Option<(&'a str, &'a [u8])> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let mut name = decode(path)?;
    if name.is_empty() || name.ends_with('/') {
        name.push_str("index.html");
    }
    files.get_key_value(&name).map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
}

/// Undoes percent encoding.
fn decode(path: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// The media type by a file's ending. Streaming compilation of WebAssembly insists on its own.
fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt" | "md" | "log") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::TcpStream,
    };

    fn files() -> Files {
        ["index.html", "page_bg.wasm", "samples/index.html", "samples/a b.txt"]
            .map(|name| (name.to_owned(), name.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn addresses_become_files() {
        let files = files();
        let name = |url| find(url, &files).map(|(name, _)| name);
        assert_eq!(name("/"), Some("index.html"));
        assert_eq!(name("/?a=1"), Some("index.html"));
        assert_eq!(name("/samples/"), Some("samples/index.html"));
        assert_eq!(name("/samples/a%20b.txt"), Some("samples/a b.txt"));
        assert_eq!(name("/samples/../index.html"), None);
        assert_eq!(name("/%2e%2e/etc/passwd"), None);
        assert_eq!(name("/%e"), None);
        assert_eq!(name("/%+1"), None);
        assert_eq!(name("*"), None);
    }

    #[test]
    fn a_page_is_served_and_a_taken_port_is_named() {
        let folder = std::env::temp_dir().join(format!("xtask-server-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("page_bg.wasm"), b"\0asm").unwrap();
        let port = Port::take(0).unwrap();
        let address = port.address;
        let taken = Port::take(address.port()).unwrap_err().to_string();
        assert!(taken.contains("in use"), "{taken}");
        port.serve(&folder).unwrap();
        let ask = |request: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .write_all(format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes())
                .unwrap();
            let mut reply = String::new();
            stream.read_to_string(&mut reply).unwrap();
            reply
        };
        let reply = ask("GET /page_bg.wasm");
        assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
        assert!(reply.contains("Content-Type: application/wasm\r\n"), "{reply}");
        assert!(reply.ends_with("\0asm"), "{reply}");
        assert!(ask("GET /nothing").starts_with("HTTP/1.1 404 "));
        assert!(ask("POST /page_bg.wasm").starts_with("HTTP/1.1 405 "));
        fs::remove_dir_all(&folder).unwrap();
    }
}
