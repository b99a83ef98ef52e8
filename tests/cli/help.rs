//! Help that teaches.

use crate::support::prognose;

#[test]
fn help_names_every_command_the_examples_and_the_exit_codes() {
    let help = prognose(&["--help"]);
    assert_eq!(help.code, 0);
    for word in [
        "account",
        "init",
        "check",
        "train",
        "forecast",
        "backtest",
        "drift",
        "explain",
        "note",
        "report",
        "score",
        "archive",
        "run",
        "synth",
        "worker",
        "Examples",
        "Exit codes",
        "prognose.toml",
    ] {
        assert!(help.stdout.contains(word), "no {word} in\n{}", help.stdout);
    }
}

#[test]
fn a_wrong_command_is_exit_code_2_with_a_hint() {
    let ran = prognose(&["forcast"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("forecast"), "{}", ran.stderr);
}
