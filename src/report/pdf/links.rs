//! Where the links of the pages lead once all pages are one document.

use super::paper::left_out;
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To a label in the document.
    Inside(String),
    /// To a file beside the document.
    Beside(String),
    /// To what is on no page.
    Nowhere,
}

/// The pages, and what of them can be and is linked to.
#[derive(Debug)]
pub(super) struct Links<'a> {
    names: &'a [&'a str],
    anchors: BTreeSet<String>,
    used: BTreeSet<String>,
}

impl<'a> Links<'a> {
    /// The links of the pages, which are called `names`.
    pub(super) fn of(names: &'a [&'a str], pages: &[Document]) -> Self {
        let mut links = Self { names, anchors: BTreeSet::new(), used: BTreeSet::new() };
        for (page, document) in pages.iter().enumerate() {
            links.anchors.insert(label(page, ""));
            for id in shown(document).filter_map(|node| node.attribute("id")) {
                links.anchors.insert(label(page, id));
            }
        }
        for (page, document) in pages.iter().enumerate() {
            for href in shown(document).filter_map(|node| node.attribute("href")) {
                if let Target::Inside(label) = links.target(page, href) {
                    links.used.insert(label);
                }
            }
        }
        links
    }

    /// Where a link of a page leads.
    pub(super) fn target(&self, page: usize, href: &str) -> Target {
        if href.contains(':') {
            return Target::Beside(href.to_owned());
        }
        let (file, id) = href.split_once('#').unwrap_or((href, ""));
        let path = if file.is_empty() {
            self.names[page].to_owned()
        } else {
            beside(self.names[page], file)
        };
        let Some(to) = self.names.iter().position(|&name| name == path) else {
            return Target::Beside(path);
        };
        let label = label(to, id);
        if self.anchors.contains(&label) { Target::Inside(label) } else { Target::Nowhere }
    }

    /// The label of an element, when something leads there.
    pub(super) fn label_of(&self, page: usize, id: &str) -> Option<String> {
        self.used.get(&label(page, id)).cloned()
    }

    /// The label of the start of a page, when something leads there.
    pub(super) fn label_of_page(&self, page: usize) -> Option<String> {
        self.label_of(page, "")
    }
}

fn label(page: usize, id: &str) -> String {
    format!("{page}#{id}")
}

/// The elements that come into the document.
fn shown<'a>(page: &'a Document) -> impl Iterator<Item = Node<'a, 'a>> {
    page.descendants().filter(|node| node.is_element() && !node.ancestors().any(left_out))
}

/// The path of a file as seen from the folder of the first page.
fn beside(page: &str, file: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_into_the_document_or_beside_it() {
        let first = Document::parse(
            "<b><a href=\"report/a.html#x\"/><nav><a href=\"#n\"/><i id=\"n\"/></nav></b>",
        );
        let second = Document::parse("<p id=\"x\"><a href=\"../report.html\"/><i id=\"y\"/></p>");
        let pages = [first.unwrap(), second.unwrap()];
        let links = Links::of(&["report.html", "report/a.html"], &pages);
        let inside = |label: &str| Target::Inside(label.to_owned());
        assert_eq!(links.target(0, "report/a.html#x"), inside("1#x"));
        assert_eq!(links.target(1, "#y"), inside("1#y"));
        assert_eq!(links.target(1, "../report.html"), inside("0#"));
        assert_eq!(links.target(1, "../outlook.csv"), Target::Beside("outlook.csv".into()));
        let law = "https://wetten.overheid.nl/x#y";
        assert_eq!(links.target(1, law), Target::Beside(law.into()));
        assert_eq!(links.target(0, "#n"), Target::Nowhere, "the way through the page is left out");
        assert_eq!(links.label_of(1, "x").as_deref(), Some("1#x"));
        assert_eq!(links.label_of(1, "y"), None, "nothing leads there");
        assert_eq!(links.label_of_page(0).as_deref(), Some("0#"));
        assert_eq!(links.label_of_page(1), None);
    }
}
