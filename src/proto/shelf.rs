//! What the servers of one host keep from one connection to the next: mailboxes, maildrops, address books.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

/// A place for it. A server takes it when a connection begins and puts it back when the connection is over; copies of a
/// shelf are the same shelf.
#[derive(Clone, Default)]
pub struct Shelf(Rc<Cell<Option<Box<dyn Any>>>>);

impl Shelf {
    /// Takes what lies there; `None` where nothing does, or something of another kind.
    #[must_use]
    pub fn take<T: 'static>(&self) -> Option<T> {
        self.0.take()?.downcast().ok().map(|content| *content)
    }

    /// Puts something there, in place of what lies there.
    pub fn put<T: 'static>(&self, content: T) {
        self.0.set(Some(Box::new(content)));
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shelf")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_taken_once_by_whoever_shares_the_shelf() {
        let shelf = Shelf::default();
        let same = shelf.clone();
        shelf.put(7_u32);
        assert_eq!(same.take::<u32>(), Some(7));
        assert_eq!(shelf.take::<u32>(), None);
        shelf.put("another kind");
        assert_eq!(shelf.take::<u32>(), None);
    }
}
