//! Just enough reading of our own pages: their tables and their texts.

/// A table as it is read: its id, its title, its heads and the texts of its rows.
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) heads: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// The parts of a page between an opening tag that starts so and what closes it.
pub(crate) fn parts<'a>(page: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    page.split(open)
        .skip(1)
        .filter(|part| part.starts_with(['>', ' ']))
        .map(|part| part.split(close).next().unwrap())
        .collect()
}

/// The text of a piece of HTML: no tags, no drawings, no soft hyphens, plain spaces.
pub(crate) fn text(html: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if inside => {}
            '\u{ad}' | '\u{2060}' => {}
            '\u{a0}' | '\n' => plain.push(' '),
            _ => plain.push(letter),
        }
    }
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    plain.replace("&amp;", "&").split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The HTML without what stands between `open` and `close`.
pub(crate) fn without(html: &str, open: &str, close: &str) -> String {
    let mut parts = html.split(open);
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts {
        kept.push_str(part.split_once(close).map_or("", |(_, rest)| rest));
    }
    kept
}

pub(crate) fn tables(page: &str) -> Vec<Shown> {
    parts(page, "<table", "</table>").into_iter().map(table).collect()
}

fn table(html: &str) -> Shown {
    let html = without(html, "<svg", "</svg>").replace("<small", " <small");
    let caption = html.split_once("<caption id=\"").unwrap().1;
    let id = caption.split('"').next().unwrap().to_owned();
    let title = caption[caption.find('>').unwrap() + 1..].split(" <small").next().unwrap();
    let title = text(title.split("</caption>").next().unwrap());
    let (head, body) = html.split_once("</thead>").unwrap();
    let cells = |row: &str| {
        let row = row.replace("<th ", "<td ").replace("<th>", "<td>").replace("</th>", "</td>");
        parts(&row, "<td", "</td>")
            .into_iter()
            .map(|cell| text(&cell[cell.find('>').unwrap() + 1..]).trim().to_owned())
            .collect::<Vec<_>>()
    };
    Shown {
        id,
        title,
        heads: cells(head.split_once("</caption>").unwrap().1),
        rows: parts(body, "<tr", "</tr>").into_iter().map(cells).collect(),
    }
}
