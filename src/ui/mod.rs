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
