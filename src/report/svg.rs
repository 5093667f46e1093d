//! The ladder as a picture (SVG): text stays text, and what is drawn is also said in words.

use super::markup::escape;
use crate::base::{Layer, Side};
use crate::view::{Arrow, Change, Ladder, Row, RowKind};
use std::fmt::Write;

const WIDTH: u32 = 960;
const LINE: u32 = 18;
const LEFT: u32 = 60;
const RIGHT: u32 = WIDTH - 60;
/// Above so many rows the picture ends and says so.
const ROWS: usize = 400;

/// Draws a ladder; `title` names it.
#[must_use]
pub fn svg(ladder: &Ladder, title: &str) -> String {
    let mut body = String::new();
    let mut desc = String::new();
    let mut y = 64;
    let drawn = ladder.rows.get(..ROWS.min(ladder.rows.len())).unwrap_or_default();
    for row in drawn {
        y = draw(&mut body, row, ladder.middle, y);
        if !row.sentence.is_empty() {
            desc.push_str(&row.sentence);
            desc.push_str(". ");
        }
    }
    let more = ladder.rows.len().saturating_sub(drawn.len());
    if more > 0 {
        y = y.saturating_add(LINE);
        text(
            &mut body,
            WIDTH / 2,
            y,
            "middle",
            "#555e6a",
            &[&more.to_string(), " more rows are not drawn"].concat(),
        );
    }
    let height = y.saturating_add(32);
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-labelledby=\"title desc\" font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"12\">\n<title id=\"title\">"
    );
    escape(&mut out, title);
    out.push_str("</title>\n<desc id=\"desc\">");
    escape(&mut out, desc.trim_end());
    let _ = write!(
        out,
        "</desc>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
         <path d=\"M0 0 L8 4 L0 8 z\" fill=\"#2a4b8d\"/></marker></defs>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fbfaf7\"/>\n"
    );
    let lanes = if ladder.middle {
        vec![(LEFT, "client"), (WIDTH / 2, "middle"), (RIGHT, "server")]
    } else {
        vec![(LEFT, "client"), (RIGHT, "server")]
    };
    for (x, name) in lanes {
        text(&mut out, x, 28, "middle", "#1c2128", name);
        let _ = writeln!(
            out,
            "<path d=\"M{x} 36 V{}\" stroke=\"#cfcabd\" fill=\"none\"/>",
            height.saturating_sub(12)
        );
    }
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

fn text(out: &mut String, x: u32, y: u32, anchor: &str, fill: &str, said: &str) {
    let _ = write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{fill}\" xml:space=\"preserve\">"
    );
    escape(out, said);
    out.push_str("</text>\n");
}

/// Draws a row from a height on and gives the height behind it.
fn draw(out: &mut String, row: &Row, middle: bool, y: u32) -> u32 {
    let mut y = y;
    match &row.kind {
        RowKind::Band(_, said) if said.is_empty() => {}
        RowKind::Band(_, said) => {
            y = y.saturating_add(LINE);
            let top = y.saturating_sub(13);
            let width = RIGHT - LEFT;
            let _ = writeln!(
                out,
                "<rect x=\"{LEFT}\" y=\"{top}\" width=\"{width}\" height=\"{LINE}\" fill=\"#e3f1ee\" stroke=\"#0b6e69\"/>"
            );
            text(out, WIDTH / 2, y, "middle", "#0b6e69", said);
            y = y.saturating_add(8);
        }
        RowKind::Unread { .. } | RowKind::Foreign { .. } => {
            y = y.saturating_add(LINE);
            text(out, WIDTH / 2, y, "middle", "#616a76", "a line that was not understood");
        }
        RowKind::Message { from, client_hop, server_hop, change, .. } => {
            let both =
                middle && (!matches!(change, Change::None) || server_hop.is_none() || client_hop.is_none());
            if both {
                let left =
                    client_hop.as_ref().map(|arrow| message(out, row, arrow, *from, (LEFT, WIDTH / 2), y));
                let right =
                    server_hop.as_ref().map(|arrow| message(out, row, arrow, *from, (WIDTH / 2, RIGHT), y));
                y = left.unwrap_or(y).max(right.unwrap_or(y));
                let said = match change {
                    Change::None => "",
                    Change::Altered(_) => "the middle alters it",
                    Change::Dropped => "the middle keeps it",
                    Change::Forged => "the middle made it up",
                };
                if !said.is_empty() {
                    y = y.saturating_add(LINE);
                    text(out, WIDTH / 2, y, "middle", "#7a3d8f", said);
                }
            } else if let Some(arrow) = client_hop.as_ref().or(server_hop.as_ref()) {
                y = message(out, row, arrow, *from, (LEFT, RIGHT), y);
            }
            if row.exposes {
                y = y.saturating_add(LINE);
                text(out, WIDTH / 2, y, "middle", "#b3261e", "a secret that everybody on the path can read");
            }
        }
    }
    for (side, note) in &row.notes {
        y = y.saturating_add(LINE);
        let (x, anchor) = if *side == Side::Client { (LEFT + 8, "start") } else { (RIGHT - 8, "end") };
        text(out, x, y, anchor, "#555e6a", &[side.name(), " ", note].concat());
    }
    y.saturating_add(6)
}

/// One arrow between two lanes with its lines above it.
fn message(out: &mut String, row: &Row, arrow: &Arrow, from: Side, (left, right): (u32, u32), y: u32) -> u32 {
    let mut y = y;
    // A character is about 7.3 units wide.
    let fits = (right.saturating_sub(left).saturating_sub(24) / 8) as usize;
    for line in &arrow.lines {
        let said: String = line.iter().map(|piece| piece.text.as_str()).collect();
        let short = if said.chars().count() > fits {
            said.chars().take(fits.saturating_sub(1)).chain(['…']).collect()
        } else {
            said
        };
        y = y.saturating_add(LINE);
        text(out, left.saturating_add(12), y, "start", "#1c2128", &short);
    }
    if arrow.more > 0 {
        y = y.saturating_add(LINE);
        text(
            out,
            left.saturating_add(12),
            y,
            "start",
            "#555e6a",
            &["(", &arrow.more.to_string(), " more lines)"].concat(),
        );
    }
    y = y.saturating_add(6);
    let (start, end) = if from == Side::Client { (left, right) } else { (right, left) };
    let colour = if row.layer == Layer::Tls { "#0b6e69" } else { "#2a4b8d" };
    let _ = writeln!(
        out,
        "<path d=\"M{start} {y} H{end}\" stroke=\"{colour}\" stroke-width=\"1.5\" fill=\"none\" marker-end=\"url(#tip)\"/>"
    );
    y
}
