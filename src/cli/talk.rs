//! Words on the terminal.

use crate::error::{Error, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::Cell;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

thread_local! {
    static HUSHED: Cell<bool> = const { Cell::new(false) };
}

/// Does something without a word of it: whoever asked for many at once says what became of them.
pub(super) fn hushed<T>(work: impl FnOnce() -> T) -> T {
    let before = HUSHED.replace(true);
    let done = work();
    HUSHED.set(before);
    done
}

/// Writes a result to stdout. A reader that closed the pipe has had enough, which is no error.
pub(super) fn print(text: &str) -> Result<()> {
    if HUSHED.get() {
        return Ok(());
    }
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::io(Path::new("stdout"), &error))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr. When even that fails there is nobody left to tell.
pub(super) fn say(text: &str) {
    if !HUSHED.get() {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

/// A bar on stderr, only on a terminal.
pub(super) fn bar(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    if HUSHED.get() || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what)
}

/// Lines up the columns of a table: the first to the left, the others to the right.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(at, cell)| match at {
            0 => format!("{cell:<width$}", width = widths[0]),
            _ => format!("{cell:>width$}", width = widths[at]),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn tables_line_up() {
        let rows = [vec!["wet".into(), "€".into()], vec!["Jeugd".into(), "12".into()]];
        assert_eq!(super::table(&rows), "wet     €\nJeugd  12\n");
    }
}
