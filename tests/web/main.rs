//! Tests of the page's components, run in a real browser by `cargo xtask test`.
#![cfg(target_arch = "wasm32")]
// clippy.toml allows this in tests, but does not know that these are some.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_page_has_its_heading() {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let root = document.create_element("div").expect("an element");
    starttls_lab::ui::mount(root.clone());
    // Yew renders in a task of its own.
    yew::platform::time::sleep(std::time::Duration::ZERO).await;

    let heading = root.query_selector("h1").expect("a valid selector").expect("an h1");
    assert_eq!(heading.text_content().as_deref(), Some("STARTTLS Lab"));
}
