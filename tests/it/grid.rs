//! Every attack against every pair of profiles: what is lost and what is broken, as one stored table.

#[path = "../common/grid.rs"]
pub mod table;

use std::path::Path;

#[test]
fn the_grid_of_attacks_and_profiles_is_as_it_was_stored() {
    let table = table::table();
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
