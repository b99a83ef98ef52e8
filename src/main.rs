//! The command-line program: see [`prognose::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    prognose::cli::main()
}
