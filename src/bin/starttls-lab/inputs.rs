//! Which files are meant: files as they are named, the files in folders, and patterns that no shell has opened.

use crate::output::Failure;
use starttls_lab::pipeline::{Checked, Checker, KeyLog, RuleSet, formats};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folders within folders deeper than this are left alone.
const DEPTH: usize = 32;

/// An input to be judged.
pub struct Source {
    pub path: PathBuf,
    /// It was found in a folder or by a pattern: it may be something else than a recording.
    pub found: bool,
    /// The other half: what the server sent, where this is what the client sent.
    pub answers: Option<PathBuf>,
}

impl Source {
    fn new(path: PathBuf, found: bool) -> Self {
        // A baseline knows an input by its name: `./a` and `a//b` are `a` and `a/b`.
        let plain = path.strip_prefix(".").unwrap_or(&path).components().collect();
        Self { path: plain, found, answers: None }
    }

    /// Opens it.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        if self.path == Path::new("-") {
            return Ok(Box::new(io::stdin().lock()));
        }
        match &self.answers {
            None => Ok(Box::new(File::open(&self.path)?)),
            Some(answers) => Ok(Box::new(Halves::new(File::open(&self.path)?, File::open(answers)?)?)),
        }
    }
}

/// The inputs, in the order of the arguments; those of a folder or a pattern by name.
pub fn sources(arguments: &[PathBuf]) -> Vec<Source> {
    let mut sources = Vec::new();
    for argument in arguments {
        if argument.is_dir() {
            folder(argument, DEPTH, &mut sources);
        } else if argument.exists() || argument == Path::new("-") || !sources_of(argument, &mut sources) {
            sources.push(Source::new(argument.clone(), false));
        }
    }
    pair(sources)
}

/// Dovecot writes what the client sent to `NAME.in` and what it answered to `NAME.out`: where both are there and both
/// look like it, they are one input.
fn pair(sources: Vec<Source>) -> Vec<Source> {
    let is = |path: &Path, extension: &str| path.extension().is_some_and(|found| found == extension);
    let rawlog = |path: &Path| {
        let mut head = Vec::new();
        let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut head));
        read.is_ok() && moment(&head).is_some()
    };
    let halves: Vec<PathBuf> = sources
        .iter()
        .map(|source| source.path.with_extension("out"))
        .zip(&sources)
        .filter(|(answers, source)| {
            is(&source.path, "in")
                && sources.iter().any(|other| other.path == *answers)
                && rawlog(&source.path)
                && rawlog(answers)
        })
        .map(|(answers, _)| answers)
        .collect();
    let mut paired = Vec::new();
    for mut source in sources {
        if halves.contains(&source.path) {
            continue;
        }
        source.answers = Some(source.path.with_extension("out"))
            .filter(|answers| halves.contains(answers) && is(&source.path, "in"));
        paired.push(source);
    }
    paired
}

/// The time in front of a line of a rawlog, with its length.
fn moment(line: &[u8]) -> Option<(u64, u64, usize)> {
    let digits = |text: &[u8]| text.iter().take_while(|o| o.is_ascii_digit()).count();
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<u64>().ok();
    let seconds = digits(line);
    let rest = line.get(seconds..)?.strip_prefix(b".")?;
    let micros = digits(rest);
    let length = seconds.checked_add(1)?.checked_add(micros)?;
    let fits = seconds >= 9 && micros == 6;
    fits.then_some((number(line.get(..seconds)?)?, number(rest.get(..micros)?)?, length))
}

/// Two halves of a rawlog, sorted by time, with `I:` or `O:` behind the time.
struct Halves {
    halves: [Half; 2],
    ready: Vec<u8>,
}

struct Half {
    mark: &'static str,
    file: BufReader<File>,
    line: Vec<u8>,
}

/// A line longer than this is handed on in parts.
const LINE_PART: u64 = 1 << 20;

impl Half {
    fn next(&mut self) -> io::Result<()> {
        self.line.clear();
        (&mut self.file).take(LINE_PART).read_until(b'\n', &mut self.line)?;
        Ok(())
    }
}

impl Halves {
    fn new(input: File, output: File) -> io::Result<Self> {
        let half = |mark, file| Half { mark, file: BufReader::new(file), line: Vec::new() };
        let mut halves = [half(" I:", input), half(" O:", output)];
        for half in &mut halves {
            half.next()?;
        }
        Ok(Self { halves, ready: Vec::new() })
    }
}

impl Read for Halves {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() {
            let [input, output] = &mut self.halves;
            let time = |half: &Half| moment(&half.line).map(|(seconds, micros, _)| (seconds, micros));
            let first = match (input.line.is_empty(), output.line.is_empty()) {
                (true, true) => return Ok(0),
                (false, true) => input,
                (true, false) => output,
                (false, false) if time(input) <= time(output) => input,
                (false, false) => output,
            };
            let length = moment(&first.line).map_or(0, |(.., length)| length);
            let (stamp, text) = first.line.split_at_checked(length).unwrap_or((&[], &first.line));
            self.ready.extend_from_slice(stamp);
            if length > 0 {
                self.ready.extend_from_slice(first.mark.as_bytes());
            }
            self.ready.extend_from_slice(text);
            if !text.ends_with(b"\n") && first.line.len() < LINE_PART as usize {
                self.ready.push(b'\n');
            }
            first.next()?;
        }
        let length = self.ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(self.ready.drain(..length)) {
            *to = from;
        }
        Ok(length)
    }
}

/// The files that a pattern means; false when it is none, or means nothing.
fn sources_of(pattern: &Path, sources: &mut Vec<Source>) -> bool {
    let text = pattern.to_string_lossy();
    if !text.contains(['*', '?', '[']) {
        return false;
    }
    let before = sources.len();
    for path in glob::glob(&text).into_iter().flatten().flatten() {
        if path.is_dir() {
            folder(&path, DEPTH, sources);
        } else {
            sources.push(Source::new(path, true));
        }
    }
    sources.len() > before
}

fn folder(folder: &Path, depth: usize, sources: &mut Vec<Source>) {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        // A link may lead back here.
        let Ok(kind) = path.symlink_metadata() else { continue };
        if kind.is_dir() && depth > 0 {
            self::folder(&path, depth.saturating_sub(1), sources);
        } else if path.is_file() {
            sources.push(Source::new(path, true));
        }
    }
}

/// The keys of key logs.
pub fn keys(paths: &[PathBuf]) -> Result<Arc<KeyLog>, Failure> {
    let mut keys = KeyLog::default();
    for path in paths {
        match std::fs::read(path) {
            // One without a connection holds comments at most.
            Ok(octets) if keys.add(&octets) || KeyLog::is_blank(&octets) => {}
            Ok(_) => {
                return Err(Failure::Unreadable(format!(
                    "{}: no line of it is of a key log",
                    path.display()
                )));
            }
            Err(error) => {
                let path = path.display();
                return Err(Failure::Unreadable(format!("{path}: the key log cannot be read: {error}")));
            }
        }
    }
    Ok(Arc::new(keys))
}

/// One session of an input, by its number from 1.
pub fn session(
    path: &Path,
    number: usize,
    format: Option<&str>,
    keys: &Arc<KeyLog>,
) -> Result<Checked, Failure> {
    let format = format.and_then(|id| formats().iter().copied().find(|format| format.id == id));
    let mut checker = Checker::new(format, RuleSet::default()).with_keys(keys);
    let name = path.display();
    let unreadable = |error: io::Error| Failure::Unreadable(format!("{name}: {error}"));
    let mut source = Source::new(path.to_path_buf(), false).open().map_err(unreadable)?;
    let mut chunk = vec![0; 1 << 16];
    let mut before: usize = 0;
    let wanted = number.checked_sub(1);
    let mut pick = |sessions: Vec<Checked>| {
        let at = wanted.and_then(|wanted| wanted.checked_sub(before));
        before = before.saturating_add(sessions.len());
        at.and_then(|at| sessions.into_iter().nth(at))
    };
    loop {
        let got = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(got) => got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        if let Some(found) = pick(checker.push(chunk.get(..got).unwrap_or_default())) {
            return Ok(found);
        }
    }
    let (last, ending) = checker.finish();
    if let Some(found) = pick(last) {
        return Ok(found);
    }
    Err(match ending.error {
        Some(error) => Failure::Unreadable(format!("{name}: {error}")),
        None => Failure::Usage(format!("{name}: it has {before} sessions, and no session {number}")),
    })
}
