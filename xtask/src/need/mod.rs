//! What a job needs from the machine. Each file finds its kind of thing, or installs it and says so, or
//! says in a sentence what the machine lacks.

pub mod browser;
pub mod debian;
pub mod npm;
pub mod peers;
pub mod toolchain;
pub mod tools;
