//! A machine's states, drawn and as a list.

use crate::view::{Drawing, Edge};
use yew::prelude::*;

/// Properties of [`Picture`].
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is drawn.
    pub drawing: Drawing,
    /// Whose states they are.
    pub title: String,
}

/// The drawing. Everything in it stands in the list beside it too.
#[component(Picture)]
pub fn picture(props: &Props) -> Html {
    let drawing = &props.drawing;
    let now = drawing.nodes.iter().find(|node| node.current).map(|node| node.name);
    let label = match now {
        Some(now) => format!("{}: now in “{now}”", props.title),
        None => format!("{}: the states and the moves between them, which the list names", props.title),
    };
    // What happened lies above what did not.
    let (made, other): (Vec<_>, Vec<_>) =
        drawing.edges.iter().enumerate().partition(|(_, edge)| edge.visited);
    html! {
        <svg class="diagram" viewBox={format!("0 0 {} {}", drawing.width, drawing.height)} role="img" aria-label={label}
            width={drawing.width.to_string()} height={drawing.height.to_string()}>
            { for other.into_iter().chain(made).map(|(number, edge)| line(number, edge)) }
            { for drawing.nodes.iter().map(|node| html! {
                <g key={node.name} class={classes!("node", node.visited.then_some("visited"), node.current.then_some("now"))}>
                    <rect x={node.x.to_string()} y={node.y.to_string()} width={node.width.to_string()} height={node.height.to_string()} rx="6" />
                    <text x={(node.x + node.width / 2).to_string()} y={(node.y + node.height / 2 + 4).to_string()}>{ node.name }</text>
                </g>
            }) }
        </svg>
    }
}

fn line(number: usize, edge: &Edge) -> Html {
    let points: Vec<_> = edge.points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let head = head(&edge.points);
    let (x, y) = edge.badge;
    let class = classes!("edge", edge.visited.then_some("visited"), edge.current.then_some("now"));
    html! {
        <g key={number} {class}>
            <polyline points={points.join(" ")} />
            <polygon points={head} />
            <circle cx={x.to_string()} cy={y.to_string()} r="7.5" />
            <text x={x.to_string()} y={(y + 3).to_string()}>{ number.saturating_add(1) }</text>
        </g>
    }
}

/// The corners of an arrow's head at the end of a path.
fn head(points: &[(i32, i32)]) -> String {
    let [.., before, (x, y)] = points else { return String::new() };
    let (dx, dy) = ((x - before.0).signum(), (y - before.1).signum());
    // Seven back, four to each side.
    let back = (x - 7 * dx, y - 7 * dy);
    let corners = [(*x, *y), (back.0 - 4 * dy, back.1 - 4 * dx), (back.0 + 4 * dy, back.1 + 4 * dx)];
    corners.map(|(x, y)| format!("{x},{y}")).join(" ")
}

/// The moves by their numbers.
pub fn moves(drawing: &Drawing) -> Html {
    html! {
        <ol class="moves">
            { for drawing.edges.iter().enumerate().map(|(number, edge)| html! {
                <li key={number} class={classes!(edge.current.then_some("now"))} aria-current={edge.current.then_some("step")}>
                    <b>{ edge.from }</b>{ " → " }<b>{ edge.to }</b>{ ": " }{ edge.on }
                </li>
            }) }
        </ol>
    }
}
