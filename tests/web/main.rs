//! Tests of the page's components, run in a real browser by `cargo xtask test`.
#![cfg(target_arch = "wasm32")]
// clippy.toml allows this in tests, but does not know that these are some.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod parity;

use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

/// The page in an element of its own, which goes away with the test.
struct Page(Element, Option<starttls_lab::ui::Mounted>);

impl Page {
    async fn open() -> Self {
        let document = web_sys::window().and_then(|window| window.document()).expect("a document");
        let root = document.create_element("div").expect("an element");
        document.body().expect("a body").append_child(&root).expect("a child");
        // The address is the whole window's, and tells of the test before.
        let history = web_sys::window().and_then(|window| window.history().ok()).expect("a history");
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("#/")).expect("an address");
        let mounted = starttls_lab::ui::mount(root.clone());
        let page = Self(root, Some(mounted));
        page.read("li.row").await;
        // The ears are put on behind the first picture.
        page.drawn().await;
        page
    }

    /// Yew renders in a task of its own.
    async fn drawn(&self) {
        yew::platform::time::sleep(Duration::from_millis(20)).await;
    }

    fn all(&self, what: &str) -> Vec<HtmlElement> {
        let list = self.0.query_selector_all(what).expect("a valid selector");
        (0..list.length()).filter_map(|n| list.item(n)?.dyn_into().ok()).collect()
    }

    fn one(&self, what: &str) -> HtmlElement {
        self.all(what).into_iter().next().unwrap_or_else(|| panic!("nothing is {what}"))
    }

    fn text(&self, what: &str) -> String {
        self.one(what).text_content().unwrap_or_default()
    }

    /// Reading takes several turns.
    async fn read(&self, what: &str) {
        // Half a minute: a busy machine is no failure.
        for _ in 0..500 {
            if !self.all(what).is_empty() {
                return;
            }
            self.drawn().await;
        }
        panic!("nothing became {what}");
    }

    /// Waits until an element's text begins with some words.
    async fn says(&self, what: &str, words: &str) {
        // Ten seconds: a busy machine is no failure.
        for _ in 0..500 {
            if self.all(what).iter().any(|e| e.text_content().is_some_and(|text| text.starts_with(words))) {
                return;
            }
            self.drawn().await;
        }
        panic!("{what} does not begin with “{words}” but says “{}”", self.text(what));
    }

    async fn click(&self, what: &str) {
        self.one(what).click();
        self.drawn().await;
    }
}

/// Pastes text as the browser would: the page listens on the whole document.
fn paste(text: &str) {
    let code = "const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text);
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));";
    let paste = js_sys::Function::new_with_args("text", code);
    paste.call1(&wasm_bindgen::JsValue::NULL, &text.into()).expect("a paste");
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(mounted) = self.1.take() {
            mounted.unmount();
        }
        self.0.remove();
    }
}

#[wasm_bindgen_test]
async fn it_opens_on_a_session_paused_at_its_first_event() {
    let page = Page::open().await;
    assert_eq!(page.all("h1").len(), 1);
    assert_eq!(page.all("li.row").len(), 10);
    assert_eq!(page.all("li.row:not(.later)").len(), 1);
    assert_eq!(page.one("li.row.now").get_attribute("aria-current").as_deref(), Some("step"));
    assert_eq!(page.text(".score h2"), "The attacker has nothing yet");
}

#[wasm_bindgen_test]
async fn stepping_shows_the_loss_and_announces_each_row() {
    let page = Page::open().await;
    for _ in 0..4 {
        page.click("button[aria-label=Forward]").await;
    }
    assert_eq!(page.text(".score h2"), "The attacker has the password");
    assert_eq!(
        page.one(".scrub").get_attribute("aria-valuetext").as_deref(),
        Some("event 5 of 10: password visible")
    );
    // What the page announces stands behind the screen.
    let said = page.all("main ~ [role=status]").last().and_then(|said| said.text_content());
    assert_eq!(said, page.one("li.row.now").get_attribute("aria-label"));
    assert_eq!(page.all("li.row del").len(), 2);
    assert!(!page.text(".ladder").contains("tanstaaf"), "a secret is never drawn");
}

#[wasm_bindgen_test]
async fn flipping_a_switch_replays_at_once_and_says_what_changed() {
    let page = Page::open().await;
    for _ in 0..4 {
        page.click("button[aria-label=Forward]").await;
    }
    // Who could have stopped it: the client. Then the change is offered.
    page.click(".remedy button").await;
    page.click(".remedy button").await;
    page.says(".news", "Changed: the attacker no longer gets the password").await;
    assert_eq!(page.all(".flag.danger").len(), 0);
    page.click("input[name='client.tls']").await;
    page.says(".news", "Changed: the attacker now gets the password").await;
}

#[wasm_bindgen_test]
async fn a_verdict_lights_its_evidence() {
    let page = Page::open().await;
    assert!(page.all(".verdict.fail").is_empty(), "the end is not told at the start");
    assert!(page.text(".open-rules").contains("not decided yet"));
    page.click("input[name=moment]:not(:checked)").await;
    assert!(!page.all(".verdict.fail").is_empty());
    page.click(".verdict button").await;
    assert_eq!(page.one(".verdict button").get_attribute("aria-pressed").as_deref(), Some("true"));
    assert!(!page.all("li.row.lit:not(.later)").is_empty());
    assert!(page.text(".verdict .reason").contains("Why"));
}

#[wasm_bindgen_test]
async fn a_pasted_transcript_takes_the_table_and_gives_it_back() {
    let page = Page::open().await;
    paste("S: * OK ready\nC: a1 LOGIN joe swordfish\nwho wrote this\nS: a1 OK in\n");
    page.read(".ladder.two").await;
    assert_eq!(page.all("li.row").len(), 4);
    assert_eq!(page.text(".score h2"), "A password crossed in the clear · line 2");
    assert_eq!(page.text("li.row.aside .number").trim(), "3");
    assert!(page.text("li.row.aside").contains("who wrote this"));
    assert!(page.text("main ~ [role=status]").ends_with("4 rows, 1 line not understood"));
    assert!(!page.0.inner_html().contains("swordfish"), "a secret is never drawn");
    page.click("button[aria-label=Forward]").await;
    page.click("button[aria-label=Forward]").await;
    assert_eq!(page.text("li.row.now .number").trim(), "4", "steps pass over what was not understood");
    page.click(".verdict button").await;
    assert!(page.all("li.row.aside.lit").is_empty());
    page.click(".rail > button").await;
    assert_eq!(page.all("li.row").len(), 10);
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_says_why_and_changes_nothing() {
    let page = Page::open().await;
    paste("220 mail.example.org ESMTP\nEHLO me\n250 STARTTLS\n");
    page.read(".news.bad[role=alert]").await;
    assert!(page.text(".news.bad").contains("SMTP"), "{}", page.text(".news.bad"));
    assert_eq!(page.all("li.row").len(), 10);
    page.click(".news.bad button").await;
    assert!(page.all(".news.bad").is_empty());
}

#[wasm_bindgen_test]
async fn another_rule_set_changes_verdicts_and_nothing_else() {
    let page = Page::open().await;
    page.click("input[name=moment]:not(:checked)").await;
    let (before, rows) = (page.text(".counts"), page.text("ol.rows"));
    page.click("input[name=rules]").await;
    assert_ne!(page.text(".counts"), before);
    assert_eq!(page.text("ol.rows"), rows);
    assert!(page.text(".news").contains("different"));
}
