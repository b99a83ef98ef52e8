//! The pages of the report as one document in the language of typst.
//!
//! The pages are the only source: this room of the report knows their elements and no figure. All that
//! they say travels as quoted strings, so nothing that stands in the data is ever read as markup. An
//! element that is not known is an error, so nothing is dropped in silence.

use super::OURS;
use super::drawing::Look;
use super::links::Links;
use super::xml::xml;
use crate::error::{Error, Result};
use roxmltree::{Document, Node};
use std::fmt::Write as _;

/// How the document looks: the functions that the translation calls.
const PRELUDE: &str = include_str!("prelude.typ");

/// A longer word may break after so many letters.
pub(super) const LONG_WORD: usize = 30;

/// The pages in the language of typst. `knows` says for which characters there are letters; others
/// are named by their number.
pub(super) fn source(pages: &[(String, String)], knows: &dyn Fn(char) -> bool) -> Result<String> {
    let texts: Vec<String> = pages.iter().map(|(_, html)| xml(html)).collect();
    let mut documents = Vec::new();
    for ((name, _), text) in pages.iter().zip(&texts) {
        documents.push(Document::parse(text).map_err(|error| unreadable(name, &error))?);
    }
    let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    let links = Links::of(&names, &documents);
    let title = plain(documents.first().and_then(title).unwrap_or_default(), knows);
    let made_up = documents.iter().any(|page| page.descendants().any(|node| has(node, "demo")));
    let mut out = format!("{PRELUDE}\n#show: report.with({}, {made_up})\n#{{", quoted(&title));
    for (at, document) in documents.iter().enumerate() {
        let mut writer = Writer {
            out: String::new(),
            page: at,
            name: names[at],
            look: Look::of(document),
            links: &links,
            knows,
            spaced: true,
            level: 0,
            waiting: None,
        };
        writer.start();
        writer.children(document.root())?;
        out.push_str(&writer.out);
    }
    Ok(out + "}\n")
}

fn unreadable(name: &str, error: &roxmltree::Error) -> Error {
    Error::input(format!("{name} is not well formed: {error}")).advice(OURS)
}

fn title<'a>(page: &'a Document) -> Option<&'a str> {
    page.descendants().find(|node| node.has_tag_name("title"))?.text()
}

/// Whether an element is of a class.
pub(super) fn has(node: Node, class: &str) -> bool {
    node.attribute("class").is_some_and(|all| all.split_whitespace().any(|one| one == class))
}

/// What is only there for a screen: ways to walk through it, and the drawings for a telephone.
pub(super) fn left_out(node: Node) -> bool {
    let drawing = node.has_tag_name("svg");
    ["head", "nav"].contains(&node.tag_name().name())
        || ["naar", "schuif", "smal", "patronen"].iter().any(|class| has(node, class))
        || node.attribute("hidden").is_some()
        || !drawing && node.attribute("aria-hidden") == Some("true")
}

/// A string of typst.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The text with characters for which there are no letters named by their number.
pub(super) fn plain(text: &str, knows: &dyn Fn(char) -> bool) -> String {
    let shown = |c: char| if knows(c) || c.is_whitespace() { c.to_string() } else { number(c) };
    text.chars().map(shown).collect()
}

fn number(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// Writes one page.
pub(super) struct Writer<'a> {
    pub(super) out: String,
    pub(super) page: usize,
    pub(super) name: &'a str,
    pub(super) look: Look,
    pub(super) links: &'a Links<'a>,
    pub(super) knows: &'a dyn Fn(char) -> bool,
    /// Whether a space here would be one too many.
    pub(super) spaced: bool,
    /// The level of the last heading.
    pub(super) level: usize,
    /// The figures of drawings that wait for the end of the section.
    pub(super) waiting: Option<String>,
}

impl Writer<'_> {
    fn start(&mut self) {
        if self.page > 0 {
            self.out.push_str("pagebreak(weak: true);");
        }
        let label = self.links.label_of_page(self.page);
        self.anchor(label.as_deref());
    }

    fn anchor(&mut self, label: Option<&str>) {
        if let Some(label) = label {
            let _ = write!(self.out, "anchor({});", quoted(label));
        }
    }

    /// Marks the place of an element that links lead to.
    pub(super) fn mark(&mut self, node: Node) {
        let label = node.attribute("id").and_then(|id| self.links.label_of(self.page, id));
        self.anchor(label.as_deref());
    }

    /// The place of an element, and what is inside it, one after the other.
    pub(super) fn children(&mut self, node: Node) -> Result<()> {
        self.mark(node);
        node.children().try_for_each(|child| self.node(child))
    }

    /// What a piece of the page says, as one block of typst's code.
    pub(super) fn apart(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<String> {
        let before = std::mem::take(&mut self.out);
        self.spaced = true;
        let done = write(self);
        self.spaced = true;
        let inside = std::mem::replace(&mut self.out, before);
        done.map(|()| format!("{{{inside}}}"))
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, statement: &str) {
        self.out.push_str(statement);
    }

    /// The element as the last argument of a function; it begins and ends a line.
    pub(super) fn block(&mut self, function: &str, node: Node) -> Result<()> {
        let inside = self.apart(|writer| writer.children(node))?;
        let _ = write!(self.out, "{function}({inside});");
        Ok(())
    }

    /// The same within a line.
    pub(super) fn inline(&mut self, function: &str, node: Node) -> Result<()> {
        let _ = write!(self.out, "{function}({{");
        self.children(node)?;
        self.out.push_str("});");
        Ok(())
    }

    /// Each of the elements inside one as an argument of a function.
    pub(super) fn each(&mut self, function: &str, node: Node) -> Result<()> {
        self.mark(node);
        let mut arguments = Vec::new();
        for part in node.children().filter(Node::is_element) {
            arguments.push(self.apart(|writer| writer.children(part))?);
        }
        let _ = write!(self.out, "{function}({});", arguments.join(","));
        Ok(())
    }

    /// Text, with runs of spaces made one and endless words broken, as a browser does.
    pub(super) fn text(&mut self, text: &str) {
        let mut said = String::new();
        let mut run = 0;
        for c in text.chars() {
            let space = matches!(c, ' ' | '\n' | '\r' | '\t');
            run = if space { 0 } else { run + 1 };
            if run > 1 && run % LONG_WORD == 1 {
                said.push('\u{200b}');
            }
            match c {
                _ if space && self.spaced => {}
                _ if space => said.push(' '),
                _ if (self.knows)(c) => said.push(c),
                _ => said.push_str(&number(c)),
            }
            self.spaced = space;
        }
        if !said.is_empty() {
            let _ = write!(self.out, "{};", quoted(&said));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{example, pages};

    fn typst(body: &str) -> Result<String> {
        let head = "<!DOCTYPE html><html><head><title>Titel \"A\"</title></head>";
        let page = format!("{head}<body>{body}</body></html>");
        source(&[("report.html".into(), page)], &|c| c != '\u{1F600}')
    }

    fn body(html: &str) -> String {
        let all = typst(html).unwrap();
        all.rsplit_once("\n#{").unwrap().1.trim_end().trim_end_matches('}').to_owned()
    }

    #[test]
    fn the_whole_report_can_be_turned() {
        let example = example::example();
        let source = source(&pages(&example.facts()), &|_| true).unwrap();
        assert!(source.contains("heading(level: 2, [#{\"1\";\" Kernboodschap\";}]);"));
        assert!(!source.contains("Naar de inhoud") && !source.contains("-smal-"));
    }

    #[test]
    fn what_stands_in_the_data_is_never_markup() {
        let hostile = "#panic() ] } \\ \" $x$ &lt;script&gt; *a* _b_ // c";
        assert_eq!(
            body(&format!("<p>{hostile}</p>")),
            "paragraph({\"#panic() ] } \\\\ \\\" $x$ <script> *a* _b_ // c\";});"
        );
        assert!(typst("<p>x</p>").unwrap().contains("report.with(\"Titel \\\"A\\\"\", false)"));
    }

    #[test]
    fn spaces_are_made_one_and_endless_words_broken() {
        assert_eq!(body("<p> a\n  b <b> c</b></p>"), "paragraph({\"a b \";bold({\"c\";});});");
        let long = "x".repeat(LONG_WORD);
        assert_eq!(
            body(&format!("<p>{long}{long}</p>")),
            format!("paragraph({{\"{long}\u{200b}{long}\";}});")
        );
    }

    #[test]
    fn characters_without_a_letter_are_named() {
        assert_eq!(body("<p>a\u{1F600}</p>"), "paragraph({\"a[U+1F600]\";});");
    }

    #[test]
    fn what_is_only_for_a_screen_is_left_out() {
        let page = "<a class=\"naar\" href=\"#x\">n</a><nav>n</nav><p class=\"schuif\">n</p>\
                    <svg class=\"smal\" viewBox=\"0 0 1 1\"></svg><i aria-hidden=\"true\">n</i>\
                    <details><summary>s</summary><p>p</p></details>";
        assert_eq!(body(page), "unfolded({\"s\";});paragraph({\"p\";});");
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let error = typst("<p><blink>x</blink></p>").unwrap_err().to_string();
        assert!(error.contains("report.html holds <blink>"), "{error}");
        assert!(typst("<p>x</b>").unwrap_err().to_string().contains("not well formed"));
    }

    #[test]
    fn tables_keep_their_headings_and_classes() {
        let table = "<table id=\"t\"><caption>K</caption><thead><tr><th class=\"l\" scope=\"col\">A</th></tr></thead>\
                     <tbody><tr class=\"som\"><th scope=\"row\">b</th></tr><tr><td class=\"t\">1</td></tr></tbody></table>";
        let all = body(&format!("<p><a href=\"#t\">x</a></p>{table}"));
        assert!(
            all.starts_with("paragraph({to(label(\"0#t\"), {\"x\";});});anchor(\"0#t\");tabular("),
            "{all}"
        );
        for cell in [
            "cell(\"column\",\" l\",1,1,{\"A\";})",
            "cell(\"row\",\"som \",1,1,{\"b\";})",
            "cell(\"data\",\" t\",1,1,{\"1\";})",
        ] {
            assert!(all.contains(cell), "{cell} in {all}");
        }
    }

    #[test]
    fn figures_of_the_first_section_follow_it() {
        let page = "<section id=\"kern\"><figure><p>a</p><details><p>b</p></details></figure><p>c</p></section>";
        assert_eq!(
            body(page),
            "together({paragraph({\"a\";});});paragraph({\"c\";});spread({paragraph({\"b\";});});"
        );
    }

    #[test]
    fn no_level_of_headings_is_skipped() {
        let levels = body("<h1>a</h1><h2>b</h2><h4>c</h4><h2>d</h2>");
        let levels: Vec<&str> = levels.split("level: ").skip(1).map(|rest| &rest[..1]).collect();
        assert_eq!(levels, ["1", "2", "3", "2"]);
    }

    #[test]
    fn terms_take_all_that_is_said_of_them() {
        assert_eq!(
            body("<dl><div><dt>a</dt><dd>b</dd><dd>c</dd></div></dl>"),
            "pairs(({\"a\";},{{paragraph({\"b\";});}{paragraph({\"c\";});}}));"
        );
    }
}
