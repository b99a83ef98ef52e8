//! Drawings that stand on their own: what the style sheet of the page does to them goes with them.

use roxmltree::{Document, Node};

/// The family of letters that the document is set in.
pub(super) const LETTERS: &str = "Noto Sans";
/// What the style sheet calls its letters.
const PAGE_LETTERS: &str = "var(--letters)";

/// The halo behind letters. The page has it as an attribute of each drawing, since the W3C checker knows no such CSS.
const HALO: &str = "svg text{paint-order:stroke}";

/// The look of the drawings of a page.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// The rules of the style sheet for what is inside a drawing.
    style: String,
    /// The hatching that those rules refer to.
    patterns: String,
}

impl Look {
    /// What the page says about its drawings.
    pub(super) fn of(page: &Document) -> Self {
        let elements = || page.descendants().filter(Node::is_element);
        let sheets = elements().filter(|node| node.has_tag_name("style"));
        let lines = sheets.filter_map(|sheet| sheet.text()).flat_map(str::lines);
        let rules = lines.filter(|line| line.starts_with("svg ")).chain([HALO]);
        let style = rules.collect::<Vec<_>>().join("\n");
        let patterns = elements().filter(|node| node.has_tag_name("defs"));
        Self {
            style: style.replace(PAGE_LETTERS, &format!("'{LETTERS}'")),
            patterns: patterns.map(source).collect(),
        }
    }

    /// The drawing as an SVG file.
    pub(super) fn file(&self, drawing: Node) -> String {
        let (width, height) = size(drawing);
        let shapes: String = drawing
            .children()
            .filter(|child| !child.has_tag_name("title") && !child.has_tag_name("desc"))
            .map(source)
            .collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"{}\"><style>{}</style>{}{shapes}</svg>",
            drawing.attribute("viewBox").unwrap_or_default(),
            self.style,
            self.patterns
        )
    }
}

/// The width and the height of a drawing in its own units.
pub(super) fn size(drawing: Node) -> (f64, f64) {
    let numbers = drawing.attribute("viewBox").unwrap_or_default().split_whitespace();
    let mut numbers = numbers.skip(2).map(|number| number.parse().unwrap_or(0.0));
    (numbers.next().unwrap_or(0.0), numbers.next().unwrap_or(0.0))
}

/// What a drawing tells who can not see it: its title and its description.
pub(super) fn alternative(drawing: Node) -> String {
    let part = |name: &str| drawing.children().find(|child| child.has_tag_name(name))?.text();
    let parts = ["title", "desc"].into_iter().filter_map(part).map(str::trim);
    parts.collect::<Vec<_>>().join(". ")
}

/// A node as it stands in the page.
fn source<'a>(node: Node<'a, '_>) -> &'a str {
    &node.document().input_text()[node.range()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><style>p{margin:0}\nsvg text{font-family:var(--letters)}\n\
        svg.breed{display:block}\nsvg [fill=\"#0B4F7C\"]{fill:url(#arcering)}</style>\
        <svg><defs><pattern id=\"arcering\"/></defs></svg>\
        <svg class=\"breed\" viewBox=\"0 0 80 40\"><title id=\"t\">Kop</title>\
        <desc id=\"d\">Zes.</desc><rect fill=\"#0B4F7C\"/></svg></html>";

    #[test]
    fn a_drawing_takes_its_look_along() {
        let page = Document::parse(PAGE).unwrap();
        let drawing = page.descendants().find(|node| node.attribute("class") == Some("breed"));
        let drawing = drawing.unwrap();
        assert_eq!(
            Look::of(&page).file(drawing),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"40\" viewBox=\"0 0 80 40\">\
             <style>svg text{font-family:'Noto Sans'}\nsvg [fill=\"#0B4F7C\"]{fill:url(#arcering)}\n\
             svg text{paint-order:stroke}</style><defs><pattern id=\"arcering\"/></defs><rect fill=\"#0B4F7C\"/></svg>"
        );
        assert_eq!(alternative(drawing), "Kop. Zes.");
        assert_eq!(size(drawing), (80.0, 40.0));
    }

    #[test]
    fn the_real_style_sheet_has_rules_for_drawings() {
        let page = format!("<style>{}</style>", include_str!("../style.css"));
        let look = Look::of(&Document::parse(&page).unwrap());
        assert!(look.style.contains("stroke-dasharray") && look.style.contains("url(#arcering)"));
        assert!(!look.style.contains("var("), "{}", look.style);
    }
}
