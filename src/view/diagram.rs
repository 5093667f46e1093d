//! A diagram of states as a drawing: boxes below each other, neighbours joined by short arrows, everything else by
//! tracks at the sides. Whole numbers only, so that it is the same everywhere.

use crate::base::order;
use crate::proto::states::Diagram;

/// How wide a box is.
const WIDTH: i32 = 132;
/// How high a box is.
const HEIGHT: i32 = 28;
/// From one box's top to the next one's.
const STEP: i32 = 56;
/// How far a track is from the next.
const LANE: i32 = 20;
/// Room around everything.
const MARGIN: i32 = 10;

/// A drawing; lengths are in units of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
    /// The states, in their order.
    pub nodes: Vec<Node>,
    /// The moves; their numbers are their places here, from 1.
    pub edges: Vec<Edge>,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: &'static str,
    /// Its left edge.
    pub x: i32,
    /// Its top edge.
    pub y: i32,
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
    /// The machine is in it.
    pub current: bool,
    /// The machine was in it before.
    pub visited: bool,
}

/// A move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Its corners, from the state that it leaves to the one that it enters.
    pub points: Vec<(i32, i32)>,
    /// The middle of the place for its number.
    pub badge: (i32, i32),
    /// The state that it leaves.
    pub from: &'static str,
    /// The state that it enters.
    pub to: &'static str,
    /// What triggers it.
    pub on: &'static str,
    /// It was the last one.
    pub current: bool,
    /// It was made before.
    pub visited: bool,
}

/// Draws a machine's states; `path` are the states that it was in, the current one last.
#[must_use]
pub fn diagram(diagram: &Diagram, path: &[&str]) -> Drawing {
    let row = |name: &str| {
        let at = diagram.states.iter().position(|stage| stage.name == name).unwrap_or_default();
        i32::try_from(at).unwrap_or_default()
    };
    let rows: Vec<(i32, i32)> = diagram.moves.iter().map(|step| (row(step.from), row(step.to))).collect();
    // Down on the right, up on the left; the short ones next to the boxes.
    // Where one track ends another one may begin, but not upwards: there it leaves below where the other one enters.
    let down = lanes(&rows, 0, |from, to| to > from.saturating_add(1));
    let up = lanes(&rows, 1, |from, to| to < from);
    let left = MARGIN + LANE * (count(&up) + 1);
    let right = left + WIDTH;
    let width = right + LANE * (count(&down) + 1) + MARGIN;
    let top = |row: i32| MARGIN + row * STEP;
    let nodes: Vec<_> = (0..)
        .zip(diagram.states)
        .map(|(at, stage)| Node {
            name: stage.name,
            x: left,
            y: top(at),
            width: WIDTH,
            height: HEIGHT,
            current: path.last() == Some(&stage.name),
            visited: path.contains(&stage.name),
        })
        .collect();
    // Several tracks at one side of a box keep apart: where they leave is below where they enter.
    let edges =
        diagram.moves.iter().zip(&rows).zip(down.iter().zip(&up)).map(|((step, &(from, to)), lane)| {
            let (points, badge) = match lane {
                (Some(lane), _) => track(right, 1, *lane, top(from), top(to)),
                (None, Some(lane)) => track(left, -1, *lane, top(from), top(to)),
                (None, None) => {
                    let x = left + WIDTH / 2;
                    let (start, end) = (top(from) + HEIGHT, top(to));
                    (vec![(x, start), (x, end)], (x, (start + end) / 2))
                }
            };
            let made = |pair: &[&str]| pair == [step.from, step.to];
            Edge {
                points,
                badge,
                from: step.from,
                to: step.to,
                on: step.on,
                current: path.len().checked_sub(2).and_then(|at| path.get(at..)).is_some_and(made),
                visited: path.windows(2).any(made),
            }
        });
    Drawing {
        width,
        height: top(i32::try_from(diagram.states.len()).unwrap_or_default()) - (STEP - HEIGHT) + MARGIN,
        edges: edges.collect(),
        nodes,
    }
}

/// A path out of a box's side, along a lane, and into another box's side.
fn track(side: i32, away: i32, lane: i32, from: i32, to: i32) -> (Vec<(i32, i32)>, (i32, i32)) {
    let x = side + away * LANE * (lane + 1);
    // Out in the lower half, in in the upper half, each lane at a height of its own.
    let spread = (lane * 3).min(HEIGHT / 2 - 4);
    let (start, end) = (from + HEIGHT - 4 - spread, to + 4 + spread);
    (vec![(side, start), (x, start), (x, end), (side, end)], (x, (start + end) / 2))
}

/// Gives every move that fits a lane in which nothing else is, as near as possible; shorter moves first.
fn lanes(rows: &[(i32, i32)], between: i32, fits: impl Fn(i32, i32) -> bool) -> Vec<Option<i32>> {
    let mut given: Vec<Option<i32>> = vec![None; rows.len()];
    let span = |(from, to): (i32, i32)| (from.min(to), from.max(to));
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order::sort_by_key(&mut order, |&at| rows.get(at).map(|&(from, to)| ((to - from).abs(), from.min(to))));
    for at in order {
        let Some(&mine) = rows.get(at).filter(|&&(from, to)| fits(from, to)) else { continue };
        let (low, high) = span(mine);
        let free = |lane: i32| {
            rows.iter().zip(&given).all(|(&other, taken)| {
                let (from, to) = span(other);
                *taken != Some(lane) || to + between <= low || from >= high + between
            })
        };
        let lane = (0..).find(|&lane| free(lane));
        if let Some(slot) = given.get_mut(at) {
            *slot = lane;
        }
    }
    given
}

/// How many lanes there are.
fn count(lanes: &[Option<i32>]) -> i32 {
    lanes.iter().flatten().max().map_or(0, |most| most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Side;
    use crate::proto;

    fn drawings() -> impl Iterator<Item = (&'static Diagram, Drawing)> {
        proto::ALL
            .iter()
            .flat_map(|record| Side::BOTH.map(record.diagram))
            .map(|all| (all, diagram(all, &[])))
    }

    #[test]
    fn nothing_lies_on_another_thing_or_outside() {
        for (states, drawing) in drawings() {
            let badges: Vec<_> = drawing.edges.iter().map(|edge| edge.badge).collect();
            for (n, edge) in drawing.edges.iter().enumerate() {
                for (x, y) in &edge.points {
                    assert!((0..=drawing.width).contains(x) && (0..=drawing.height).contains(y), "{edge:?}");
                }
                assert!(
                    !badges[..n]
                        .iter()
                        .any(|other| (other.0 - edge.badge.0).abs() < 14
                            && (other.1 - edge.badge.1).abs() < 14),
                    "{:?}: {edge:?}",
                    states.states[0]
                );
                let vertical = |edge: &Edge| {
                    let (a, b) = (edge.points[edge.points.len() / 2 - 1], edge.points[edge.points.len() / 2]);
                    (a.0, a.1.min(b.1), a.1.max(b.1))
                };
                let (x, low, high) = vertical(edge);
                for other in &drawing.edges[..n] {
                    let (other_x, other_low, other_high) = vertical(other);
                    assert!(x != other_x || other_high <= low || other_low >= high, "{edge:?} on {other:?}");
                }
            }
        }
    }

    #[test]
    fn the_path_is_lit() {
        let states = (proto::ALL[0].diagram)(Side::Server);
        let drawing = diagram(states, &["not authenticated", "handshake", "not authenticated"]);
        let current: Vec<_> =
            drawing.nodes.iter().filter(|node| node.current).map(|node| node.name).collect();
        assert_eq!(current, ["not authenticated"]);
        let taken: Vec<_> =
            drawing.edges.iter().filter(|edge| edge.current).map(|e| (e.from, e.to)).collect();
        assert_eq!(taken, [("handshake", "not authenticated")]);
        assert_eq!(drawing.edges.iter().filter(|edge| edge.visited).count(), 2);
    }
}
