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
    /// Only this one; a profile is written as a file that can be edited and given to simulate
    id: Option<String>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::formats())]
    output: String,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let mut writer = output::writer(&args.output)?;
    let mut text = String::new();
    if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.id() == args.kind) {
        match &args.id {
            None => writer.list(&mut text, kind, &pipeline::list(kind)),
            Some(id) if kind == Kind::Profiles && args.output == "text" => {
                text = pipeline::profile_file(id).map_err(Failure::Usage)?.write();
            }
            Some(id) => {
                let mut entries = pipeline::list(kind);
                entries.retain(|entry| entry.id == id);
                if entries.is_empty() {
                    let kind = kind.id();
                    return Err(Failure::Usage(format!(
                        "{kind}: there is no `{id}`; `list {kind}` shows them"
                    )));
                }
                writer.list(&mut text, kind, &entries);
            }
        }
    }
    to.put(&mut text)?;
    Ok(0)
}
