//! `starttls-lab list`.

use crate::output::{self, Failure, Output};
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::report::{Entry, Kind};
use starttls_lab::pipeline::{self, Protocol};

/// List what there is: rules, attacks, harms, formats, protocols, switches or profiles
#[derive(clap::Args)]
pub struct Args {
    /// What to list
    #[arg(value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::id)))]
    kind: String,
    /// Only this one; a profile is written as a file that can be edited and given to simulate
    id: Option<String>,
    /// Only what there is in this protocol
    #[arg(long, value_parser = PossibleValuesParser::new(Protocol::ALL.map(Protocol::id)))]
    protocol: Option<String>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::list_formats())]
    output: String,
}

/// Those of some entries that there are in the protocol, if one is asked for.
fn spoken(args: &Args, mut entries: Vec<Entry>) -> Vec<Entry> {
    if let Some(protocol) = &args.protocol {
        entries.retain(|entry| entry.is_of(protocol));
    }
    entries
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let mut writer = output::writer(&args.output)?;
    let mut text = String::new();
    if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.id() == args.kind) {
        match &args.id {
            None => writer.list(&mut text, kind, &spoken(args, pipeline::list(kind))),
            Some(id) if kind == Kind::Profiles && args.output == "text" => {
                text = pipeline::profile_file(id).map_err(Failure::Usage)?.write();
            }
            Some(id) => {
                let mut entries = pipeline::list(kind);
                entries.retain(|entry| entry.id.eq_ignore_ascii_case(id));
                let elsewhere: Vec<_> = entries.iter().flat_map(Entry::protocols).collect();
                let entries = spoken(args, entries);
                if let (true, Some(protocol), false) =
                    (entries.is_empty(), &args.protocol, elsewhere.is_empty())
                {
                    let of = elsewhere.join(", ");
                    let message = format!("{}: `{id}` is not about {protocol}, but about {of}", kind.id());
                    return Err(Failure::Usage(message));
                }
                if entries.is_empty() {
                    let none = output::no_such("entry", kind, id);
                    return Err(Failure::Usage(format!("{}: {none}", kind.id())));
                }
                writer.list(&mut text, kind, &entries);
            }
        }
    }
    to.put(&mut text)?;
    Ok(0)
}
