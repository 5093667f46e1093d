//! Work that takes longer than a picture may wait: the page asks its worker, a second module on a thread of its own.
//!
//! A [`Request`] goes there, [`Message`]s come back: how far it is, and in the end an [`Answer`] or why there is none.
//! Both modules are built from the same sources; the worker's first message says which, so that a page never talks to
//! a worker of another release. What is here runs without a browser too: [`run`] is all of it but the posting.

mod answer;
mod manual;
mod parcel;
mod reading;
mod sheet;
#[cfg(feature = "ui")]
pub mod worker;

pub use answer::{Fixes, Found, Grid, GridCell, GridPair};
pub use manual::{Manual, Part};
pub use parcel::{Listed, Order, Other, Parcel, Subject, Way};
pub use reading::{Named, Octets, Read, Source};
pub use sheet::Sheet;

use crate::pipeline::{self, Bounds, Wanted};
use serde::{Deserialize, Serialize};

/// What both modules are built from, as far as a version tells it; a build by `cargo xtask` also gives the commit.
pub const RELEASE: &str = match option_env!("STARTTLS_LAB_COMMIT") {
    Some(commit) => commit,
    None => env!("CARGO_PKG_VERSION"),
};

/// What the worker can be asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Recordings, which come beside the request as files in the order of their names. A file that is a key log opens
    /// the captures among the others.
    Read {
        /// Their names.
        names: Vec<String>,
        /// The format's id, if the person chose one.
        format: Option<String>,
        /// A key log that was typed or pasted.
        keys: Vec<u8>,
    },
    /// Attacks against rules and profiles.
    Matrix(Wanted),
    /// The smallest changes that stop the attacks of a setup.
    Fixes(Sheet),
    /// The shortest attack that does a harm.
    Search {
        /// Against whom.
        setup: Sheet,
        /// The harm's id.
        harm: String,
        /// At most so many moves, among so many first messages, in so many runs.
        bounds: (u32, u32, u32),
    },
    /// A session, ready to leave.
    Share(Box<Order>),
    /// A page of the documentation.
    Manual(Manual),
}

/// What comes of it.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// Each recording by its name, or why it is none.
    Read(Vec<Named>),
    /// The matrix.
    Matrix(Grid),
    /// The changes.
    Fixes(Fixes),
    /// The attack.
    Search(Found),
    /// The session, as it may leave.
    Share(Box<Parcel>),
    /// The page, in parts.
    Manual(Vec<Part>),
}

/// What the worker says.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// It is there, and of this release.
    Ready(String),
    /// So much of so much is done; of nothing: nobody knows how much there is.
    Progress(u64, u64),
    /// It is done.
    Done(Box<Answer>),
    /// It cannot be done, and why, in a sentence without its end.
    Failed(String),
}

/// Does what is asked for and tells how far it is.
///
/// # Errors
/// Why it cannot be done: something is asked for that there is not.
pub fn run(
    request: Request,
    sources: &mut [Box<dyn Source>],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Answer, String> {
    let whole = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    match request {
        Request::Read { names, format, keys } => {
            reading::read(names, format.as_deref(), &keys, sources, progress).map(Answer::Read)
        }
        Request::Matrix(wanted) => {
            let asked = format!(
                "{} with the server {}",
                wanted.protocol.title(),
                wanted.server.as_deref().unwrap_or("of every kind")
            );
            let mut told = |done, of| progress(whole(done), whole(of));
            pipeline::matrix_with(wanted, &mut told)
                .map(|matrix| Answer::Matrix(matrix.into()))
                .ok_or_else(|| format!("{asked} cannot be simulated"))
        }
        Request::Fixes(sheet) => {
            let mut told = |done, of| progress(whole(done), whole(of));
            Ok(Answer::Fixes(pipeline::fixes_with(&sheet.setup()?, &mut told).into()))
        }
        Request::Share(order) => {
            progress(0, 0);
            parcel::parcel(*order).map(|parcel| Answer::Share(Box::new(parcel)))
        }
        Request::Manual(manual) => manual.parts().map(Answer::Manual),
        Request::Search { setup, harm, bounds: (moves, messages, runs) } => {
            let bounds = Bounds { moves, messages, runs };
            let mut told = |done: u32| progress(done.into(), runs.into());
            pipeline::search_with(&setup.setup()?, &harm, bounds, &mut told)
                .map(|found| Answer::Search(found.into()))
                .ok_or_else(|| format!("there is no harm `{harm}`"))
        }
    }
}

/// A value as octets for the other module.
///
/// # Errors
/// When it holds what cannot be sent: a simulated trace.
pub fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    postcard::to_allocvec(value).map_err(|error| error.to_string())
}

/// A value from the octets of the other module.
///
/// # Errors
/// When they are none.
pub fn unpack<'a, T: Deserialize<'a>>(octets: &'a [u8]) -> Result<T, String> {
    postcard::from_bytes(octets).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
