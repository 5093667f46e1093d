//! `starttls-lab compare`.

use crate::inputs;
use crate::output::{Failure, Output};
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::report::CompareRecord;
use starttls_lab::pipeline::{compare, formats};
use std::path::PathBuf;

/// Put two recorded sessions beside each other, aligned by what the client did, and name the first difference
#[derive(clap::Args)]
#[command(after_help = crate::EXIT_CODES)]
pub struct Args {
    /// The inputs' format; without this each input's own look tells it
    #[arg(long, value_parser = PossibleValuesParser::new(formats().iter().map(|format| format.id)))]
    format: Option<String>,
    /// Which sessions of the two inputs, from 1
    #[arg(long, value_name = "N,N", value_delimiter = ',', num_args = 1..=2, default_value = "1,1")]
    sessions: Vec<usize>,
    /// A key log for captures; may be given several times
    #[arg(long, value_name = "FILE")]
    keylog: Vec<PathBuf>,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    output: String,
    /// One input
    first: PathBuf,
    /// The other
    second: PathBuf,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let keys = inputs::keys(&args.keylog)?;
    let number = |at: usize| args.sessions.get(at).or(args.sessions.first()).copied().unwrap_or(1);
    let read = |path, number| inputs::session(path, number, args.format.as_deref(), &keys);
    let first = read(&args.first, number(0))?;
    let second = read(&args.second, number(1))?;
    let comparison = compare(&[first.judged.trace], &[second.judged.trace]);
    let names = [&args.first, &args.second].map(|path| path.to_string_lossy().into_owned());
    let record = CompareRecord::new(names, &comparison);
    let mut text = if args.output == "json" { crate::output::json(&record) } else { record.text() };
    to.put(&mut text)?;
    Ok(u8::from(record.first.is_some()))
}
