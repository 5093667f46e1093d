//! The user read the attacker's words as the server's.

use super::{Harm, success};

/// The harm.
pub static HARM: Harm = Harm {
    id: "deceived",
    title: "The user was deceived",
    about: "The client showed its user a text as the server's word that somebody on the path had written or changed.",
    denial: false,
    find: success::DECEIVED.find,
};
