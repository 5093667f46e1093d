//! `cargo xtask fuzz`: the fuzz targets of `fuzz/`, one after the other, with the recordings of the tests to begin with.
//!
//! They run on the stable toolchain, without a sanitizer: the code has no `unsafe`, so that a panic, a failed assertion,
//! a hang or too much memory is all that can be found.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use lexopt::prelude::{Long, ValueExt};

use crate::{
    need::tools::{self, CARGO_FUZZ},
    problem::{Problem, Result},
    project, run, say,
};

/// The targets, as `fuzz/Cargo.toml` has them.
const TARGETS: &[&str] = &["captures", "links", "logs", "observers", "plain", "texts"];

/// How long all targets together run when nobody says.
const MINUTES: u32 = 12;

/// Larger inputs make every step slow and find nothing more.
const INPUT_LIMIT: u64 = 32 << 10;

/// More inputs to begin with are a long wait for the first step.
const SEEDS: usize = 240;

/// The first octet of an input of `logs` whose look tells its format.
const BY_LOOK: u8 = 255;

/// The job.
pub fn run(mut args: lexopt::Parser) -> Result<ExitCode> {
    let (mut minutes, mut wanted) = (MINUTES, Vec::new());
    while let Some(arg) = args.next()? {
        match arg {
            Long("minutes") => minutes = args.value()?.parse()?,
            Long("target") => {
                let name = args.value()?.string()?;
                let known = TARGETS.iter().copied().find(|target| *target == name);
                wanted.push(known.ok_or_else(|| {
                    Problem::new(format!("there is no target `{name}`; there are {}", TARGETS.join(", ")))
                })?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let targets = if wanted.is_empty() { TARGETS.to_vec() } else { wanted };
    tools::announce(&[&CARGO_FUZZ])?;
    let tool = CARGO_FUZZ.ensure()?;
    let path = run::path_with(&[&tool])?;
    let folder = project::root().join("fuzz");
    let seconds = minutes.saturating_mul(60) / u32::try_from(targets.len()).unwrap_or(u32::MAX).max(1);
    let fuzz = |job: &str| {
        let mut cargo = run::cargo();
        cargo.current_dir(&folder).env("PATH", &path);
        cargo.args(["fuzz", job, "--fuzz-dir", ".", "--sanitizer", "none", "--codegen-units", "16"]);
        cargo
    };
    // What does not build is no find.
    run::watch("cargo fuzz build", &mut fuzz("build"))?;
    let mut found = Vec::new();
    for target in targets {
        let corpus = folder.join("corpus").join(target);
        let seeds = seed(target, &corpus)?;
        say::heading(&format!("{target}: {seeds} inputs to begin with, {seconds} seconds"));
        let outcome = run::watch(
            "cargo fuzz",
            fuzz("run")
                .args([target, "--"])
                .arg(format!("-max_total_time={seconds}"))
                .arg(format!("-max_len={INPUT_LIMIT}"))
                .args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=0"]),
        );
        if outcome.is_err() {
            found.push(target);
        }
    }
    if found.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Problem::new(format!(
        "something was found by {}; the inputs are in {}. Make a test of each.",
        found.join(", "),
        folder.join("artifacts").display()
    )))
}

/// Puts what the tests have into a target's corpus, in the form that the target reads; tells how many there are.
fn seed(target: &str, corpus: &Path) -> Result<usize> {
    fs::create_dir_all(corpus).map_err(|error| Problem::file("make", corpus, &error))?;
    let root = project::root();
    let sessions = files(&root.join("tests/corpus/sessions"))?;
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    match target {
        "logs" => {
            let logs = sessions.into_iter().filter(|path| !is(path, "pcap") && !path.ends_with("keylog.txt"));
            // Files of one kind stand together, so that the choice among them has some of each.
            let mut logs: Vec<_> = logs.collect();
            logs.sort_by_cached_key(|path| (path.file_name().map(OsStr::to_os_string), path.clone()));
            let logs = logs.into_iter();
            for path in
                logs.chain(files(&root.join("tests/logs"))?).chain(files(&root.join("tests/redaction"))?)
            {
                seeds.push([&[BY_LOOK, 1], octets(&path)?.as_slice()].concat());
            }
        }
        "captures" => {
            for path in sessions.into_iter().filter(|path| is(path, "pcap")) {
                let mut keys = fs::read(path.with_file_name("keylog.txt")).unwrap_or_default();
                keys.resize(keys.len().next_multiple_of(64), b'\n');
                let Ok(length) = u8::try_from(keys.len() / 64) else { continue };
                seeds.push([&[length], keys.as_slice(), octets(&path)?.as_slice()].concat());
            }
        }
        "observers" => {
            for path in sessions.into_iter().filter(|path| path.ends_with("transcript-decrypted.txt")) {
                seeds.push(tapped(&octets(&path)?));
            }
        }
        "plain" => seeds.extend(
            [
                "\0tim\0tanstaaftanstaaf",
                "Ursel\0Kurt\0xipj3plmq",
                "AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
                "\0\0",
                "=",
            ]
            .map(|text| text.as_bytes().to_vec()),
        ),
        "links" => {
            for path in files(&root.join("tests/links"))? {
                seeds.push(octets(&path)?);
            }
            let sets = [
                "?p=pop3&c=opportunistic&s=strict&a=strip-capability&set=c.x=y",
                "?e=12&v=x.client&l=client&r=1999",
            ];
            seeds.extend(sets.map(|query| format!("#/{query}").into_bytes()));
        }
        "texts" => {
            for path in files(&root.join("src/lesson/content"))? {
                seeds.push([&[1], octets(&path)?.as_slice()].concat());
            }
            let attacks = [
                "when client command STARTTLS nth 1 do answer \"{tag} NO not now\"\nwhen server lists LOGINDISABLED do remove LOGINDISABLED\n",
                "when handshake do certificate \"mail.example\"\nwhen greeting do instead \"* PREAUTH hi\"\nwhen server reply OK do add \"* OK \\x00\"\n",
            ];
            seeds.extend(attacks.map(|text| format!("\0{text}").into_bytes()));
            seeds.push(b"\x02side = client\nprotocols = imap, pop3\nid = my-client\ntls = required\nauth = cram-md5\npop3.auth = login\n".to_vec());
        }
        _ => {}
    }
    seeds.retain(|seed| seed.len() as u64 <= INPUT_LIMIT);
    let seeds = spread(seeds);
    for (number, seed) in seeds.iter().enumerate() {
        let path = corpus.join(format!("seed-{number}"));
        fs::write(&path, seed).map_err(|error| Problem::file("write", &path, &error))?;
    }
    Ok(seeds.len())
}

/// As many of them as there may be, from all over.
fn spread(seeds: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let all = seeds.len().max(1);
    let chosen = |number: usize| number * SEEDS / all != (number + 1) * SEEDS / all;
    seeds
        .into_iter()
        .enumerate()
        .filter(|(number, _)| all <= SEEDS || chosen(*number))
        .map(|(_, seed)| seed)
        .collect()
}

/// A transcript as the target for observers reads it: the protocol's number, then octets with marks for what else happened.
fn tapped(transcript: &[u8]) -> Vec<u8> {
    let pop = transcript.windows(3).any(|three| three == b"+OK");
    let mut out = vec![u8::from(pop)];
    let mut client = false;
    for line in transcript.split(|&octet| octet == b'\n') {
        let (from, text) = match line {
            [b'C', b':', b' ', text @ ..] => (true, text),
            [b'S', b':', b' ', text @ ..] => (false, text),
            [b'<', ..] => {
                out.push(248);
                continue;
            }
            _ => continue,
        };
        if from != client {
            out.push(255);
            client = from;
        }
        out.extend(text.strip_suffix(b"\r").unwrap_or(text).iter().filter(|&&octet| octet < 248));
        out.extend(b"\r\n");
    }
    out
}

fn is(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn octets(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Problem::file("read", path, &error))
}

/// All files below a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut folders, mut files) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Problem::file("read", &folder, &error))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_are_those_of_the_manifest_and_each_has_inputs_to_begin_with() {
        let manifest = fs::read_to_string(project::root().join("fuzz/Cargo.toml")).unwrap();
        let bins: Vec<_> =
            manifest.lines().filter_map(|line| line.strip_prefix("name = \"")).skip(1).collect();
        let mut bins: Vec<_> = bins.iter().filter_map(|line| line.strip_suffix('"')).collect();
        bins.sort_unstable();
        assert_eq!(bins, TARGETS);
        let corpus = std::env::temp_dir().join(format!("starttls-lab-seeds-{}", std::process::id()));
        for target in TARGETS {
            assert!(seed(target, &corpus.join(target)).unwrap() > 0, "{target}");
        }
        fs::remove_dir_all(corpus).unwrap();
    }

    #[test]
    fn of_many_inputs_some_from_all_over_are_taken() {
        let many: Vec<_> = (0..1000_u32).map(|number| number.to_be_bytes().to_vec()).collect();
        let few = spread(many.clone());
        assert!(few.len() == SEEDS && few.first() <= many.get(5) && few.last() >= many.get(990));
        assert_eq!(spread(few.clone()), few);
    }

    #[test]
    fn a_transcript_becomes_octets_with_marks() {
        let text = b"S: * OK hi\r\nC: a STARTTLS\r\n<TLS negotiation>\nC: b NOOP\r\n";
        assert_eq!(tapped(text), b"\0* OK hi\r\n\xFFa STARTTLS\r\n\xF8b NOOP\r\n");
    }
}
