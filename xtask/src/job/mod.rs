//! The jobs, one file each.

pub mod bench;
pub mod budget;
pub mod build;
pub mod dist;
pub mod docs;
pub mod fuzz;
pub mod npm;
pub mod serve;
pub mod test;

use crate::problem::Result;

/// Refuses what is left of a command line.
pub fn no_more(mut args: lexopt::Parser) -> Result<()> {
    match args.next()? {
        None => Ok(()),
        Some(more) => Err(more.unexpected().into()),
    }
}
