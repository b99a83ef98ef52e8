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

/// What stands below the first line of a command is shown when its own help is asked for.
#[test]
fn help_of_a_command_says_all_of_it() {
    for (command, word) in [
        ("init", "put the ledger in grootboek/"),
        ("worker", "a row and no exit code"),
        ("completions", "mkdir -p"),
        ("completions", "a file that the shell reads"),
        ("man", "prognose-run.1 and so on"),
    ] {
        let help = prognose(&[command, "--help"]);
        let text = help.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(word), "no {word} in\n{}", help.stdout);
    }
}
