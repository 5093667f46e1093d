//! Text inside of HTML, XML and Markdown.

use crate::base::printable;

/// Text as character data or attribute value of HTML and XML. What moves, hides or reorders text is written out.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in printable(text.as_bytes()).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// The same as a value.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    out
}

/// Text in a Markdown sentence: nothing in it is a sign of Markdown or HTML.
pub(super) fn sentence(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text.as_bytes()).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '@' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Lines in a Markdown block of code: the fence is longer than any in them.
pub(super) fn fenced(out: &mut String, lines: &[String]) {
    let longest =
        lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.saturating_add(1).max(3));
    out.push_str(&fence);
    out.push_str("text\n");
    for line in lines {
        out.push_str(&printable(line.as_bytes()));
        out.push('\n');
    }
    out.push_str(&fence);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escaped("<b onload=\"x\">&\u{202e}"), "&lt;b onload=&quot;x&quot;&gt;&amp;\\u{202e}");
        assert_eq!(sentence("a*b* [x](y) <i> @me #1 `c`"), "a\\*b\\* \\[x\\](y) &lt;i> \\@me \\#1 \\`c\\`");
        let mut out = String::new();
        fenced(&mut out, &["````".to_owned(), "x\n```".to_owned()]);
        assert_eq!(out, "`````text\n````\nx\\x0A```\n`````\n");
    }
}
