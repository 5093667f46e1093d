//! The page.
use yew::prelude::*;

#[component(App)]
fn app() -> Html {
    html! { <main><h1>{ "STARTTLS Lab" }</h1></main> }
}

/// Mounts the page on the element with the id `app`, or on the body.
pub fn start() {
    yew::Renderer::<App>::new().render();
}

/// Mounts the page in an element of the caller's choice: the tests give one each.
pub fn mount(root: web_sys::Element) {
    yew::Renderer::<App>::with_root(root).render();
}
