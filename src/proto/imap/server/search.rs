//! SEARCH, its result options and what `$` stands for (RFC 9051 section 6.4.4, RFC 5182, RFC 5267).

use super::messages::set_of;
use super::session::{CONTEXT_LIMIT, Context};
use super::store::Message;
use super::{ImapServer, body};
use crate::proto::imap::request::{Day, Key, MONTHS, Search};

/// Whose eyes a search looks through.
pub(super) struct SearchIn<'a> {
    /// Whose `\Seen` it sees.
    pub user: &'a str,
    /// The message's number.
    pub number: u32,
    /// The highest number.
    pub highest: u32,
    /// The highest UID.
    pub highest_uid: u32,
    /// What `$` stands for.
    pub saved: &'a [u32],
}

impl ImapServer {
    pub(super) fn search(&mut self, tag: &str, search: Search) {
        let known = search.charset.as_deref().is_none_or(|charset| matches!(charset, "US-ASCII" | "UTF-8"));
        if !known {
            return self.no(tag, "[BADCHARSET (US-ASCII UTF-8)] this charset is not known here");
        }
        let modseq = uses_modseq(&search.key);
        self.session.condstore |= modseq;
        let Some(selected) = self.session.selected.clone() else { return };
        let highest_uid = selected.uids.last().copied().unwrap_or(0);
        let mut found: Vec<(u32, u32, u64)> = Vec::new();
        for (number, uid) in (1_u32..).zip(selected.uids.iter().copied()) {
            let Some(message) = self.session.message(&self.store, uid) else { continue };
            let scope = SearchIn {
                user: &self.session.flags_of,
                number,
                highest: selected.count(),
                highest_uid,
                saved: &self.session.saved,
            };
            if matches(&search.key, message, &scope) {
                found.push((number, uid, message.modseq));
            }
        }
        let numbers: Vec<u32> =
            found.iter().map(|(number, uid, _)| if search.uid { *uid } else { *number }).collect();
        let newest = found.iter().map(|(.., modseq)| *modseq).max().filter(|_| modseq);
        let extended = search.returns.is_some() || self.session.has("IMAP4REV2");
        if extended {
            let options = search.returns.clone().unwrap_or_default();
            let asked = |option: &str| options.iter().any(|asked| asked == option);
            let only_save = !options.is_empty() && options.iter().all(|option| option == "SAVE");
            if asked("UPDATE") {
                if self.session.contexts.len() >= CONTEXT_LIMIT {
                    self.send(format!("* NO [NOUPDATE \"{tag}\"] too many searches are kept up to date"));
                } else {
                    let user = self.session.flags_of.clone();
                    let (tag, mailbox) = (tag.to_owned(), selected.mailbox);
                    self.session.contexts.push(Context { tag, mailbox, search: search.clone(), user });
                }
            }
            if asked("SAVE") {
                let uids: Vec<u32> = found.iter().map(|(_, uid, _)| *uid).collect();
                let ends = asked("MIN") || asked("MAX");
                // With MIN and MAX alone only these are saved (RFC 5182 section 2.4).
                self.session.saved = if ends && !asked("ALL") && !asked("COUNT") {
                    let min = uids.first().filter(|_| asked("MIN"));
                    let max = uids.last().filter(|_| asked("MAX"));
                    min.into_iter().chain(max).copied().collect()
                } else {
                    uids
                };
            }
            if !only_save {
                let mut line = format!("* ESEARCH (TAG \"{tag}\")");
                if search.uid {
                    line.push_str(" UID");
                }
                let all = asked("ALL") || !["COUNT", "MAX", "MIN"].into_iter().any(asked);
                for (option, value) in [("MIN", numbers.first()), ("MAX", numbers.last())] {
                    if let Some(value) = value.filter(|_| asked(option)) {
                        line.push_str(&format!(" {option} {value}"));
                    }
                }
                if asked("COUNT") {
                    line.push_str(&format!(" COUNT {}", numbers.len()));
                }
                if all && !numbers.is_empty() {
                    line.push_str(&format!(" ALL {}", set_of(&numbers)));
                }
                if let Some(newest) = newest {
                    line.push_str(&format!(" MODSEQ {newest}"));
                }
                self.send(line);
            }
        } else {
            let mut line = String::from("* SEARCH");
            for number in numbers {
                line.push_str(&format!(" {number}"));
            }
            if let Some(newest) = newest {
                line.push_str(&format!(" (MODSEQ {newest})"));
            }
            self.send(line);
        }
        self.done(tag, "SEARCH");
    }
}

fn uses_modseq(key: &Key) -> bool {
    match key {
        Key::And(keys) => keys.iter().any(uses_modseq),
        Key::Or(pair) => uses_modseq(&pair.0) || uses_modseq(&pair.1),
        Key::Not(key) => uses_modseq(key),
        Key::ModSeq(_) => true,
        _ => false,
    }
}

/// Whether a message is what a key asks for.
pub(super) fn matches(key: &Key, message: &Message, scope: &SearchIn<'_>) -> bool {
    let sent = || body::field(&message.text, "DATE").and_then(|date| sent_day(&date));
    match key {
        Key::And(keys) => keys.iter().all(|key| matches(key, message, scope)),
        Key::Or(pair) => matches(&pair.0, message, scope) || matches(&pair.1, message, scope),
        Key::Not(key) => !matches(key, message, scope),
        Key::All => true,
        Key::Flag(flag) if flag == "\\Seen" => message.seen_by.contains(scope.user),
        Key::Flag(flag) => message.flags.iter().any(|known| known.eq_ignore_ascii_case(flag)),
        Key::Numbers(set) => match set {
            crate::proto::imap::request::SequenceSet::Saved => scope.saved.contains(&message.uid),
            set => set.holds(scope.number, scope.highest),
        },
        Key::Uids(set) => match set {
            crate::proto::imap::request::SequenceSet::Saved => scope.saved.contains(&message.uid),
            set => set.holds(message.uid, scope.highest_uid),
        },
        Key::Before(day) => message.day < *day,
        Key::On(day) => message.day == *day,
        Key::SentBefore(day) => sent().is_some_and(|sent| sent < *day),
        Key::SentOn(day) => sent() == Some(*day),
        Key::Larger(octets) => message.text.len() as u64 > *octets,
        Key::Smaller(octets) => (message.text.len() as u64) < *octets,
        Key::Header(name, text) => body::field(&message.text, &String::from_utf8_lossy(name).to_uppercase())
            .is_some_and(|value| holds(&value, text)),
        Key::Body(text) => holds(body::halves(&message.text).1, text),
        Key::Text(text) => holds(&message.text, text),
        Key::ModSeq(since) => message.modseq >= *since,
    }
}

/// Whether a text stands somewhere, in any case.
fn holds(octets: &[u8], text: &[u8]) -> bool {
    text.is_empty() || octets.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}

/// The day of a Date field: `[Thu,] 1 Jan 1970 ...`.
fn sent_day(value: &[u8]) -> Option<Day> {
    let text = std::str::from_utf8(value).ok()?;
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words = text.split_ascii_whitespace();
    let day = words.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
    let year = words.next()?.parse().ok()?;
    Some(Day { year, month: u8::try_from(month).ok()?.saturating_add(1), day })
}
