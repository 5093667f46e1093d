//! What stays on the device, and only when somebody asked for it.

use crate::lesson::Progress;
use web_sys::Storage;

const KEY: &str = "starttls-lab.progress";

fn storage() -> Option<Storage> {
    // Refused in private windows and by strict settings: then nothing is kept.
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept, if anything was.
#[must_use]
pub fn kept() -> Option<Progress> {
    let code = storage()?.get_item(KEY).ok().flatten()?;
    Progress::read(&code).ok()
}

/// Keeps it. Returns false where the device refuses.
#[must_use]
pub fn keep(progress: &Progress) -> bool {
    storage().is_some_and(|storage| storage.set_item(KEY, &progress.code()).is_ok())
}

/// Leaves nothing behind.
pub fn forget() {
    if let Some(storage) = storage() {
        // Where it cannot be removed it could not be stored either.
        let _ = storage.remove_item(KEY);
    }
}
