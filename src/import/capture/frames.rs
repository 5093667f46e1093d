//! From a captured packet to its TCP segment: link layers, VLAN tags, IPv4 and IPv6.

use super::blocks::Packet;
use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TcpSlice, ether_type, ip_number};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A TCP segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub sequence: u32,
    /// What the sender has got, where the segment says so.
    pub acknowledged: Option<u32>,
    pub syn: bool,
    pub fin: bool,
    pub rst: bool,
    pub octets: &'a [u8],
    /// Octets at its end that the capture left out.
    pub missing: usize,
}

/// What a packet is.
#[derive(Debug)]
pub(super) enum Frame<'a> {
    Tcp(Segment<'a>),
    /// A part of an IP packet: the segment in it is not put together.
    Fragment,
    /// The capture cut it so short that its headers are incomplete.
    Cut,
    /// A link layer that is not read.
    Link(i32),
    /// Nothing with TCP in it.
    Other,
}

/// Takes a packet apart.
pub(super) fn frame<'a>(packet: &Packet<'a>) -> Frame<'a> {
    let octets = packet.octets;
    let sliced = match packet.link {
        1 => LaxSlicedPacket::from_ethernet(octets).ok(),
        // BSD loopback: the address family in four octets, in either order.
        0 | 108 => octets.get(4..).and_then(|ip| LaxSlicedPacket::from_ip(ip).ok()),
        12 | 14 | 101 | 228 | 229 => LaxSlicedPacket::from_ip(octets).ok(),
        // Linux cooked: the EtherType at the end of 16 octets; version 2 at the start of 20.
        113 => cooked(octets, 14, 16),
        276 => cooked(octets, 0, 20),
        other => return Frame::Link(other),
    };
    let short = octets.len() < packet.length;
    let nothing = || if short { Frame::Cut } else { Frame::Other };
    let Some(sliced) = sliced else { return nothing() };
    let (source, target, total, header, payload) = match &sliced.net {
        Some(LaxNetSlice::Ipv4(ip)) => {
            let head = ip.header();
            let addresses = (IpAddr::V4(head.source_addr()), IpAddr::V4(head.destination_addr()));
            (addresses.0, addresses.1, usize::from(head.total_len()), head.slice().len(), ip.payload())
        }
        Some(LaxNetSlice::Ipv6(ip)) => {
            let head = ip.header();
            let addresses =
                (IpAddr::V6(Ipv6Addr::from(head.source())), IpAddr::V6(Ipv6Addr::from(head.destination())));
            let extensions = ip.extensions().slice().len();
            (addresses.0, addresses.1, usize::from(head.payload_length()), extensions, ip.payload())
        }
        _ => return nothing(),
    };
    if payload.ip_number != ip_number::TCP {
        return Frame::Other;
    }
    if payload.fragmented {
        return Frame::Fragment;
    }
    let Ok(tcp) = TcpSlice::from_slice(payload.payload) else { return nothing() };
    // A length of zero stands in packets that the network card cuts up later.
    let expected = total.checked_sub(header).filter(|_| total > 0).unwrap_or(payload.payload.len());
    Frame::Tcp(Segment {
        from: SocketAddr::new(unmapped(source), tcp.source_port()),
        to: SocketAddr::new(unmapped(target), tcp.destination_port()),
        sequence: tcp.sequence_number(),
        acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
        syn: tcp.syn(),
        fin: tcp.fin(),
        rst: tcp.rst(),
        octets: tcp.payload(),
        missing: expected.saturating_sub(payload.payload.len()),
    })
}

fn cooked(octets: &[u8], kind: usize, header: usize) -> Option<LaxSlicedPacket<'_>> {
    let kind = octets.get(kind..kind.checked_add(2)?).and_then(|two| <[u8; 2]>::try_from(two).ok())?;
    let kind = EtherType(u16::from_be_bytes(kind));
    let known = [ether_type::IPV4, ether_type::IPV6, ether_type::VLAN_TAGGED_FRAME];
    let payload = octets.get(header..)?;
    known.contains(&kind).then(|| LaxSlicedPacket::from_ether_type(kind, payload))
}

fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, |four: Ipv4Addr| IpAddr::V4(four)),
        IpAddr::V4(_) => address,
    }
}
