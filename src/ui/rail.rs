//! Who plays: the middle, the client, the server. For an import, its sessions.

use super::app::Go;
use super::folded::Later;
use super::own::Own;
use super::session::{Session, Shared};
use super::state::{Action, Log};
use super::switches::{Group, Profiles};
use crate::base::Side;
use crate::pipeline;
use crate::pipeline::By;
use crate::sim::Setup;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Rail`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is simulated.
    pub setup: Shared<Setup>,
    /// What came of it.
    pub session: Shared<Session>,
    /// The import, if one is on the table.
    pub log: Option<(Shared<Log>, usize)>,
    /// How the recording is being played again, if it is.
    pub asked: Option<super::recording::AskedHere>,
    /// What a recording is judged by.
    pub by: By,
    /// The current row.
    pub at: usize,
    /// What somebody described.
    pub own: Rc<Own>,
    /// Where actions go.
    pub go: Go,
}

/// The left rail.
#[component(Rail)]
pub fn rail(props: &Props) -> Html {
    match &props.log {
        Some((log, part)) => {
            html! { <super::parts::Parts log={log.clone()} part={*part} by={props.by} at={props.at}
            session={props.session.clone()} asked={props.asked.clone()} go={props.go.clone()} /> }
        }
        None => html! {
            <section class="rail" aria-label="Who plays">
                <Later turn={4}>{ protocol(props) }</Later>
                <Later turn={5}>{ end(props, Side::Client) }</Later>
                <Later turn={6}><super::attack::palette::Palette setup={props.setup.clone()} session={props.session.clone()} go={props.go.clone()} /></Later>
                <Later turn={7}>{ end(props, Side::Server) }<super::proof::Proof moment={props.at} /></Later>
            </section>
        },
    }
}

/// One end. They stand as the lanes of the ladder do: client, middle, server.
fn end(props: &Props, side: Side) -> Html {
    html! {
        <fieldset>
            <legend>{ super::words::side(side) }</legend>
            <Profiles side={side} setup={props.setup.clone()} own={props.own.clone()} go={props.go.clone()} />
            <Group side={side} setup={props.setup.clone()} go={props.go.clone()} />
        </fieldset>
    }
}

fn protocol(props: &Props) -> Html {
    let now = props.setup.protocol.protocol;
    html! {
        <fieldset class="protocol">
            <legend>{ "Protocol" }</legend>
            <div class="segments">
                <div>
                    { for pipeline::protocols().map(|protocol| {
                        let go = props.go.clone();
                        let choose = Callback::from(move |_: Event| go.dispatch(Action::Protocol(protocol)));
                        html! {
                            <label key={protocol.id()}>
                                <input type="radio" name="protocol" checked={now == protocol} onchange={choose} />
                                <span>{ protocol.title() }</span>
                            </label>
                        }
                    }) }
                </div>
            </div>
        </fieldset>
    }
}
