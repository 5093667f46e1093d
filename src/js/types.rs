//! The shapes that scripts see. Those of what comes out are the records' own.

use crate::report::{EventRecord, FixesRecord, HarmRecord, InputError, Remark, SessionRecord, SetupRecord};
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wasm_bindgen::prelude::wasm_bindgen;

/// How to read a recording.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct CheckOptions {
    /// The id of its format; otherwise that is found out.
    #[tsify(optional)]
    pub format: Option<String>,
    /// The rule set: `1999` or `today`.
    #[tsify(optional)]
    pub rules: Option<String>,
    /// Its name in the report.
    #[tsify(optional)]
    pub file: Option<String>,
    /// A key log that opens the TLS connections of a capture.
    #[tsify(optional)]
    pub keys: Option<String>,
}

/// What is to be run.
#[derive(Clone, Debug, Deserialize, Tsify)]
pub struct Setup {
    /// `imap`, `pop3` or `acap`.
    pub protocol: String,
    /// The id of the client's profile.
    #[tsify(optional)]
    pub client: Option<String>,
    /// The id of the server's profile.
    #[tsify(optional)]
    pub server: Option<String>,
    /// The ids of attacks, the nearest to the client first.
    #[tsify(optional)]
    pub attacks: Option<Vec<String>>,
    /// An attack that is written as text.
    #[tsify(optional)]
    pub written: Option<String>,
    /// Switches, as `SIDE.SWITCH=VALUE`.
    #[tsify(optional)]
    pub set: Option<Vec<String>>,
    /// Where chance comes from.
    #[tsify(optional)]
    pub seed: Option<u32>,
    /// The rule set: `1999` or `today`.
    #[tsify(optional)]
    pub rules: Option<String>,
    /// Look for the smallest changes that stop the attacks.
    #[tsify(optional)]
    pub fixes: Option<bool>,
}

/// Which machine is to be made.
#[derive(Clone, Debug, Deserialize, Tsify)]
pub struct MachineOptions {
    /// `imap`, `pop3` or `acap`.
    pub protocol: String,
    /// `client` or `server`.
    pub side: String,
    /// The id of its profile.
    #[tsify(optional)]
    pub profile: Option<String>,
    /// Its switches, as `SWITCH=VALUE`.
    #[tsify(optional)]
    pub set: Option<Vec<String>>,
    /// The name of the account.
    #[tsify(optional)]
    pub user: Option<String>,
    /// Its password.
    #[tsify(optional)]
    pub password: Option<String>,
    /// The host that the client means.
    #[tsify(optional)]
    pub host: Option<String>,
    /// Where chance comes from.
    #[tsify(optional)]
    pub seed: Option<u32>,
}

/// What a machine asks its transport for, apart from sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Question {
    /// Begin a handshake, then call `tlsDone`.
    StartTls,
    /// End the layer and keep the connection.
    EndTls,
    /// Close the connection.
    Close,
    /// Close it without a close alert.
    Cut,
    /// Call `timer` at this moment, in milliseconds since the start, unless something else happens first.
    WakeAt {
        /// The moment.
        at: u64,
    },
    /// Connect to this host and port, then call `connected`.
    Connect {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// TLS from the first octet.
        tls: bool,
    },
    /// The resolver is asked; a transport that has connected by itself needs not answer.
    Lookup {
        /// For what.
        name: String,
    },
}

/// An input of a report.
#[derive(Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct InputReport {
    /// Its name.
    pub file: Option<String>,
    /// The id of its format.
    pub format: Option<String>,
    /// Its sessions.
    pub sessions: Vec<SessionRecord>,
    /// What has to be said about lines that belong to no session.
    #[tsify(optional)]
    pub remarks: Option<Vec<Remark>>,
    /// Why nothing, or nothing more, could be read.
    #[tsify(optional)]
    pub error: Option<InputError>,
}

/// A report, as `--output json` writes it.
#[derive(Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Report {
    /// The name and version of this shape.
    pub schema: String,
    /// What was judged; a simulation is one input.
    pub inputs: Vec<InputReport>,
    /// What was run.
    #[tsify(optional)]
    pub setup: Option<SetupRecord>,
    /// What the attacker gained.
    #[tsify(optional)]
    pub harms: Option<Vec<HarmRecord>>,
    /// That the user was kept from the mail.
    #[tsify(optional)]
    pub denied: Option<HarmRecord>,
    /// The smallest changes that stop the attacks.
    #[tsify(optional)]
    pub fixes: Option<FixesRecord>,
    /// What crossed each hop.
    #[tsify(optional)]
    pub events: Option<Vec<EventRecord>>,
    /// What has to be said about the run.
    #[tsify(optional)]
    pub remarks: Option<Vec<Remark>>,
}

#[wasm_bindgen(typescript_custom_section)]
const ENTRIES: &str = "
/** What can be listed. */
export type ListKind = 'rules' | 'attacks' | 'harms' | 'formats' | 'protocols' | 'switches' | 'profiles';
/** One thing of a kind; its fields depend on the kind. */
export interface Entry { id: string; title: string; [field: string]: unknown }
";
