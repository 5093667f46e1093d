//! `starttls-lab completions` and `starttls-lab man`: made from the same description as the help.

use crate::output::{Failure, Output};
use clap::CommandFactory;

/// Write the completions for a shell
#[derive(clap::Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Write the manual page
#[derive(clap::Args)]
pub struct Man {}

pub fn completions(args: &Completions, to: &mut Output) -> Result<u8, Failure> {
    let mut octets = Vec::new();
    clap_complete::generate(args.shell, &mut crate::Cli::command(), "starttls-lab", &mut octets);
    to.put(&mut String::from_utf8_lossy(&octets).into_owned()).map(|()| 0)
}

pub fn man(_: &Man, to: &mut Output) -> Result<u8, Failure> {
    let mut octets = Vec::new();
    let mut command = crate::Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut octets)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let title = format!("starttls-lab {}", sub.get_name());
        octets.extend_from_slice(format!(".SH {}\n", title.to_uppercase()).as_bytes());
        let page = clap_mangen::Man::new(sub.clone());
        page.render_synopsis_section(&mut octets)?;
        page.render_description_section(&mut octets)?;
        page.render_options_section(&mut octets)?;
    }
    to.put(&mut String::from_utf8_lossy(&octets).into_owned()).map(|()| 0)
}
