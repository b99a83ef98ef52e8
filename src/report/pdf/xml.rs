//! Our HTML as XML, so that the reader of XML that typst brings along can read it.

/// Elements that HTML never closes.
const VOID: [&str; 8] = ["br", "col", "hr", "img", "input", "link", "meta", "wbr"];

/// The page as XML: its doctype gone, void elements closed, attributes without a value given an
/// empty one, and what XML can not hold shown as a replacement character.
pub(super) fn xml(html: &str) -> String {
    let page = html.strip_prefix("<!DOCTYPE html>").unwrap_or(html);
    let mut out = String::with_capacity(page.len());
    let mut parts = page.split('<');
    out.extend(parts.next().unwrap_or_default().chars().map(allowed));
    for part in parts {
        out.push('<');
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        push_tag(&mut out, tag);
        out.extend(text.chars().map(allowed));
    }
    out
}

fn push_tag(out: &mut String, tag: &str) {
    for (at, piece) in tag.split('"').enumerate() {
        let quoted = at % 2 == 1;
        if quoted {
            out.push('"');
            out.extend(piece.chars().map(allowed));
            out.push('"');
        } else {
            push_names(out, piece, at == 0);
        }
    }
    let name = tag.split_whitespace().next().unwrap_or_default();
    if VOID.contains(&name) {
        out.push('/');
    }
    out.push('>');
}

/// The names of attributes between two values; `first` starts with the name of the element.
fn push_names(out: &mut String, piece: &str, first: bool) {
    for (at, word) in piece.split_whitespace().enumerate() {
        let element = first && at == 0;
        if !element && word != "/" {
            out.push(' ');
        }
        out.push_str(word);
        if !element && !word.ends_with('=') && word != "/" {
            out.push_str("=\"\"");
        }
    }
}

/// XML knows no control characters but these three.
fn allowed(c: char) -> char {
    let known = !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    if known && !matches!(c, '\u{fffe}' | '\u{ffff}') { c } else { '\u{fffd}' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closes_what_html_leaves_open() {
        let page = "<!DOCTYPE html><meta charset=\"utf-8\"><p class=\"a b\">x<wbr>y<br></p>";
        assert_eq!(xml(page), "<meta charset=\"utf-8\"/><p class=\"a b\">x<wbr/>y<br/></p>");
    }

    #[test]
    fn gives_every_attribute_a_value() {
        assert_eq!(
            xml("<details open class=\"a\" hidden>"),
            "<details open=\"\" class=\"a\" hidden=\"\">"
        );
    }

    #[test]
    fn keeps_drawings_as_they_are() {
        let drawing =
            "<svg viewBox=\"0 0 8 4\"><text x=\"1\">\n5\n</text><rect width=\"2\"/></svg>";
        assert_eq!(xml(drawing), drawing);
    }

    #[test]
    fn shows_what_xml_can_not_hold() {
        assert_eq!(
            xml("a\u{1}b<i title=\"\u{0}\">\u{b}</i>"),
            "a\u{fffd}b<i title=\"\u{fffd}\">\u{fffd}</i>"
        );
    }
}
