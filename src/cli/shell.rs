//! `prognose completions` and `prognose man`: made from the commands themselves, so they can not lag behind.

use super::{Cli, talk};
use crate::error::{Error, Result};
use crate::workspace::{Output, write_all};
use clap::{Args, Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use std::path::{Path, PathBuf};

const NAME: &str = "prognose";

/// For which shell.
#[derive(Args, Debug)]
#[command(after_help = FILES)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

const FILES: &str = "\
For yourself:
  mkdir -p ~/.local/share/bash-completion/completions ~/.config/fish/completions ~/.zfunc
  prognose completions bash > ~/.local/share/bash-completion/completions/prognose
  prognose completions fish > ~/.config/fish/completions/prognose.fish
  prognose completions zsh  > ~/.zfunc/_prognose      when ~/.zfunc is one of the folders in $fpath";

impl Completions {
    pub(super) fn run(&self) -> Result<()> {
        talk::print(&completions(self.shell))
    }
}

fn completions(shell: Shell) -> String {
    let mut bytes = Vec::new();
    generate(shell, &mut Cli::command(), NAME, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where the pages go.
#[derive(Args, Debug)]
pub(super) struct Manual {
    /// The folder to write them into, as in ~/.local/share/man/man1
    dir: PathBuf,
}

impl Manual {
    pub(super) fn run(&self) -> Result<()> {
        write_all(&self.dir, &pages()?)?;
        talk::print(&format!("{}\n", self.dir.display()))
    }
}

fn pages() -> Result<Vec<Output>> {
    let mut root = Cli::command().disable_help_subcommand(true);
    // Gives each command its whole name, as in prognose-run.
    root.build();
    std::iter::once(&root).chain(root.get_subcommands()).map(page).collect()
}

fn page(command: &Command) -> Result<Output> {
    let page = Man::new(command.clone()).source(format!("{NAME} {}", super::VERSION));
    let mut bytes = Vec::new();
    page.render(&mut bytes).map_err(|error| Error::io(Path::new("manual"), &error))?;
    Ok((page.get_filename(), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_completes_every_command() {
        let root = Cli::command();
        for shell in [Shell::Bash, Shell::Fish, Shell::Zsh] {
            let text = completions(shell);
            for command in root.get_subcommands() {
                assert!(text.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
        }
    }

    #[test]
    fn every_command_has_a_page_and_help_has_none() {
        let pages = pages().unwrap();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        let mut expected = vec!["prognose.1".to_owned()];
        let root = Cli::command();
        expected.extend(root.get_subcommands().map(|c| format!("prognose-{}.1", c.get_name())));
        assert_eq!(names, expected);
        let text = String::from_utf8(pages[0].1.clone()).unwrap();
        assert!(text.contains(".TH prognose 1") && text.contains("Exit codes"), "{text}");
        for (name, page) in pages {
            let text = String::from_utf8(page).unwrap();
            let title = text.lines().find(|line| line.starts_with(".TH ")).unwrap();
            assert!(
                title.contains(&format!("\"{NAME} {}\"", super::super::VERSION)),
                "{name}: {title}"
            );
        }
    }
}
