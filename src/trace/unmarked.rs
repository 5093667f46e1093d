//! A handshake that may have been and that nobody marked: behind a positive answer to the request for TLS the dialogue goes
//! on, and the source does not say whether inside TLS.

use super::index::Index;
use super::{EventId, EventKind, Form, Status, Trace, Verb};
use crate::base::{Layer, Side};

impl Trace {
    /// The positive answer to a request for TLS behind which the client goes on although nothing says that a handshake
    /// began there.
    #[must_use]
    pub fn goes_on_unmarked(&self) -> Option<EventId> {
        let leg = self.leg(Side::Client);
        let (mut asked, mut granted) = (None, None);
        for event in leg.events() {
            match &event.kind {
                EventKind::TlsBegan => return None,
                EventKind::Command(command) if command.verb == Verb::StartTls => asked = Some(event.id),
                EventKind::Reply(reply)
                    if reply.form == Form::Final && asked.is_some() && reply.to == asked =>
                {
                    granted = granted.or((reply.status == Some(Status::Ok)).then_some(event.id));
                }
                _ => {}
            }
            let goes_on = event.from == Side::Client && !event.span.is_empty();
            if goes_on && granted.is_some_and(|granted| event.id > granted) {
                return granted;
            }
        }
        None
    }

    /// Whether the server's lists say that TLS came up behind an event: the request for it stood in one before, and stands in
    /// none behind it.
    #[must_use]
    pub fn stops_offering(&self, behind: EventId) -> bool {
        let lists = self.leg(Side::Client).lists();
        let (after, before): (Vec<_>, Vec<_>) = lists.partition(|(event, _)| event.id > behind);
        let offers = |(_, list): &(_, &super::Capabilities)| list.offers_starttls();
        before.iter().any(offers) && !after.is_empty() && !after.iter().any(offers)
    }

    /// Nothing is known any more of a handshake that is not marked: or that there was none, if somebody says so.
    #[must_use]
    pub fn with_every_handshake(mut self, marked: bool) -> Self {
        self.carries.handshake = marked;
        self
    }

    /// The same dialogue, all of it behind an event being inside TLS.
    #[must_use]
    pub fn inside_behind(&self, event: EventId) -> Self {
        let mut inside = self.clone();
        inside.events.iter_mut().filter(|one| one.id > event).for_each(|one| one.layer = Layer::Tls);
        inside.index = Index::new(&inside.events);
        inside
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::read_imap;

    const UP_TO_OK: &str = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi
             C: a STARTTLS
             S: a OK go";

    #[test]
    fn who_goes_on_without_a_mark_is_found_and_nobody_else() {
        let goes_on = |rest: &str| read_imap(&format!("{UP_TO_OK}\n{rest}")).goes_on_unmarked();
        assert!(goes_on("C: b NOOP").is_some());
        assert_eq!(goes_on(""), None);
        assert_eq!(goes_on("S: * 3 EXISTS"), None);
        assert_eq!(goes_on("==TLS==\nC: b NOOP"), None);
        assert_eq!(goes_on("S: * 3 EXISTS\n==TLS FAILED==\nC: b NOOP"), None);
        assert_eq!(read_imap("C: a STARTTLS\nS: a NO no\nC: b NOOP").goes_on_unmarked(), None);
    }

    #[test]
    fn a_list_without_the_offer_speaks_for_tls() {
        let stops = |list: &str| {
            let trace = read_imap(&format!("{UP_TO_OK}\nC: b CAPABILITY\nS: * CAPABILITY {list}"));
            trace.stops_offering(trace.goes_on_unmarked().unwrap())
        };
        assert!(stops("IMAP4rev1 AUTH=PLAIN"));
        assert!(!stops("IMAP4rev1 STARTTLS"));
        let none = read_imap(&format!("{UP_TO_OK}\nC: b NOOP"));
        assert!(!none.stops_offering(none.goes_on_unmarked().unwrap()));
    }
}
