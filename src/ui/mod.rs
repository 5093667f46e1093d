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
mod why;
mod words;
mod worker;

/// Mounts the page on the element with the id `app`, or on the body.
pub fn start() {
    proof::begin();
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("app"));
    match root {
        Some(root) => drop(mount(root)),
        None => {
            yew::Renderer::<app::App>::new().render();
        }
    }
}

/// Mounts the page in an element of the caller's choice: the tests give one each.
pub fn mount(root: web_sys::Element) -> Mounted {
    Mounted(yew::Renderer::<app::App>::with_root(root).render())
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
