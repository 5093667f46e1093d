//! Opening records: the AEAD suites of TLS 1.3 (RFC 8446 section 5.2) and of TLS 1.2 (RFC 5288, RFC 7905).

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use chacha20poly1305::ChaCha20Poly1305;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha384};

/// What a suite encrypts and derives with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suite {
    aead: AeadKind,
    hash: Hash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AeadKind {
    Aes128Gcm,
    Aes256Gcm,
    ChaCha20Poly1305,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
}

impl AeadKind {
    fn key_length(self) -> usize {
        match self {
            Self::Aes128Gcm => 16,
            Self::Aes256Gcm | Self::ChaCha20Poly1305 => 32,
        }
    }
}

impl Suite {
    /// A suite whose records can be opened, by its IANA name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let hash = if name.ends_with("_SHA384") { Hash::Sha384 } else { Hash::Sha256 };
        let aead = if name.contains("AES_128_GCM_SHA") {
            AeadKind::Aes128Gcm
        } else if name.contains("AES_256_GCM_SHA") {
            AeadKind::Aes256Gcm
        } else if name.contains("CHACHA20_POLY1305_SHA") {
            AeadKind::ChaCha20Poly1305
        } else {
            return None;
        };
        Some(Self { aead, hash })
    }

    /// The length of a Finished message's verify_data in TLS 1.3.
    pub(super) fn hash_length(self) -> usize {
        match self.hash {
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
        }
    }

    /// The keys of one direction from its traffic secret (RFC 8446 section 7.3).
    pub(super) fn keys13(self, secret: &[u8]) -> Option<Opener> {
        let key = self.expand(secret, b"key", self.aead.key_length())?;
        let iv = self.expand(secret, b"iv", 12)?;
        Some(Opener { suite: self, tls13: true, key, iv, sequence: 0 })
    }

    /// The next secret of a direction after a KeyUpdate (RFC 8446 section 7.2).
    pub(super) fn updated(self, secret: &[u8]) -> Option<Vec<u8>> {
        self.expand(secret, b"traffic upd", self.hash_length())
    }

    /// The keys of both directions, client first (RFC 5246 section 6.3).
    pub(super) fn keys12(self, master: &[u8], client: &[u8; 32], server: &[u8; 32]) -> Option<[Opener; 2]> {
        let iv_length = if self.aead == AeadKind::ChaCha20Poly1305 { 12 } else { 4 };
        let key_length = self.aead.key_length();
        let wanted = key_length.checked_add(iv_length)?.checked_mul(2)?;
        let seed = [b"key expansion".as_slice(), server, client].concat();
        let block = match self.hash {
            Hash::Sha256 => prf(|data| mac::<Hmac<Sha256>>(master, data), &seed, wanted)?,
            Hash::Sha384 => prf(|data| mac::<Hmac<Sha384>>(master, data), &seed, wanted)?,
        };
        let (keys, ivs) = block.split_at_checked(key_length.checked_mul(2)?)?;
        let (client_key, server_key) = keys.split_at_checked(key_length)?;
        let (client_iv, server_iv) = ivs.split_at_checked(iv_length)?;
        let opener = |key: &[u8], iv: &[u8]| Opener {
            suite: self,
            tls13: false,
            key: key.to_vec(),
            iv: iv.to_vec(),
            sequence: 0,
        };
        Some([opener(client_key, client_iv), opener(server_key, server_iv)])
    }

    /// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1).
    fn expand(self, secret: &[u8], label: &[u8], length: usize) -> Option<Vec<u8>> {
        let mut info = u16::try_from(length).ok()?.to_be_bytes().to_vec();
        info.push(u8::try_from(label.len()).ok()?.checked_add(6)?);
        info.extend_from_slice(b"tls13 ");
        info.extend_from_slice(label);
        info.push(0);
        let mut out = vec![0; length];
        match self.hash {
            Hash::Sha256 => Hkdf::<Sha256>::from_prk(secret).ok()?.expand(&info, &mut out).ok()?,
            Hash::Sha384 => Hkdf::<Sha384>::from_prk(secret).ok()?.expand(&info, &mut out).ok()?,
        }
        Some(out)
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(data);
    Some(mac.finalize().into_bytes().to_vec())
}

/// P_hash of RFC 5246 section 5.
fn prf(mac: impl Fn(&[u8]) -> Option<Vec<u8>>, seed: &[u8], wanted: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut a = mac(seed)?;
    while out.len() < wanted {
        out.extend(mac(&[a.as_slice(), seed].concat())?);
        a = mac(&a)?;
    }
    out.truncate(wanted);
    Some(out)
}

/// Opens the records of one direction in their order.
#[derive(Clone)]
pub(super) struct Opener {
    suite: Suite,
    tls13: bool,
    key: Vec<u8>,
    iv: Vec<u8>,
    sequence: u64,
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opener({:?}, record {})", self.suite, self.sequence)
    }
}

impl Opener {
    /// The content of a record, without the tag; nothing when the key does not fit. A record that does not open
    /// leaves the count as it was.
    pub(super) fn open(&mut self, header: [u8; 5], body: &[u8]) -> Option<Vec<u8>> {
        let sequence = self.sequence.to_be_bytes();
        let mut nonce = [0_u8; 12];
        let (aad, sealed) = if self.tls13 || self.iv.len() == 12 {
            nonce.copy_from_slice(self.iv.get(..12)?);
            for (octet, count) in nonce.iter_mut().skip(4).zip(sequence) {
                *octet ^= count;
            }
            (if self.tls13 { header.to_vec() } else { aad12(sequence, header, body.len(), 16)? }, body)
        } else {
            let (explicit, sealed) = body.split_at_checked(8)?;
            let (salt, rest) = nonce.split_at_mut(4);
            salt.copy_from_slice(self.iv.get(..4)?);
            rest.copy_from_slice(explicit);
            (aad12(sequence, header, body.len(), 24)?, sealed)
        };
        let payload = Payload { msg: sealed, aad: &aad };
        let opened = match self.suite.aead {
            AeadKind::Aes128Gcm => {
                Aes128Gcm::new_from_slice(&self.key).ok()?.decrypt(&nonce.into(), payload).ok()?
            }
            AeadKind::Aes256Gcm => {
                Aes256Gcm::new_from_slice(&self.key).ok()?.decrypt(&nonce.into(), payload).ok()?
            }
            AeadKind::ChaCha20Poly1305 => {
                ChaCha20Poly1305::new_from_slice(&self.key).ok()?.decrypt(&nonce.into(), payload).ok()?
            }
        };
        self.sequence = self.sequence.checked_add(1)?;
        Some(opened)
    }
}

/// RFC 5246 section 6.2.3.3: the sequence number, and the header with the length of the content.
fn aad12(sequence: [u8; 8], header: [u8; 5], length: usize, overhead: usize) -> Option<Vec<u8>> {
    let content = u16::try_from(length.checked_sub(overhead)?).ok()?;
    let [kind, major, minor, ..] = header;
    Some([sequence.as_slice(), &[kind, major, minor], &content.to_be_bytes()].concat())
}
