//! What a server keeps, made when somebody first looks at it: most sessions that an attack ends never do.

use super::store::{Identity, Store};
use crate::base::Seed;
use crate::proto::Account;
use std::cell::OnceCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// The store of an account's server.
pub struct Mailroom {
    account: Rc<Account>,
    seed: Seed,
    made: OnceCell<Store>,
    /// Nothing is kept here.
    empty: Store,
}

impl Mailroom {
    /// With what the account's shelf holds, if anything lies there.
    #[must_use]
    pub fn new(account: &Rc<Account>, seed: Seed) -> Self {
        let made = account.shelf.take::<Store>().map_or_else(OnceCell::new, OnceCell::from);
        Self { account: Rc::clone(account), seed, made, empty: Store::default() }
    }

    /// Looks a user's groups up, for which nobody has to look at mail.
    #[must_use]
    pub fn identity(&self, user: &str) -> Identity {
        let groups = if user == self.account.user {
            self.account.groups.to_vec()
        } else {
            let other = self.account.others.iter().find(|other| other.user == user);
            other.map(|other| other.groups.to_vec()).unwrap_or_default()
        };
        Identity { user: user.to_owned(), groups }
    }

    /// Puts what was made on the account's shelf.
    pub fn close(&mut self) {
        if let Some(store) = self.made.take() {
            self.account.shelf.put(store);
        }
    }
}

impl Deref for Mailroom {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.made.get_or_init(|| Store::new(&self.account, self.seed))
    }
}

impl DerefMut for Mailroom {
    fn deref_mut(&mut self) -> &mut Store {
        let _: &Store = self;
        self.made.get_mut().unwrap_or(&mut self.empty)
    }
}

impl fmt::Debug for Mailroom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Store::fmt(self, f)
    }
}
