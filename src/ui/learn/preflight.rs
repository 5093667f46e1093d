//! Whether this device and this room are ready: one line each, with what to do where it is not.

use crate::base::Protocol;
use crate::pipeline::{self, Setup};
use crate::spec::RuleSet;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use yew::prelude::*;

/// What was looked at: its name, how it stands, and what to do.
struct Looked {
    name: &'static str,
    /// Fine, not fine but of little weight, or not fine.
    state: State,
    said: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fine,
    Mind,
    Fix,
}

/// The screen.
#[component(Preflight)]
pub fn preflight() -> Html {
    let again = use_state(|| 0_u32);
    let looked = [engine(), time(), offline(), storage(), screen(), letters(), colours(), windows()];
    let fixes = looked.iter().filter(|one| one.state == State::Fix).count();
    let retry = Callback::from(move |_: MouseEvent| again.set(again.saturating_add(1)));
    html! {
        <main class="screen learn" id="text" tabindex="0">
            <p class="back"><a href="#/learn">{ "← Lessons" }</a></p>
            <h1 tabindex="-1">{ "Room check" }</h1>
            <p class="lead" role="status">{ match fixes {
                0 => "This device is ready for the workshop.".to_owned(),
                1 => "One thing has to be changed before the workshop.".to_owned(),
                fixes => format!("{fixes} things have to be changed before the workshop."),
            } }</p>
            <ul class="looked" role="list">
                { for looked.into_iter().map(|one| {
                    let (mark, word, class) = match one.state {
                        State::Fine => ("✓", "fine", "pass"),
                        State::Mind => ("!", "look at this", "unknown"),
                        State::Fix => ("✕", "to fix", "fail"),
                    };
                    html! { <li key={one.name} class={class}><b><span aria-hidden="true">{ mark }</span>{ format!(" {}: {word}", one.name) }</b><span>{ one.said }</span></li> }
                }) }
            </ul>
            <p class="actions"><button type="button" class="plain" onclick={retry}>{ "Check again" }</button></p>
            <section aria-labelledby="room">
                <h2 id="room">{ "For the room" }</h2>
                <ul class="plain-list">
                    <li>{ "Mail this page’s address the day before and ask for what it says." }</li>
                    <li>{ "Nothing needs an account, an installation or a mail server, and nothing in the room can be attacked: client, server and attacker are simulated in the page." }</li>
                    <li>{ "Without a network: everybody opens the page once before, or opens the single file from a USB stick." }</li>
                </ul>
            </section>
        </main>
    }
}

fn now() -> Option<f64> {
    Some(web_sys::window()?.performance()?.now())
}

/// A session that is known to lose a password.
fn run() -> Option<bool> {
    let mut setup = Setup::new(Protocol::Imap).ok()?;
    setup.attack("strip-capability").ok()?;
    let run = pipeline::simulate(&setup, RuleSet::Today);
    Some(run.harms.iter().any(|done| done.harm.id == "credential") && run.connections.len() == 1)
}

fn engine() -> Looked {
    let fine = run() == Some(true);
    Looked {
        name: "The laboratory",
        state: if fine { State::Fine } else { State::Fix },
        said: if fine {
            "A session was run and came out as it must.".to_owned()
        } else {
            "A session came out wrong. Reload the page; if it stays so, use another browser.".to_owned()
        },
    }
}

fn time() -> Looked {
    let begun = now();
    let _ = run();
    let spent = begun.zip(now()).map(|(begun, ended)| (ended as u32).saturating_sub(begun as u32));
    let slow = spent.is_some_and(|spent| spent > 100);
    let spent = spent.map_or_else(String::new, |spent| format!(" It took {spent} ms."));
    Looked {
        name: "Speed",
        state: if slow { State::Mind } else { State::Fine },
        said: if slow {
            format!("A session takes long here.{spent} Close other windows.")
        } else {
            format!("Sessions run at once.{spent}")
        },
    }
}

fn offline() -> Looked {
    let worker = web_sys::window().and_then(|window| {
        let navigator = Reflect::get(&window, &"navigator".into()).ok()?;
        let workers = Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
        Reflect::get(&workers, &"controller".into()).ok()
    });
    let file = web_sys::window().is_some_and(|w| w.location().protocol().is_ok_and(|p| p == "file:"));
    let kept = worker.is_some_and(|worker| worker.is_object());
    let (state, said) = match (file, kept) {
        (true, _) => (State::Fine, "The page was opened from a file and needs no network."),
        (_, true) => (State::Fine, "The page is kept on this device and opens without a network."),
        _ => (
            State::Mind,
            "While this window is open the page works on without a network. To open it anew without one, visit it once more first, or use the single file.",
        ),
    };
    Looked { name: "Without a network", state, said: said.to_owned() }
}

fn storage() -> Looked {
    let stores = web_sys::window().and_then(|window| window.local_storage().ok().flatten()).is_some();
    Looked {
        name: "Progress",
        state: if stores { State::Fine } else { State::Mind },
        said: if stores {
            "Progress can be remembered here, if you switch that on.".to_owned()
        } else {
            "This window remembers nothing, as private windows do. Take your progress along as a code."
                .to_owned()
        },
    }
}

fn screen() -> Looked {
    let size = |name: &str| {
        let window = web_sys::window()?;
        Reflect::get(&window, &name.into()).ok()?.as_f64()
    };
    let (wide, high) =
        (size("innerWidth").unwrap_or_default() as u32, size("innerHeight").unwrap_or_default() as u32);
    let (state, said) = match wide {
        1280.. => (State::Fine, "The lesson stands beside the session."),
        _ => (State::Mind, "The lesson stands above the session. From 1280 on it stands beside it."),
    };
    Looked { name: "Size of the window", state, said: format!("{wide} by {high}. {said}") }
}

/// Whether letters of one width are.
fn letters() -> Looked {
    let width = |text: &str| -> Option<i32> {
        let document = web_sys::window()?.document()?;
        let probe: HtmlElement = document.create_element("code").ok()?.dyn_into().ok()?;
        probe.set_class_name("probe");
        probe.set_text_content(Some(text));
        document.body()?.append_child(&probe).ok()?;
        let width = probe.offset_width();
        probe.remove();
        Some(width)
    };
    let even = width("iiiiiiii").zip(width("MMMMMMMM")).is_some_and(|(a, b)| a == b && a > 0);
    Looked {
        name: "Letters",
        state: if even { State::Fine } else { State::Mind },
        said: if even {
            "What is on the wire is written in letters of one width.".to_owned()
        } else {
            "The letters of the session have different widths. Choose a monospaced font in the browser’s settings.".to_owned()
        },
    }
}

fn colours() -> Looked {
    let supports = || {
        let css = Reflect::get(&JsValue::from(web_sys::window()?), &"CSS".into()).ok()?;
        let supports: js_sys::Function = Reflect::get(&css, &"supports".into()).ok()?.dyn_into().ok()?;
        supports
            .call2(&css, &JsValue::from("color"), &JsValue::from("light-dark(#000, #fff)"))
            .ok()?
            .as_bool()
    };
    let fine = supports() == Some(true);
    Looked {
        name: "The browser",
        state: if fine { State::Fine } else { State::Fix },
        said: if fine {
            "It knows everything that this page is drawn with.".to_owned()
        } else {
            "It is too old to draw this page well. Use a browser of 2024 or later.".to_owned()
        },
    }
}

fn windows() -> Looked {
    let fine =
        web_sys::window().is_some_and(|w| Reflect::has(&w, &"BroadcastChannel".into()).unwrap_or(false));
    Looked {
        name: "A second window",
        state: if fine { State::Fine } else { State::Mind },
        said: if fine {
            "Notes for whoever presents can follow in a window of their own.".to_owned()
        } else {
            "The window with the notes cannot follow here. Open the notes by their own links.".to_owned()
        },
    }
}
