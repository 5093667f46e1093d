//! `starttls-lab open`.

use crate::inputs::Source;
use crate::output::{Failure, Output};
use starttls_lab::pipeline::{Hide, RuleSet, Share, check, link};
use std::path::PathBuf;

/// Bring a recording up in the page
///
/// The session goes into the address behind the #, which no browser sends anywhere, and it is redacted all the same,
/// because browsers remember addresses. A longer recording must be dropped onto the page.
#[derive(clap::Args)]
pub struct Args {
    /// The page; `cargo xtask serve` starts one here
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/")]
    page: String,
    /// Write the address instead of opening it
    #[arg(long)]
    print: bool,
    /// The recording; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// More than this is no session for an address, whatever comes of it.
const LIMIT: u64 = 4 << 20;

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let name = args.file.display();
    let unreadable = |error: &dyn std::fmt::Display| Failure::Unreadable(format!("{name}: {error}"));
    let source = Source { path: args.file.clone(), found: false, answers: None };
    let mut octets = Vec::new();
    let read = source
        .open()
        .and_then(|file| std::io::Read::read_to_end(&mut std::io::Read::take(file, LIMIT), &mut octets));
    read.map_err(|error| unreadable(&error))?;
    let (sessions, ending) = check(&octets, None, RuleSet::default());
    if let Some(error) = ending.error {
        return Err(unreadable(&error));
    }
    let guessed = sessions.iter().any(|session| session.guessed_direction);
    let traces: Vec<_> = sessions.into_iter().map(|session| session.judged.trace).collect();
    let packed = Share::new(&traces, Hide::ALL, guessed).packed().map_err(|error| unreadable(&error))?;
    let mut address = format!("{}#/?z={packed}", args.page);
    if octets.len() as u64 >= LIMIT || link::size(&address) == link::Size::TooLong {
        let message =
            format!("{name}: too long for an address; drop the file onto the page at {}", args.page);
        return Err(Failure::Usage(message));
    }
    if args.print {
        address.push('\n');
        return to.put(&mut address).map(|()| 0);
    }
    opener::open_browser(&address).map_err(|error| Failure::Usage(format!("no browser: {error}")))?;
    Ok(0)
}
