//! What every page must be, for its tests.

use super::canvas::text_width;
use std::collections::BTreeSet;

/// The values of an attribute, in order.
fn values<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    page.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(value, _)| value)
        .collect()
}

/// Every element is closed, in order; attributes hold no `<` or `>`.
pub(super) fn assert_balanced(page: &str) {
    const VOID: [&str; 2] = ["meta", "wbr"];
    let mut open: Vec<&str> = Vec::new();
    let body = page.strip_prefix("<!DOCTYPE html>").unwrap();
    for tag in body.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0) {
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "in {open:?}");
        } else if !tag.ends_with('/') {
            let name = tag.split([' ', '\n']).next().unwrap();
            open.extend(Some(name).filter(|name| !VOID.contains(name)));
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// The page stands on its own but for links to `files` beside it and to pages of the report, and all that points inside
/// it is there.
pub(super) fn assert_sound(page: &str, files: &[&str]) {
    assert_balanced(page);
    for outside in ["<script", "http:", "https:", " src=", "@import", "javascript:"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let ids = values(page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "ids are unique");
    let elsewhere = |link: &&str| files.contains(link) || is_page(link);
    let links = values(page, "href").into_iter().filter(|link| !elsewhere(link));
    let links = links.map(|link| link.strip_prefix('#').unwrap());
    let labels = values(page, "aria-labelledby").into_iter().flat_map(str::split_whitespace);
    for target in links.chain(labels) {
        assert!(unique.contains(target), "{target}");
    }
    assert!(!page.contains("NaN") && !page.contains("inf "), "no number is missing");
}

/// Whether a link leads to another page of the report, or into one.
fn is_page(link: &str) -> bool {
    let page = link.split('#').next().unwrap_or_default();
    let inside = page.strip_prefix("report/").is_some_and(|name| !name.contains('/'));
    (inside || page == "../report.html") && page.strip_suffix(".html").is_some()
}

/// Every link between these pages, of which the first is `report.html` and the others lie in `report/`, leads to a
/// page and place that is there.
pub(super) fn assert_linked(pages: &[(String, String)]) {
    for (path, page) in pages {
        for link in values(page, "href").into_iter().filter(|link| is_page(link)) {
            let (to, id) = link.split_once('#').unwrap_or((link, ""));
            let to = to.strip_prefix("../").unwrap_or(to);
            let found = pages.iter().find(|(path, _)| path == to);
            let (_, target) = found.unwrap_or_else(|| panic!("{path}: no page {to}"));
            assert!(id.is_empty() || values(target, "id").contains(&id), "{path}: no {link}");
        }
    }
}

/// No text of a drawing sticks out at the left or the right.
pub(super) fn assert_drawn_inside(page: &str) {
    for drawing in page.split("<svg").skip(1) {
        let Some(size) = values(drawing, "viewBox").first().copied() else { continue };
        let width: f64 = size.split(' ').nth(2).unwrap().parse().unwrap();
        for said in drawing.split("</svg>").next().unwrap().split("<text").skip(1) {
            let (head, text) = said.split_once('>').unwrap();
            let number = |name: &str| values(head, name)[0].parse::<f64>().unwrap();
            let text = text.split("</text>").next().unwrap().trim();
            let wide = text_width(text) * number("font-size") / 13.0;
            let left = number("x")
                - match values(head, "text-anchor")[0] {
                    "end" => wide,
                    "middle" => wide / 2.0,
                    _ => 0.0,
                };
            let right = left + wide;
            assert!(left > -1.0 && right < width + 1.0, "{text}: {left} to {right} of {width}");
        }
    }
}
