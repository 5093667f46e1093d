//! `starttls-lab explain`.

use crate::output::{self, Failure, Output};
use starttls_lab::pipeline::{self, report::Kind};

/// Tell all about a rule: what it asks, why, how it is judged, what it cannot see, and examples
#[derive(clap::Args)]
pub struct Args {
    /// The id of a rule or requirement (`list rules`), such as A16 or S-8314-minconf
    #[arg(required = true, value_name = "RULE")]
    rules: Vec<String>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::list_formats())]
    output: String,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let find = |id: &String| {
        let meant = || pipeline::meant(id, pipeline::requirements());
        pipeline::explain(id)
            .ok_or_else(|| Failure::Usage(format!("there is no rule or requirement `{id}`{}", meant())))
    };
    let entries = args.rules.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let mut writer = output::writer(&args.output)?;
    let mut text = String::new();
    writer.list(&mut text, Kind::Rules, &entries);
    to.put(&mut text)?;
    Ok(0)
}
