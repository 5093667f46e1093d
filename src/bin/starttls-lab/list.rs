//! `starttls-lab list`.

use crate::output::{self, Failure, Output};
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, report::Kind};

/// List what there is: rules, attacks, harms, formats, protocols, switches or profiles
#[derive(clap::Args)]
pub struct Args {
    /// What to list
    #[arg(value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::id)))]
    kind: String,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::formats())]
    output: String,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let mut writer = output::writer(&args.output)?;
    let mut text = String::new();
    if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.id() == args.kind) {
        writer.list(&mut text, kind, &pipeline::list(kind));
    }
    to.put(&mut text)?;
    Ok(0)
}
