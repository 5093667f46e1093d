//! Which panel a narrow page shows. A wide one shows them all and hides this.

use super::app::Go;
use super::state::{Action, Tab};
use yew::prelude::*;

/// Properties of [`Tabs`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The panel that is shown.
    pub tab: Tab,
    /// A lesson is played.
    #[prop_or_default]
    pub lesson: bool,
    /// An import is on the table.
    pub imported: bool,
    /// Where actions go.
    pub go: Go,
}

/// The row of panel buttons.
#[component(Tabs)]
pub fn tabs(props: &Props) -> Html {
    let last = if props.imported { "Sessions" } else { "Switches" };
    let mut all = vec![
        (Tab::Verdicts, "Verdicts"),
        (Tab::Beliefs, "Beliefs"),
        (Tab::Bytes, "Bytes"),
        (Tab::Switches, last),
    ];
    if props.lesson {
        all.insert(0, (Tab::Lesson, "Lesson"));
    } else if !props.imported {
        all.insert(1, (Tab::States, "States"));
    }
    html! {
        <div class="tabs" role="group" aria-label="Panel">
            { for all.into_iter().map(|(tab, name)| {
                let go = props.go.clone();
                let choose = Callback::from(move |_: MouseEvent| go.dispatch(Action::Tab(tab)));
                html! {
                    <button key={name} type="button" aria-pressed={(props.tab == tab).to_string()} onclick={choose}>{ name }</button>
                }
            }) }
        </div>
    }
}
