//! Everything xtask itself prints. Children write to the same terminal.
//!
//! Plain lines; a heading is bold on a terminal, unless CI or NO_COLOR is set.

use std::{
    env,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use crate::problem::Problem;

/// Whether a person watches: a terminal, and not CI.
pub fn fancy() -> bool {
    io::stdout().is_terminal() && env::var_os("CI").is_none() && env::var_os("NO_COLOR").is_none()
}

/// A heading, with an empty line before it.
pub fn heading(text: &str) {
    if fancy() {
        line(&format!("\n\x1b[1m== {text}\x1b[0m"));
    } else {
        line(&format!("\n== {text}"));
    }
}

/// One line of text.
pub fn line(text: &str) {
    self::text(&format!("{text}\n"));
}

/// Text as it is. A closed pipe is nobody's problem here, so errors are ignored.
pub fn text(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// A problem, on standard error.
pub fn problem(problem: &Problem) {
    let _ = writeln!(io::stderr().lock(), "\nxtask: {problem}");
}

/// A duration for people: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{seconds}.{} s", time.subsec_millis() / 100),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(449)), "0.4 s");
        assert_eq!(duration(Duration::from_millis(12_900)), "12 s");
        assert_eq!(duration(Duration::from_secs(185)), "3 min 05 s");
    }
}
