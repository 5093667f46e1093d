//! What is wrong with a lesson file, and where.

use std::fmt;

/// A mistake in a lesson file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong and what to write instead, in a sentence.
    pub message: String,
}

impl LessonError {
    pub(super) fn new(line: u32, column: usize, message: impl Into<String>) -> Self {
        Self { line, column: u32::try_from(column).unwrap_or(u32::MAX), message: message.into() }
    }
}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for LessonError {}
