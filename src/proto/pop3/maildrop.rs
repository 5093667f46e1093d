//! A maildrop: some messages, of which a session may mark some as deleted (RFC 1939 sections 5 and 6).

use super::grammar;
use crate::proto::Account;

/// A message.
#[derive(Clone, Debug)]
struct Message {
    text: String,
    uid: String,
    deleted: bool,
}

/// The messages, numbered from 1. The numbers stay the same while a session lasts.
#[derive(Clone, Debug, Default)]
pub struct Maildrop(Vec<Message>);

impl Maildrop {
    /// The account's message, and two more. `stamp` makes the unique ids.
    #[must_use]
    pub fn new(account: &Account, stamp: u32) -> Self {
        let to = format!("To: {}@{}", account.user, account.host);
        let texts = [
            account.message.to_string(),
            // Lines that begin with dots: on the wire each has one more.
            format!(
                "From: list@example.test\r\n{to}\r\nSubject: Signature\r\n\r\nBest\r\n.\r\n..\r\n.end\r\n"
            ),
            format!("From: ben@example.test\r\n{to}\r\nSubject: Nothing inside\r\n\r\n"),
        ];
        let messages = texts.into_iter().zip(1_u32..).map(|(text, number)| Message {
            text,
            uid: format!("{stamp:08x}-{number}"),
            deleted: false,
        });
        Self(messages.collect())
    }

    /// Number and message of those that are not marked.
    fn left(&self) -> impl Iterator<Item = (usize, &Message)> {
        self.0
            .iter()
            .enumerate()
            .map(|(at, message)| (at.saturating_add(1), message))
            .filter(|(_, m)| !m.deleted)
    }

    fn find(&self, number: usize) -> Option<&Message> {
        self.left().find(|(found, _)| *found == number).map(|(_, message)| message)
    }

    /// How many messages are not marked, and how many octets they have.
    #[must_use]
    pub fn stat(&self) -> (usize, usize) {
        self.left().fold((0, 0), |(count, octets), (_, message)| {
            (count.saturating_add(1), octets.saturating_add(message.text.len()))
        })
    }

    /// The scan listing of one message.
    #[must_use]
    pub fn listing(&self, number: usize) -> Option<String> {
        self.find(number).map(|message| format!("{number} {}", message.text.len()))
    }

    /// The unique-id listing of one message.
    #[must_use]
    pub fn uid_listing(&self, number: usize) -> Option<String> {
        self.find(number).map(|message| format!("{number} {}", message.uid))
    }

    /// A listing of every message that is not marked, as the lines of an answer.
    #[must_use]
    pub fn all(&self, listing: fn(&Self, usize) -> Option<String>) -> String {
        let lines = self.left().filter_map(|(number, _)| listing(self, number));
        lines.map(|line| line + "\r\n").collect()
    }

    /// A message as the lines of an answer, dot and all; with `lines`, its header and as many lines of its body.
    #[must_use]
    pub fn text(&self, number: usize, lines: Option<usize>) -> Option<String> {
        let text = &self.find(number)?.text;
        let Some(lines) = lines else { return Some(grammar::stuffed(text)) };
        let (header, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let body: String = body.split_inclusive("\r\n").take(lines).collect();
        Some(grammar::stuffed(&format!("{header}\r\n\r\n{body}")))
    }

    /// Marks a message. False: there is no such message, or it is marked already.
    #[must_use]
    pub fn delete(&mut self, number: usize) -> bool {
        let message = number.checked_sub(1).and_then(|at| self.0.get_mut(at)).filter(|m| !m.deleted);
        message.map(|message| message.deleted = true).is_some()
    }

    /// Takes all marks off.
    pub fn reset(&mut self) {
        for message in &mut self.0 {
            message.deleted = false;
        }
    }

    /// Removes what is marked, as QUIT does and nothing else; says how many that were.
    pub fn update(&mut self) -> usize {
        let before = self.0.len();
        self.0.retain(|message| !message.deleted);
        before.saturating_sub(self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::default_account;

    #[test]
    fn numbers_stay_while_a_session_lasts_and_marks_count_at_the_end_only() {
        let mut drop = Maildrop::new(&default_account(), 7);
        let (count, octets) = drop.stat();
        assert_eq!(count, 3);
        assert!(drop.delete(2) && !drop.delete(2) && !drop.delete(0) && !drop.delete(4));
        assert_eq!(
            (drop.stat().0, drop.listing(2), drop.uid_listing(3)),
            (2, None, Some("3 00000007-3".to_owned()))
        );
        drop.reset();
        assert_eq!(drop.stat(), (count, octets));
        assert!(drop.delete(1));
        assert_eq!(
            (drop.update(), drop.stat().0, drop.uid_listing(1)),
            (1, 2, Some("1 00000007-2".to_owned()))
        );
        assert_eq!(drop.update(), 0);
    }

    #[test]
    fn a_message_is_stuffed_and_cut_as_top_asks() {
        let drop = Maildrop::new(&default_account(), 7);
        let whole = drop.text(2, None).unwrap();
        assert!(whole.ends_with("\r\n\r\nBest\r\n..\r\n...\r\n..end\r\n.\r\n"), "{whole}");
        assert!(drop.text(2, Some(0)).unwrap().ends_with("Subject: Signature\r\n\r\n.\r\n"));
        assert!(drop.text(2, Some(2)).unwrap().ends_with("\r\n\r\nBest\r\n..\r\n.\r\n"));
        assert_eq!(drop.text(2, Some(99)), Some(whole));
        assert!(drop.text(3, None).unwrap().ends_with("inside\r\n\r\n.\r\n"));
    }
}
