//! The states of the machines, as lists that a face can draw: what each state is, which commands are legal in it, and
//! which moves there are. A machine says which of them it is in, and a server
//! takes from them what is legal; a test holds the lists to what machines do.

use crate::base::Side;

/// Names of states that more than one protocol has.
pub(crate) const NOT_AUTHENTICATED: &str = "not authenticated";
pub(crate) const EXCHANGE: &str = "exchange";
pub(crate) const HANDSHAKE: &str = "handshake";
pub(crate) const AUTHENTICATED: &str = "authenticated";
pub(crate) const LOGOUT: &str = "logout";

/// The states of one machine and the moves between them.
#[derive(Debug)]
pub struct Diagram {
    /// Whose machine it is.
    pub side: Side,
    /// The states, the first one first and the last one last.
    pub states: &'static [Stage],
    /// The moves, by the order of the states they leave.
    pub moves: &'static [Move],
}

/// A state of a machine.
#[derive(Debug)]
pub struct Stage {
    /// Its name, which no other state of the machine has.
    pub name: &'static str,
    /// What happens in it, in a sentence.
    pub about: &'static str,
    /// The commands that a client may send in it.
    pub legal: &'static [&'static str],
}

/// A move from one state to another.
#[derive(Debug)]
pub struct Move {
    /// The state that it leaves.
    pub from: &'static str,
    /// The state that it enters.
    pub to: &'static str,
    /// The command or answer that triggers it.
    pub on: &'static str,
}

/// A state.
pub(crate) const fn stage(name: &'static str, about: &'static str, legal: &'static [&'static str]) -> Stage {
    Stage { name, about, legal }
}

/// A move.
pub(crate) const fn to(from: &'static str, to: &'static str, on: &'static str) -> Move {
    Move { from, to, on }
}

impl Diagram {
    /// A state by its name.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&'static Stage> {
        self.states.iter().find(|stage| stage.name == name)
    }

    /// Whether a command may be sent in a state. The servers ask this list and no other.
    #[must_use]
    pub fn legal(&self, state: &str, command: &str) -> bool {
        self.stage(state).is_some_and(|stage| stage.legal.contains(&command))
    }

    /// Whether a command is legal in any state at all.
    #[must_use]
    pub fn knows(&self, command: &str) -> bool {
        self.states.iter().any(|stage| stage.legal.contains(&command))
    }

    /// Whether a machine may go from one state to another.
    #[must_use]
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.moves.iter().any(|known| known.from == from && known.to == to)
    }
}
