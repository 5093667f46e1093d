//! `starttls-lab matrix`.

use crate::output::{self, Failure, Output};
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, Protocol};

/// Compute which rule stops which attack, which is needed against it and which notices it
#[derive(clap::Args)]
pub struct Args {
    /// The protocol
    #[arg(long, default_value = "imap", value_parser = PossibleValuesParser::new(Protocol::ALL.map(Protocol::id)))]
    protocol: String,
    /// The documents in force
    #[arg(long, default_value = "today", value_parser = output::rule_sets())]
    rules: String,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::list_formats())]
    output: String,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let protocol = Protocol::ALL.into_iter().find(|protocol| protocol.id() == args.protocol);
    let matrix = protocol.and_then(|protocol| pipeline::matrix(protocol, output::rule_set(&args.rules)));
    let matrix = matrix.ok_or_else(|| Failure::Usage(format!("{} cannot be simulated", args.protocol)))?;
    let mut text = String::new();
    output::writer(&args.output)?.matrix(&mut text, &matrix);
    to.put(&mut text)?;
    Ok(0)
}
