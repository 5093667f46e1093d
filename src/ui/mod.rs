//! The page. Everything that it knows is a [`state::State`], everything that can happen to it an
//! [`state::Action`]; the components draw the one and send the other.

mod about;
mod app;
mod aside;
mod attack;
mod bar;
mod beliefs;
mod bytes;
mod chosen;
mod commands;
mod compare;
mod defence;
mod diagram;
mod dialogs;
mod facts;
mod first;
mod fix;
mod folded;
mod gallery;
mod header;
mod help;
mod history;
mod holdings;
mod input;
mod job;
mod ladder;
mod learn;
mod lens;
mod machines;
mod manual;
mod marks;
mod matrix;
mod own;
mod palette;
mod parts;
mod picture;
mod plain;
mod proof;
mod rail;
mod reading;
mod recording;
mod remedy;
pub mod route;
mod row;
mod rulebook;
mod rulepage;
mod score;
mod seek;
mod sent;
mod session;
mod share;
mod sieve;
mod state;
mod states;
mod story;
mod switches;
mod tabs;
mod turned;
mod verdicts;
mod warmup;
mod why;
mod words;
mod worker;

use gloo_timers::callback::Timeout;

/// Mounts the page on the element with the id `app`, or on the body.
pub fn start() {
    proof::begin();
    // A task for each, so that the browser can answer a key or a finger in between.
    warmup::warm(|| {
        let opened = app::opened();
        Timeout::new(0, move || {
            let document = web_sys::window().and_then(|window| window.document());
            let root = document.and_then(|document| {
                document.get_element_by_id("app").or_else(|| document.body().map(web_sys::Element::from))
            });
            if let Some(root) = root {
                drop(show(opened, root));
            }
        })
        .forget();
    });
}

/// Mounts the page in an element of the caller's choice: the tests give one each.
pub fn mount(root: web_sys::Element) -> Mounted {
    show(app::opened(), root)
}

fn show(opened: state::State, root: web_sys::Element) -> Mounted {
    let props = app::Props { opened: session::Shared::new(opened) };
    Mounted(yew::Renderer::<app::App>::with_root_and_props(root, props).render())
}

/// A page that is mounted. Dropping this leaves it where it is.
#[derive(Debug)]
pub struct Mounted(yew::AppHandle<app::App>);

impl Mounted {
    /// Takes the page away, and its ears off the document.
    pub fn unmount(self) {
        self.0.destroy();
    }
}
