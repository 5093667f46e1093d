//! The first minute: one question when the password is lost, one change, and two ways on.

use super::app::Go;
use super::state::{Action, Dialog};
use yew::prelude::*;

/// How far a newcomer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum First {
    /// Nothing was asked yet.
    #[default]
    Open,
    /// The question was answered: rightly or not.
    Answered(Who),
    /// The change was made.
    Fixed,
    /// That is over.
    Over,
}

/// Who could have stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The client.
    Client,
    /// The server.
    Server,
    /// Nobody.
    Nobody,
}

/// Properties of [`Minute`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// How far.
    pub first: First,
    /// Where actions go.
    pub go: Go,
}

/// The question, the answer, and the ways on.
#[component(Minute)]
pub fn minute(props: &Props) -> Html {
    let before = use_mut_ref(|| props.first);
    use_effect_with(props.first, move |first| {
        // What was pressed is gone; what it led to is the next thing to read.
        if before.replace(*first) != *first {
            super::input::focus(if matches!(first, First::Answered(_)) { "#answer" } else { ".score h2" });
        }
    });
    let send = |act: fn() -> Action| {
        let go = props.go.clone();
        Callback::from(move |_: MouseEvent| go.dispatch(act()))
    };
    let answer = match props.first {
        First::Open => {
            let answers = [("The client", Who::Client), ("The server", Who::Server), ("Nobody", Who::Nobody)];
            return html! {
                <section class="remedy first" aria-labelledby="who">
                    <h2 id="who">{ "Who could have stopped this?" }</h2>
                    <div class="who-buttons">
                        { for answers.into_iter().map(|(name, who)| {
                            let go = props.go.clone();
                            let answer = Callback::from(move |_: MouseEvent| go.dispatch(Action::Minute(First::Answered(who))));
                            html! { <button key={name} type="button" class="plain" onclick={answer}>{ name }</button> }
                        }) }
                    </div>
                </section>
            };
        }
        First::Fixed => {
            return html! {
                <section class="remedy first" aria-labelledby="next">
                    <h2 id="next">{ "That was one attack and one defence. And now?" }</h2>
                    <div class="who-buttons">
                        <button type="button" class="plain" onclick={send(|| Action::Dialog(Some(Dialog::Import)))}>{ "Paste your own log" }</button>
                        <a class="button" href="#/learn">{ "Start the 45-minute lesson" }</a>
                    </div>
                </section>
            };
        }
        First::Answered(Who::Client) => "Yes: only the client decides whether the password leaves it.",
        First::Answered(Who::Server) => {
            "The server did refuse the login, one message too late. Only the client could have kept the password."
        }
        First::Answered(Who::Nobody) => "Somebody could: the client need not send a password without TLS.",
        First::Over => return html! {},
    };
    html! {
        <section class="remedy first" aria-labelledby="answer">
            <h2 id="answer" tabindex="-1">{ "The client could" }</h2>
            <p>{ answer }</p>
            <button type="button" class="strong" onclick={send(|| Action::Strict)}>{ "Make the client strict and replay" }</button>
        </section>
    }
}
