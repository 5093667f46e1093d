//! The core in WebAssembly does what it does natively: the table of all runs, with the digest of every report, is the
//! stored one, octet by octet. `tests/it/grid.rs` is the same test on the other target.

#[path = "../common/grid.rs"]
mod table;

use std::time::Duration;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn the_grid_is_the_one_that_native_code_stored() {
    let table = table::table(async || yew::platform::time::sleep(Duration::from_millis(1)).await).await;
    for (native, here) in table::STORED.lines().zip(table.lines()) {
        assert_eq!(native, here, "a run differs between native code and WebAssembly");
    }
    assert_eq!(table::STORED, table);
}
