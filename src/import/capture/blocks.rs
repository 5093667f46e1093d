//! The two containers of captures: pcap (with its variants of time and octet order) and pcapng.

use super::keys::KeyLog;
use pcap_parser::nom::Err as NomErr;
use pcap_parser::pcapng::{Block, SecretsType, parse_block_be, parse_block_le, parse_sectionheaderblock};
use pcap_parser::{
    PcapHeader, parse_pcap_frame, parse_pcap_frame_be, parse_pcap_frame_modified, parse_pcap_header,
};

/// A packet or block longer than this ends the reading: no network has such packets.
pub(super) const BLOCK_LIMIT: usize = 16 << 20;
/// More interfaces than this are not kept apart.
const INTERFACE_LIMIT: usize = 4096;

/// A captured packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet<'a> {
    /// Its number in the capture, from 1.
    pub number: u32,
    /// Its link type.
    pub link: i32,
    /// When it was captured, in microseconds since 1970.
    pub time: u64,
    /// What was captured of it.
    pub octets: &'a [u8],
    /// How long it was.
    pub length: usize,
}

/// What a container tells.
#[derive(Debug)]
pub(super) enum Item<'a> {
    Packet(Packet<'a>),
    /// TLS secrets that stand in the capture itself.
    Keys(KeyLog),
    /// A block that could not be read and was passed over.
    Damaged,
}

/// Cuts a container into its packets.
#[derive(Debug)]
pub(super) struct Blocks {
    buffer: Vec<u8>,
    kind: Kind,
    number: u32,
    /// The rest cannot be read.
    pub stuck: bool,
}

#[derive(Debug)]
enum Kind {
    Pcap(Option<PcapHeader>),
    Pcapng { big: bool, interfaces: Vec<Interface> },
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: i32,
    snap: usize,
    /// Ticks in a second.
    resolution: u64,
    offset: i64,
}

impl Blocks {
    pub(super) fn pcap() -> Self {
        Self { buffer: Vec::new(), kind: Kind::Pcap(None), number: 0, stuck: false }
    }

    pub(super) fn pcapng() -> Self {
        let kind = Kind::Pcapng { big: false, interfaces: Vec::new() };
        Self { buffer: Vec::new(), kind, number: 0, stuck: false }
    }

    /// Takes a chunk in and hands out what it completes.
    pub(super) fn push(&mut self, chunk: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        if self.stuck {
            return;
        }
        self.buffer.extend_from_slice(chunk);
        let buffer = std::mem::take(&mut self.buffer);
        let mut rest = buffer.as_slice();
        while !self.stuck
            && let Some(behind) = self.step(rest, each)
        {
            rest = behind;
        }
        if !self.stuck {
            let consumed = buffer.len().saturating_sub(rest.len());
            self.buffer = buffer;
            self.buffer.drain(..consumed);
        }
    }

    /// Whether the input ended within a packet.
    pub(super) fn unfinished(&self) -> bool {
        !self.stuck && !self.buffer.is_empty()
    }

    /// What stands behind the next packet or block; `None` where more octets are needed.
    fn step<'a>(&mut self, octets: &'a [u8], each: &mut dyn FnMut(Item<'_>)) -> Option<&'a [u8]> {
        match &self.kind {
            Kind::Pcap(None) => match parse_pcap_header(octets) {
                Ok((rest, header)) => {
                    self.kind = Kind::Pcap(Some(header));
                    Some(rest)
                }
                Err(NomErr::Incomplete(_)) => None,
                Err(_) => {
                    self.stuck = true;
                    None
                }
            },
            Kind::Pcap(Some(header)) => {
                let header = header.clone();
                self.frame(&header, octets, each)
            }
            Kind::Pcapng { .. } => self.block(octets, each),
        }
    }

    fn frame<'a>(
        &mut self,
        header: &PcapHeader,
        octets: &'a [u8],
        each: &mut dyn FnMut(Item<'_>),
    ) -> Option<&'a [u8]> {
        let big = header.is_bigendian();
        let captured = octets.get(8..12).and_then(|four| <[u8; 4]>::try_from(four).ok())?;
        let captured = if big { u32::from_be_bytes(captured) } else { u32::from_le_bytes(captured) };
        if captured as usize > BLOCK_LIMIT {
            self.stuck = true;
            return None;
        }
        let parse = match (big, header.is_modified_format()) {
            (true, _) => parse_pcap_frame_be,
            (false, true) => parse_pcap_frame_modified,
            (false, false) => parse_pcap_frame,
        };
        match parse(octets) {
            Ok((rest, frame)) => {
                self.number = self.number.saturating_add(1);
                let nano = header.is_nanosecond_precision();
                let fraction = if nano { frame.ts_usec / 1000 } else { frame.ts_usec };
                let time = u64::from(frame.ts_sec).saturating_mul(1_000_000).saturating_add(fraction.into());
                each(Item::Packet(Packet {
                    number: self.number,
                    // The upper bits tell the length of a check sequence.
                    link: header.network.0 & 0xFFFF,
                    time,
                    octets: frame.data,
                    length: frame.origlen as usize,
                }));
                Some(rest)
            }
            Err(NomErr::Incomplete(_)) => None,
            Err(_) => {
                self.stuck = true;
                None
            }
        }
    }

    fn block<'a>(&mut self, octets: &'a [u8], each: &mut dyn FnMut(Item<'_>)) -> Option<&'a [u8]> {
        let Kind::Pcapng { big, interfaces } = &mut self.kind else { return None };
        let word = |at: usize| octets.get(at..at.checked_add(4)?).and_then(|f| <[u8; 4]>::try_from(f).ok());
        let section = word(0)? == [0x0A, 0x0D, 0x0D, 0x0A];
        if section {
            *big = word(8)? == [0x1A, 0x2B, 0x3C, 0x4D];
        }
        let length = if *big { u32::from_be_bytes(word(4)?) } else { u32::from_le_bytes(word(4)?) } as usize;
        if !(12..=BLOCK_LIMIT).contains(&length) || !length.is_multiple_of(4) {
            self.stuck = true;
            return None;
        }
        let (block, rest) = octets.split_at_checked(length)?;
        if section {
            interfaces.clear();
            if parse_sectionheaderblock(block).is_err() {
                self.stuck = true;
            }
            return Some(rest);
        }
        let parsed = if *big { parse_block_be(block) } else { parse_block_le(block) };
        let Ok((_, parsed)) = parsed else {
            each(Item::Damaged);
            return Some(rest);
        };
        match parsed {
            Block::InterfaceDescription(description) if interfaces.len() < INTERFACE_LIMIT => {
                interfaces.push(Interface {
                    link: description.linktype.0,
                    snap: description.snaplen as usize,
                    resolution: description.ts_resolution().filter(|r| *r > 0).unwrap_or(1_000_000),
                    offset: description.ts_offset(),
                });
            }
            Block::EnhancedPacket(packet) => {
                self.number = self.number.saturating_add(1);
                let Some(interface) = interfaces.get(packet.if_id as usize) else {
                    each(Item::Damaged);
                    return Some(rest);
                };
                let ticks = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                let seconds = (ticks / interface.resolution).saturating_add_signed(interface.offset);
                let part =
                    u128::from(ticks % interface.resolution) * 1_000_000 / u128::from(interface.resolution);
                let micros = u64::try_from(part).unwrap_or_default();
                each(Item::Packet(Packet {
                    number: self.number,
                    link: interface.link,
                    time: seconds.saturating_mul(1_000_000).saturating_add(micros),
                    octets: packet.data.get(..packet.caplen as usize).unwrap_or(packet.data),
                    length: packet.origlen as usize,
                }));
            }
            Block::SimplePacket(packet) => {
                self.number = self.number.saturating_add(1);
                let Some(interface) = interfaces.first() else {
                    each(Item::Damaged);
                    return Some(rest);
                };
                let length = packet.origlen as usize;
                let kept = if interface.snap == 0 { length } else { length.min(interface.snap) };
                each(Item::Packet(Packet {
                    number: self.number,
                    link: interface.link,
                    time: 0,
                    octets: packet.data.get(..kept).unwrap_or(packet.data),
                    length,
                }));
            }
            Block::DecryptionSecrets(secrets) if secrets.secrets_type == SecretsType::TlsKeyLog => {
                let length = (secrets.secrets_len as usize).min(secrets.data.len());
                each(Item::Keys(KeyLog::parse(secrets.data.get(..length).unwrap_or_default())));
            }
            _ => {}
        }
        Some(rest)
    }
}
