//! What FETCH says of a message's octets: sections, envelope, structure. Messages here have one part of text.

use crate::proto::imap::request::{Section, SectionPart};
use crate::proto::quoted;

/// The header with the empty line behind it, and the text.
#[must_use]
pub fn halves(message: &[u8]) -> (&[u8], &[u8]) {
    let end = message.windows(4).position(|window| window == b"\r\n\r\n").map_or(message.len(), |at| at + 4);
    message.split_at_checked(end).unwrap_or((message, b""))
}

/// The fields of a header as they stand there, each with its name in upper case.
fn fields(header: &[u8]) -> Vec<(Vec<u8>, &[u8])> {
    let mut found: Vec<(Vec<u8>, std::ops::Range<usize>)> = Vec::new();
    let mut at = 0;
    for line in header.split_inclusive(|&o| o == b'\n') {
        let end = at + line.len();
        match found.last_mut() {
            Some((_, range)) if line.starts_with(b" ") || line.starts_with(b"\t") => range.end = end,
            _ => {
                if let Some(colon) = line.iter().position(|&o| o == b':') {
                    found.push((line.get(..colon).unwrap_or_default().to_ascii_uppercase(), at..end));
                }
            }
        }
        at = end;
    }
    found.into_iter().map(|(name, range)| (name, header.get(range).unwrap_or_default())).collect()
}

/// What a field holds, unfolded and without spaces around it.
#[must_use]
pub fn field(message: &[u8], name: &str) -> Option<Vec<u8>> {
    let (header, _) = halves(message);
    let (_, line) = fields(header).into_iter().find(|(known, _)| known == name.as_bytes())?;
    let value = line.get(name.len().saturating_add(1)..).unwrap_or_default();
    let unfolded: Vec<u8> = value.iter().copied().filter(|o| !matches!(o, b'\r' | b'\n')).collect();
    Some(unfolded.trim_ascii().to_vec())
}

/// A section; `None` for a part that there is not.
#[must_use]
pub fn section(message: &[u8], section: &Section, partial: Option<(u32, u32)>) -> Option<Vec<u8>> {
    let (header, text) = halves(message);
    let found = match (&section.part[..], &section.what) {
        ([], SectionPart::All) => message.to_vec(),
        ([], SectionPart::Header) => header.to_vec(),
        ([], SectionPart::Fields { not, names }) => {
            let kept = fields(header).into_iter().filter(|(name, _)| names.contains(name) != *not);
            let mut kept: Vec<u8> = kept.flat_map(|(_, line)| line.iter().copied()).collect();
            kept.extend(b"\r\n");
            kept
        }
        ([], SectionPart::Text) | ([1], SectionPart::All) => text.to_vec(),
        ([1], SectionPart::Mime) => b"Content-Type: text/plain; charset=us-ascii\r\n\r\n".to_vec(),
        _ => return None,
    };
    let Some((from, length)) = partial else { return Some(found) };
    let from = usize::try_from(from).unwrap_or(usize::MAX).min(found.len());
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Some(found.into_iter().skip(from).take(length).collect())
}

/// `nstring`: NIL, quoted, or a literal where quotes cannot hold it.
fn nstring(value: Option<&[u8]>, octets: &mut Vec<u8>) {
    match value {
        None => octets.extend(b"NIL"),
        Some(value) if value.iter().all(|&o| (b' '..=b'~').contains(&o)) => octets.extend(quoted(value)),
        Some(value) => {
            octets.extend(format!("{{{}}}\r\n", value.len()).bytes());
            octets.extend(value);
        }
    }
}

/// The addresses of a field.
fn addresses(value: Option<&[u8]>, octets: &mut Vec<u8>) {
    let mut written = Vec::new();
    for address in value.unwrap_or_default().split(|&o| o == b',') {
        let address = address.trim_ascii();
        let (name, spec) = match address.iter().position(|&o| o == b'<') {
            Some(open) => {
                let (name, spec) = address.split_at_checked(open).unwrap_or_default();
                (Some(name.trim_ascii()), spec.strip_prefix(b"<").unwrap_or(spec))
            }
            None => (None, address),
        };
        let spec = spec.strip_suffix(b">").unwrap_or(spec);
        let Some(at) = spec.iter().rposition(|&o| o == b'@') else { continue };
        let name =
            name.map(|name| name.strip_prefix(b"\"").and_then(|n| n.strip_suffix(b"\"")).unwrap_or(name));
        written.push(b'(');
        nstring(name.filter(|name| !name.is_empty()), &mut written);
        written.extend(b" NIL ");
        nstring(spec.get(..at), &mut written);
        written.push(b' ');
        nstring(spec.get(at.saturating_add(1)..), &mut written);
        written.push(b')');
    }
    if written.is_empty() {
        octets.extend(b"NIL");
    } else {
        octets.push(b'(');
        octets.extend(written);
        octets.push(b')');
    }
}

/// `ENVELOPE`. Sender and Reply-To are From where the message has none (RFC 9051 section 7.5.2).
pub fn envelope(message: &[u8], octets: &mut Vec<u8>) {
    let field = |name: &str| field(message, name);
    octets.push(b'(');
    nstring(field("DATE").as_deref(), octets);
    octets.push(b' ');
    nstring(field("SUBJECT").as_deref(), octets);
    for name in ["FROM", "SENDER", "REPLY-TO", "TO", "CC", "BCC"] {
        octets.push(b' ');
        let from = || if matches!(name, "SENDER" | "REPLY-TO") { field("FROM") } else { None };
        addresses(field(name).or_else(from).as_deref(), octets);
    }
    for name in ["IN-REPLY-TO", "MESSAGE-ID"] {
        octets.push(b' ');
        nstring(field(name).as_deref(), octets);
    }
    octets.push(b')');
}

/// `BODY` and `BODYSTRUCTURE` of one part of text.
pub fn structure(message: &[u8], extended: bool, octets: &mut Vec<u8>) {
    let (_, text) = halves(message);
    let lines = text.iter().filter(|&&o| o == b'\n').count();
    let ascii = text.is_ascii();
    let (charset, encoding) = if ascii { ("us-ascii", "7BIT") } else { ("utf-8", "8BIT") };
    let head = format!(
        "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"{charset}\") NIL NIL \"{encoding}\" {} {lines}",
        text.len()
    );
    octets.extend(head.bytes());
    octets.extend(if extended { &b" NIL NIL NIL NIL)"[..] } else { b")" });
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &[u8] =
        b"From: Ana Mond <ana@example.test>\r\nTo: tim@example.test,\r\n \"B, C\" <x@y>\r\n\
                             Subject: a \"b\"\r\n\r\none\r\ntwo\r\n";

    #[test]
    fn sections_are_cut_where_they_should_be() {
        let cut = |part: &[u32], what, partial| {
            section(MESSAGE, &Section { part: part.to_vec(), what }, partial)
                .map(|octets| String::from_utf8(octets).unwrap())
        };
        assert_eq!(cut(&[], SectionPart::Text, None).unwrap(), "one\r\ntwo\r\n");
        assert_eq!(cut(&[1], SectionPart::All, Some((1, 3))).unwrap(), "ne\r");
        assert_eq!(cut(&[], SectionPart::All, Some((4_000_000_000, 1))).unwrap(), "");
        assert_eq!(cut(&[2], SectionPart::All, None), None);
        let names = vec![b"SUBJECT".to_vec()];
        let fields = |not| SectionPart::Fields { not, names: names.clone() };
        assert_eq!(cut(&[], fields(false), None).unwrap(), "Subject: a \"b\"\r\n\r\n");
        assert!(!cut(&[], fields(true), None).unwrap().contains("Subject"));
    }

    #[test]
    fn an_envelope_names_the_people() {
        let mut octets = Vec::new();
        envelope(MESSAGE, &mut octets);
        let ana = "((\"Ana Mond\" NIL \"ana\" \"example.test\"))";
        let text = String::from_utf8(octets).unwrap();
        assert!(
            text.starts_with(&format!("(NIL \"a \\\"b\\\"\" {ana} {ana} {ana} ((NIL NIL \"tim\"")),
            "{text}"
        );
        assert!(text.ends_with(" NIL NIL NIL NIL)"), "{text}");
    }
}
