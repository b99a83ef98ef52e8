//! What each element of our pages becomes: a closed set, and an error for what is not in it.

use super::OURS;
use super::drawing::{alternative, size};
use super::links::Target;
use super::paper::{Writer, has, left_out, plain, quoted};
use super::table;
use crate::error::{Error, Result};
use roxmltree::Node;
use std::fmt::Write as _;

impl Writer<'_> {
    /// Writes a node, unless it is only there for a screen.
    pub(super) fn node(&mut self, node: Node) -> Result<()> {
        if node.is_text() {
            self.text(node.text().unwrap_or_default());
        }
        if !node.is_element() || left_out(node) {
            return Ok(());
        }
        self.element(node)
    }

    fn element(&mut self, node: Node) -> Result<()> {
        match node.tag_name().name() {
            "html" | "body" | "main" | "header" | "details" | "abbr" | "time" => {
                self.children(node)
            }
            "section" => self.section(node),
            "div" | "aside" | "article" => self.division(node),
            "h1" | "h2" | "h3" | "h4" => self.heading(node),
            "p" => self.block(paragraph(node), node),
            "footer" => self.block("closing", node),
            "summary" => self.block("unfolded", node),
            "figcaption" => self.block("drawn-title", node),
            "figure" => self.figure(node),
            "svg" => {
                self.drawing(node);
                Ok(())
            }
            "table" => table::write(self, node),
            "ul" if has(node, "leg") => self.each("legend", node),
            "ul" => self.each("bullets", node),
            "ol" => self.each("numbers", node),
            "dl" => self.pairs(node),
            "a" => self.link(node),
            "b" | "strong" => self.inline(weight(node), node),
            "i" | "em" => self.inline("slanted", node),
            "small" | "span" => self.span(node),
            "code" => self.inline("code", node),
            "sup" => self.inline("raised", node),
            "wbr" => {
                self.out.push_str("\"\u{200b}\";");
                Ok(())
            }
            "br" => {
                self.out.push_str("linebreak();");
                self.spaced = true;
                Ok(())
            }
            other => Err(unknown(self.name, other)),
        }
    }

    /// The first section of the report stands alone on its page, so its figures follow after it.
    fn section(&mut self, node: Node) -> Result<()> {
        let first = node.attribute("id") == Some("kern");
        if first {
            self.waiting = Some(String::new());
        }
        self.children(node)?;
        let waiting = self.waiting.take().unwrap_or_default();
        self.out.push_str(&waiting);
        Ok(())
    }

    fn division(&mut self, node: Node) -> Result<()> {
        if has(node, "kern") {
            return self.each("cards", node);
        }
        if has(node, "twee") {
            return self.each("beside", node);
        }
        if has(node, "weet") {
            return self.block("framed", node);
        }
        self.out.push_str("parbreak();");
        self.spaced = true;
        self.children(node)?;
        self.out.push_str("parbreak();");
        self.spaced = true;
        Ok(())
    }

    /// Terms, each with all that is said of it.
    fn pairs(&mut self, node: Node) -> Result<()> {
        self.mark(node);
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in node.descendants().filter(Node::is_element) {
            match part.tag_name().name() {
                "dt" => {
                    let term = self.apart(|writer| writer.children(part))?;
                    pairs.push((term, String::new()));
                }
                "dd" => {
                    let said = self.apart(|writer| writer.block("paragraph", part))?;
                    pairs.last_mut().ok_or_else(|| unknown(self.name, "dd"))?.1 += &said;
                }
                _ => {}
            }
        }
        let pairs: Vec<String> =
            pairs.iter().map(|(term, said)| format!("({term},{{{said}}})")).collect();
        let _ = write!(self.out, "pairs({});", pairs.join(","));
        Ok(())
    }

    /// A heading, which skips no level; inside a drawing it only names a part of it.
    fn heading(&mut self, node: Node) -> Result<()> {
        if node.ancestors().any(|above| above.has_tag_name("figure")) {
            return self.block("part-title", node);
        }
        let inside = self.apart(|writer| writer.children(node))?;
        let level = node.tag_name().name()[1..].parse().unwrap_or(1);
        self.level = level.min(self.level + 1);
        let _ = write!(self.out, "heading(level: {}, [#{inside}]);", self.level);
        Ok(())
    }

    /// What is drawn stays on one page with its title; its figures may go on to the next.
    fn figure(&mut self, node: Node) -> Result<()> {
        self.mark(node);
        let children: Vec<Node> = node.children().collect();
        for part in children.chunk_by(|a, b| folds(*a) == folds(*b)) {
            let inside = self.apart(|writer| part.iter().try_for_each(|&one| writer.node(one)))?;
            let function = if folds(part[0]) { "spread" } else { "together" };
            let later = self.waiting.as_mut().filter(|_| folds(part[0]));
            let _ = write!(later.unwrap_or(&mut self.out), "{function}({inside});");
        }
        Ok(())
    }

    fn drawing(&mut self, node: Node) {
        self.mark(node);
        let file = quoted(&plain(&self.look.file(node), self.knows));
        let (width, _) = size(node);
        if node.attribute("aria-hidden") == Some("true") {
            let _ = write!(self.out, "ornament({width}, {file});");
        } else {
            let _ = write!(self.out, "drawing({width}, {}, {file});", quoted(&alternative(node)));
        }
        self.spaced = false;
    }

    fn link(&mut self, node: Node) -> Result<()> {
        match self.links.target(self.page, node.attribute("href").unwrap_or_default()) {
            Target::Inside(label) => self.inline_to(&format!("label({})", quoted(&label)), node),
            Target::Beside(path) => self.inline_to(&quoted(&path), node),
            Target::Nowhere => self.children(node),
        }
    }

    fn inline_to(&mut self, target: &str, node: Node) -> Result<()> {
        let _ = write!(self.out, "to({target}, {{");
        self.children(node)?;
        self.out.push_str("});");
        Ok(())
    }

    /// Small text and marked text; some of it stands on a line of its own.
    fn span(&mut self, node: Node) -> Result<()> {
        let within = |name: &str| node.ancestors().skip(1).any(|above| above.has_tag_name(name));
        let small = node.has_tag_name("small");
        let asked = node.ancestors().skip(1).any(|above| has(above, "gv"));
        let below = if small {
            has(node, "onder") || within("caption")
        } else {
            within("figcaption") || asked
        };
        match () {
            () if below => self.block("below", node),
            () if small => self.inline("small", node),
            () if has(node, "N") => self.inline("bad", node),
            () if has(node, "V") => self.inline("good", node),
            () if has(node, "soort") || has(node, "merk") => self.inline("chip", node),
            () if node.parent().is_some_and(|above| has(above, "meta")) => {
                self.inline("fact", node)
            }
            () => self.children(node),
        }
    }
}

fn folds(node: Node) -> bool {
    node.has_tag_name("details")
}

fn unknown(page: &str, element: &str) -> Error {
    Error::input(format!("{page} holds <{element}>, which the PDF does not know")).advice(OURS)
}

fn paragraph(node: Node) -> &'static str {
    match () {
        () if has(node, "demo") => "banner",
        () if has(node, "groot") => "big",
        () if ["vraag", "org", "meta"].iter().any(|class| has(node, class)) => "muted",
        () if has(node, "noot") => "note",
        () => "paragraph",
    }
}

fn weight(node: Node) -> &'static str {
    match () {
        () if has(node, "N") => "bad",
        () if has(node, "V") => "good",
        () => "bold",
    }
}
