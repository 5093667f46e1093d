//! One of our clients or servers, fed by a transport that is not ours.

use super::{MachineOptions, Question, secret, side, taken, wrong};
use crate::base::{Side, Tick};
use crate::pipeline;
use crate::proto::{self, Input, Output};
use crate::sim::{self, default_account};
use crate::tls::{Facts, Failure, Version};
use wasm_bindgen::prelude::*;

/// A client or a server. Octets of the peer go in, octets for the peer come out, and whatever else it wants stands in
/// `asks()` after each call.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Machine {
    machine: Running,
    asks: Vec<Question>,
    now: Tick,
}

struct Running(Box<dyn proto::Machine>);

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.stage())
    }
}

#[wasm_bindgen]
impl Machine {
    /// Makes a machine that has not begun.
    ///
    /// # Errors
    /// When the options name something that there is not.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "MachineOptions")] options: JsValue,
    ) -> Result<Machine, JsError> {
        let options: MachineOptions = taken(options)?;
        let side = side(&options.side)?;
        let found = pipeline::protocols().find(|known| known.id() == options.protocol);
        let protocol = found.ok_or_else(|| wrong(format!("there is no protocol `{}`", options.protocol)))?;
        let said = |error: sim::SetupError| wrong(error.to_string());
        let mut setup = sim::Setup::new(protocol).map_err(said)?;
        if let Some(profile) = &options.profile {
            setup.profile(side, profile).map_err(said)?;
        }
        for text in options.set.unwrap_or_default() {
            setup.set_text(&format!("{}.{text}", side.name())).map_err(said)?;
        }
        let mut account = default_account();
        account.user = options.user.map_or(account.user, Into::into);
        account.host = options.host.map_or(account.host, Into::into);
        account.password = options.password.as_deref().map_or(account.password, secret);
        let seed = pipeline::Seed(options.seed.map_or(setup.seed.0, u64::from));
        let machine = match side {
            Side::Client => (setup.protocol.client)(&account, &setup.client.1, seed),
            Side::Server => (setup.protocol.server)(&account, &setup.server.1, seed),
        };
        Ok(Self { machine: Running(machine), asks: Vec::new(), now: Tick(0) })
    }

    /// A client may begin: it asks where to connect. A server, or a client whose connection is there, needs no more
    /// than `connected`.
    pub fn start(&mut self) -> Vec<u8> {
        self.step(Input::Start)
    }

    /// The connection is open. Returns what is to be sent.
    pub fn connected(&mut self) -> Vec<u8> {
        self.step(Input::Connected)
    }

    /// Octets from the peer, as many as came. Returns what is to be sent.
    pub fn feed(&mut self, octets: &[u8]) -> Vec<u8> {
        self.step(Input::Octets(octets))
    }

    /// The handshake was completed: its version, as `TLSv1.3`, where it is known.
    #[wasm_bindgen(js_name = tlsDone)]
    pub fn tls_done(&mut self, version: Option<String>) -> Vec<u8> {
        let version = version.as_deref().and_then(Version::from_name);
        self.step(Input::TlsDone(Ok(&Facts { version, ..Facts::default() })))
    }

    /// The handshake failed.
    #[wasm_bindgen(js_name = tlsFailed)]
    pub fn tls_failed(&mut self) -> Vec<u8> {
        self.step(Input::TlsDone(Err(Failure::NotTls)))
    }

    /// The moment that it asked for has come, in milliseconds since the start.
    pub fn timer(&mut self, now: f64) -> Vec<u8> {
        self.now = Tick(now as u64);
        self.step(Input::Timer)
    }

    /// The peer closed the connection.
    pub fn closed(&mut self) -> Vec<u8> {
        self.step(Input::PeerClosed)
    }

    /// What it asked for since this was called last, in order.
    #[wasm_bindgen(unchecked_return_type = "Question[]")]
    pub fn asks(&mut self) -> Result<JsValue, JsError> {
        let asks = std::mem::take(&mut self.asks);
        serde_wasm_bindgen::to_value(&asks).map_err(|error| wrong(error.to_string()))
    }

    /// The state that it is in.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn stage(&self) -> String {
        self.machine.0.stage().to_owned()
    }

    fn step(&mut self, input: Input<'_>) -> Vec<u8> {
        let mut sent = Vec::new();
        for output in self.machine.0.step(self.now, input) {
            self.asks.push(match output {
                Output::Send(octets) => {
                    sent.extend(octets);
                    continue;
                }
                // What it says of itself, and of the server behind it that it plays too.
                Output::Note(_) | Output::Behind(_) => continue,
                Output::StartTls(_) => Question::StartTls,
                Output::EndTls => Question::EndTls,
                Output::Close => Question::Close,
                Output::Cut => Question::Cut,
                Output::WakeAt(at) => Question::WakeAt { at: at.0 },
                Output::Connect(to) => Question::Connect { host: to.host, port: to.port, tls: to.tls_first },
                Output::Lookup(question) => Question::Lookup { name: question.name().to_owned() },
            });
        }
        sent
    }
}
