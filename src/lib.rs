//! STARTTLS Lab (crate text follows).
#[cfg(feature = "ui")]
pub mod ui;
