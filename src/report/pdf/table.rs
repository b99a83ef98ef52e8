//! Tables: their cells, and how wide each column becomes.
//!
//! The width is worked out here from what the cells say, because typst would squeeze all columns
//! alike, also those with amounts, which can not be broken over lines.

use super::drawing::size;
use super::paper::{LONG_WORD, Writer, has, quoted};
use crate::error::Result;
use roxmltree::Node;
use std::fmt::Write as _;

/// Between the margins of an upright and of a lying page, in points.
const UPRIGHT: f64 = 510.0;
/// The same of a lying page.
const LYING: f64 = 757.0;
/// Sizes of letters that are tried in turn, in points.
const SIZES: [f64; 5] = [8.0, 7.5, 7.0, 6.5, 6.0];
/// The space around the text of a cell, in points.
const AROUND: f64 = 7.0;
/// Text in a cell is broken over lines, but not into shorter ones than this, in ems.
const SHORTEST: f64 = 12.0;
/// No column of text asks for longer lines, in ems.
const LONGEST: f64 = 34.0;
/// No heading asks for longer lines, in ems.
const HEADING: f64 = 7.0;
/// A unit of a little drawing in a cell, in ems.
const DRAWN: f64 = 0.0075;
/// A table of so many rows at most is kept on one page.
const SHORT: usize = 14;

/// The width that a column can do with, and the one that it would like, in ems.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Need {
    least: f64,
    wanted: f64,
}

/// The columns of a table on paper.
#[derive(Debug, PartialEq)]
struct Layout {
    /// The size of the letters, in points.
    size: f64,
    /// Whether it takes a lying page.
    lying: bool,
    /// In points.
    widths: Vec<f64>,
}

/// Writes a table.
pub(super) fn write(writer: &mut Writer, table: Node) -> Result<()> {
    writer.mark(table);
    let caption = table.children().find(|node| node.has_tag_name("caption"));
    let caption = caption.map(|node| writer.apart(|writer| writer.children(node))).transpose()?;
    let head = rows_of(table, true);
    let body = rows_of(table, false);
    let layout = layout(&needs(&head, &body));
    let whole = body.len() <= SHORT;
    let head = cells(writer, &head)?;
    let body = cells(writer, &body)?;
    let widths: Vec<String> = layout.widths.iter().map(|width| format!("{width:.1}pt")).collect();
    writer.push(&format!(
        "tabular({}, ({},), {}pt, {}, {whole}, ({head}), ({body}));",
        caption.as_deref().unwrap_or("none"),
        widths.join(","),
        layout.size,
        layout.lying,
    ));
    Ok(())
}

fn rows_of<'a, 'i>(table: Node<'a, 'i>, head: bool) -> Vec<Node<'a, 'i>> {
    let rows = table.descendants().filter(|node| node.has_tag_name("tr"));
    rows.filter(|row| row.parent().is_some_and(|above| above.has_tag_name("thead")) == head)
        .collect()
}

fn cells_of<'a, 'i>(row: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    row.children().filter(Node::is_element)
}

fn span(cell: Node, name: &str) -> usize {
    cell.attribute(name).and_then(|number| number.parse().ok()).unwrap_or(1)
}

fn cells(writer: &mut Writer, rows: &[Node]) -> Result<String> {
    let mut out = String::new();
    for &row in rows {
        for (at, cell) in cells_of(row).enumerate() {
            let inside = writer.apart(|writer| {
                if at == 0 {
                    writer.mark(row);
                }
                writer.children(cell)
            })?;
            let classes = [row, cell].map(|node| node.attribute("class").unwrap_or_default());
            let _ = write!(
                out,
                "cell(\"{}\",{},{},{},{inside}),",
                kind(cell),
                quoted(&classes.join(" ")),
                span(cell, "colspan"),
                span(cell, "rowspan"),
            );
        }
    }
    Ok(out)
}

/// What a cell is the heading of.
fn kind(cell: Node) -> &'static str {
    match (cell.has_tag_name("th"), cell.attribute("scope")) {
        (false, _) => "data",
        (true, Some("row" | "rowgroup")) => "row",
        (true, Some("colgroup")) => "group",
        (true, _) => "column",
    }
}

/// What the columns need, from all cells that stand in one column.
fn needs(head: &[Node], body: &[Node]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for (rows, heading) in [(head, true), (body, false)] {
        for &row in rows {
            let mut column = 0;
            for cell in cells_of(row) {
                let wide = span(cell, "colspan");
                needs.resize(needs.len().max(column + wide), Need::default());
                if wide == 1 {
                    let need = need(cell, heading);
                    needs[column].least = needs[column].least.max(need.least);
                    needs[column].wanted = needs[column].wanted.max(need.wanted);
                }
                column += wide;
            }
        }
    }
    needs
}

/// Headings and text can be broken between words; amounts can not.
fn need(cell: Node, heading: bool) -> Need {
    let (word, line) = (longest_word(cell), longest_line(cell));
    if heading {
        return Need { least: word, wanted: word.max(line.min(HEADING)) };
    }
    let breaks = cell.has_tag_name("th") || has(cell, "t");
    let least = if breaks { word.max(line.min(SHORTEST)) } else { line };
    Need { least, wanted: least.max(line.min(LONGEST)) }
}

/// The text of a cell in lines: small text stands on a line of its own.
fn lines(cell: Node) -> Vec<String> {
    let mut lines = vec![String::new()];
    for node in cell.descendants() {
        if node.has_tag_name("br") || has(node, "onder") {
            lines.push(String::new());
        }
        if let (true, Some(text), Some(line)) = (node.is_text(), node.text(), lines.last_mut()) {
            let drawn = node.ancestors().any(|above| above.has_tag_name("svg"));
            line.push_str(if drawn { "" } else { text });
        }
        if let (true, Some(line)) = (node.has_tag_name("wbr"), lines.last_mut()) {
            line.push('\u{200b}');
        }
    }
    lines
}

fn longest_line(cell: Node) -> f64 {
    lines(cell).iter().map(|line| ems(line)).fold(drawn(cell), f64::max)
}

fn longest_word(cell: Node) -> f64 {
    let lines = lines(cell);
    let words = lines.iter().flat_map(|line| line.split([' ', '\n', '\u{200b}', '\u{ad}']));
    let parts = words.map(|word| word.chars().take(LONG_WORD).collect::<String>());
    parts.map(|part| ems(&part)).fold(drawn(cell), f64::max)
}

/// The width of the widest drawing in the cell.
fn drawn(cell: Node) -> f64 {
    let drawings = cell.descendants().filter(|node| node.has_tag_name("svg"));
    drawings.map(|drawing| size(drawing).0 * DRAWN).fold(0.0, f64::max)
}

/// Roughly how wide a text in bold Noto Sans is, in its size.
fn ems(text: &str) -> f64 {
    let letter = |c: char| match c {
        '\u{ad}' | '\u{200b}' | '\u{2060}' => 0.0,
        '.' | ',' | ':' | ' ' | '\u{a0}' | 'i' | 'j' | 'l' | 'I' | '\'' | '|' => 0.31,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 0.44,
        'm' | 'w' | 'M' | 'W' | '%' => 0.97,
        c if c.is_uppercase() => 0.72,
        _ => 0.61,
    };
    text.trim().chars().map(letter).sum()
}

/// The largest letters with which all fits; a lying page when none will do.
fn layout(needs: &[Need]) -> Layout {
    let upright = SIZES.map(|size| (size, UPRIGHT)).into_iter();
    let lying = SIZES.map(|size| (size, LYING)).into_iter();
    let fits = |&(size, room): &(f64, f64)| {
        needs.iter().map(|need| points(need.least, size)).sum::<f64>() <= room
    };
    let smallest = (SIZES[SIZES.len() - 1], LYING);
    let (size, room) = upright.chain(lying).find(fits).unwrap_or(smallest);
    Layout { size, lying: room > UPRIGHT, widths: widths(needs, size, room) }
}

/// Every column gets what it can do with, and a share of what is left as large as its wish. Where even
/// that does not fit, all are squeezed alike: better than a column beside the page.
fn widths(needs: &[Need], size: f64, room: f64) -> Vec<f64> {
    let least: Vec<f64> = needs.iter().map(|need| points(need.least, size)).collect();
    let wishes: Vec<f64> = needs
        .iter()
        .zip(&least)
        .map(|(need, least)| (points(need.wanted, size) - least).max(0.0))
        .collect();
    let extra: f64 = wishes.iter().sum();
    let taken: f64 = least.iter().sum();
    if taken > room {
        return least.iter().map(|least| least * room / taken).collect();
    }
    let left = room - taken;
    let share = if extra > left { left / extra } else { 1.0 };
    least.iter().zip(&wishes).map(|(least, wish)| least + share * wish).collect()
}

fn points(ems: f64, size: f64) -> f64 {
    ems * size + AROUND
}

#[cfg(test)]
mod tests {
    use super::*;
    use roxmltree::Document;

    fn need_of(least: f64, wanted: f64) -> Need {
        Need { least, wanted }
    }

    fn about(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} and {b}");
    }

    #[test]
    fn small_tables_take_the_room_they_ask_for() {
        let layout = layout(&[need_of(5.0, 20.0), need_of(3.0, 3.0)]);
        assert_eq!((layout.size, layout.lying), (8.0, false));
        about(layout.widths[0], 20.0 * 8.0 + AROUND);
        about(layout.widths[1], 3.0 * 8.0 + AROUND);
    }

    #[test]
    fn wide_tables_share_the_page() {
        let layout = layout(&[need_of(12.0, 34.0), need_of(12.0, 34.0), need_of(5.0, 5.0)]);
        about(layout.widths.iter().sum(), UPRIGHT);
        about(layout.widths[0], layout.widths[1]);
        about(layout.widths[2], 5.0 * 8.0 + AROUND);
    }

    #[test]
    fn letters_shrink_before_the_page_lies_down() {
        let with = |columns, ems| layout(&vec![need_of(ems, ems); columns]);
        assert_eq!((with(10, 5.0).size, with(10, 5.0).lying), (8.0, false));
        assert_eq!((with(13, 5.0).size, with(13, 5.0).lying), (6.0, false));
        assert_eq!((with(14, 5.0).size, with(14, 5.0).lying), (8.0, true));
        let most = with(40, 5.0);
        assert_eq!((most.size, most.lying), (6.0, true), "as good as it gets");
        about(most.widths.iter().sum(), LYING);
    }

    #[test]
    fn text_breaks_between_words_and_amounts_do_not() {
        let row = Document::parse(
            "<tr><th>hulp en ook aan huis of aan de straat</th><td>10 tot 20</td>\
             <td class=\"t\">o<small class=\"onder\">ooo ooo</small></td></tr>",
        );
        let row = row.unwrap();
        let cells: Vec<Node> = cells_of(row.root_element()).collect();
        let line = ems("hulp en ook aan huis of aan de straat");
        assert!(line > SHORTEST);
        assert_eq!(need(cells[0], false), need_of(SHORTEST, line));
        assert_eq!(need(cells[0], true), need_of(ems("straat"), HEADING));
        let amount = ems("10 tot 20");
        assert_eq!(need(cells[1], false), need_of(amount, amount));
        about(need(cells[2], false).wanted, ems("ooo ooo")); // small text has a line of its own
    }

    #[test]
    fn cells_over_several_columns_widen_none() {
        let table = Document::parse(
            "<t><tr><th colspan=\"2\">Bruggen: vaste groepen</th><td>123</td></tr>\
             <tr><td>1</td><td>2</td><td>3</td></tr></t>",
        );
        let table = table.unwrap();
        let rows: Vec<Node> = cells_of(table.root_element()).collect();
        let wanted: Vec<f64> = needs(&[], &rows).iter().map(|need| need.wanted).collect();
        assert_eq!(wanted, [ems("1"), ems("1"), ems("123")]);
    }
}
