//! Ctrl-C, and a request to stop: the program ends at once, but never with a file half written.

/// From here on these signals wait for the file that is being written.
#[cfg(unix)]
pub(super) fn between_files_only() {
    use crate::archive::between_files;
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    // Where it can not be asked for, the signals end the program as they always did.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let _whole = between_files();
            super::talk::say(
                "stopped: every file that was written is whole; run the command again for the others",
            );
            // What a shell makes of a program that a signal ended.
            std::process::exit(128 + signal);
        }
    });
}

#[cfg(not(unix))]
pub(super) fn between_files_only() {}
