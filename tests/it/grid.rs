//! Every attack against every pair of profiles: what is lost and what is broken, as one stored table.

#[path = "../common/grid.rs"]
pub mod table;

use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

#[test]
fn the_grid_of_attacks_and_profiles_is_as_it_was_stored() {
    // Nothing in it waits, so that one poll does it all.
    let Poll::Ready(table) = pin!(table::table(async || ())).poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("the table waits for something");
    };
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/grid.txt");
        std::fs::write(stored, &table).unwrap();
        return;
    }
    for (was, is) in table::STORED.lines().zip(table.lines()) {
        assert_eq!(was, is, "UPDATE_SNAPSHOTS=1 stores the new table");
    }
    assert_eq!(table::STORED, table, "UPDATE_SNAPSHOTS=1 stores the new table");
}
