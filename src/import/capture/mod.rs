//! What the two formats of captures share: packets to TCP connections to sessions, with TLS opened where its keys are
//! known. Which protocol is spoken shows in what is said, not in the port.

mod blocks;
mod cipher;
mod connection;
mod flows;
mod frames;
mod hello;
mod keys;
mod tls;

pub(super) use connection::{Connection, Seen};
pub use keys::KeyLog;

use super::kit::Notice;
use super::{Batch, Reader};
use blocks::{Blocks, Item};
use flows::{Flows, KEPT_LIMIT, OPEN_LIMIT};
use frames::Frame;
use std::sync::Arc;

/// The reader of a capture.
#[derive(Debug)]
struct CaptureReader {
    blocks: Blocks,
    packets: Packets,
}

#[derive(Debug)]
struct Packets {
    flows: Flows,
    last: u32,
    tally: Tally,
}

/// Packets that no octets were read from, as the first of their kind and how many there are.
#[derive(Debug, Default)]
struct Tally {
    fragments: (Vec<u32>, u64),
    cut: (Vec<u32>, u64),
    links: (Vec<u32>, u64),
    link: i32,
    damaged: u64,
}

/// So many places of a kind are named.
const PLACES: usize = 16;

fn count(of: &mut (Vec<u32>, u64), place: u32) {
    of.1 = of.1.saturating_add(1);
    if of.0.len() < PLACES {
        of.0.push(place);
    }
}

/// The reader of the format with an id.
pub(super) fn reader(format: &str, keys: &Arc<KeyLog>) -> Box<dyn Reader> {
    if format == super::tshark_yaml::FORMAT.id {
        return super::tshark_yaml::reader(keys);
    }
    let blocks = if format == super::pcapng::FORMAT.id { Blocks::pcapng() } else { Blocks::pcap() };
    CaptureReader::boxed(blocks, keys)
}

/// Stands in the records of captures where other formats have their readers, so that a module which reads nothing but
/// lines is not linked with all that opens a capture.
pub(super) fn unopened(_: &Arc<KeyLog>) -> Box<dyn Reader> {
    Box::new(Unopened)
}

#[derive(Debug)]
struct Unopened;

impl Reader for Unopened {
    fn push(&mut self, _: &[u8], _: &mut Batch) {}
    fn finish(self: Box<Self>, _: &mut Batch) {}
}

impl CaptureReader {
    fn boxed(blocks: Blocks, keys: &Arc<KeyLog>) -> Box<dyn Reader> {
        let packets = Packets { flows: Flows::new(Arc::clone(keys)), last: 0, tally: Tally::default() };
        Box::new(Self { blocks, packets })
    }
}

impl Reader for CaptureReader {
    fn push(&mut self, chunk: &[u8], out: &mut Batch) {
        let packets = &mut self.packets;
        // A large chunk is cut, so that it is not held twice.
        for part in chunk.chunks(1 << 20) {
            self.blocks.push(part, &mut |item| packets.item(item, out));
        }
    }

    fn finish(mut self: Box<Self>, out: &mut Batch) {
        self.packets.flows.finish(out);
        let last = self.packets.last;
        let mut say = |message: String, places: Vec<u32>| out.notices.push(Notice { message, places });
        if self.blocks.stuck {
            say(format!("The capture is damaged behind packet {last}; the rest was not read."), Vec::new());
        } else if self.blocks.unfinished() {
            say(format!("The capture ends within what follows packet {last}."), Vec::new());
        }
        let (tally, counts) = (self.packets.tally, self.packets.flows.counts);
        for ((places, number), what) in [
            (tally.fragments, "are fragments of IP packets, which are not put together"),
            (tally.cut, "were cut within their headers by the capture"),
            (tally.links, "have a link layer that is not read"),
        ] {
            if number > 0 {
                let link =
                    if what.starts_with("have") { format!(" (type {})", tally.link) } else { String::new() };
                say(format!("{number} packets {what}{link}."), places);
            }
        }
        for (number, what) in [
            (tally.damaged, "blocks of the capture are damaged and were passed over"),
            (counts.holes, "octets of TCP connections are not in the capture"),
            (counts.other, "TCP connections are of no mail protocol that is covered"),
        ] {
            if number > 0 {
                say(format!("{number} {what}."), Vec::new());
            }
        }
        if counts.early > 0 {
            let limit = KEPT_LIMIT >> 20;
            say(
                format!(
                    "{} connections were judged before their end, because more than {OPEN_LIMIT} connections or {limit} MB were open at once.",
                    counts.early
                ),
                Vec::new(),
            );
        }
    }
}

impl Packets {
    fn item(&mut self, item: Item<'_>, out: &mut Batch) {
        let packet = match item {
            Item::Packet(packet) => packet,
            Item::Keys(found) => {
                Arc::make_mut(&mut self.flows.keys).join(found);
                return;
            }
            Item::Damaged => {
                self.tally.damaged = self.tally.damaged.saturating_add(1);
                return;
            }
        };
        self.last = packet.number;
        match frames::frame(&packet) {
            Frame::Tcp(segment) => {
                let seen = Seen { packet: packet.number, time: packet.time };
                self.flows.segment(&segment, seen, out);
            }
            Frame::Fragment => count(&mut self.tally.fragments, packet.number),
            Frame::Cut => count(&mut self.tally.cut, packet.number),
            Frame::Link(link) => {
                self.tally.link = link;
                count(&mut self.tally.links, packet.number);
            }
            Frame::Other => {}
        }
    }
}
