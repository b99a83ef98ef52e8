//! The pages of the report as one PDF, by typst: for print, and for who reads with a screen reader.
//!
//! Behind the feature `pdf`, since typst takes long to compile. What turns the pages into the language
//! of typst is tested without it, so that a page it can not turn shows at once.

#[cfg(feature = "pdf")]
mod compile;
mod drawing;
mod elements;
mod links;
mod paper;
mod table;
mod xml;

/// The reader can do nothing about a page of ours.
const OURS: &str = "report this line: it is a mistake in prognose itself";

/// The pages of the report as one tagged PDF (PDF/UA-1): the same content, in the same order.
///
/// # Errors
/// When a page holds what has no place in the PDF yet.
#[cfg(feature = "pdf")]
pub fn pdf(pages: &[(String, String)]) -> crate::error::Result<Vec<u8>> {
    let letters = compile::Letters::new();
    let source = paper::source(pages, &|c| letters.know(c))?;
    compile::pdf(&compile::document(source, letters)?)
}

#[cfg(all(test, feature = "pdf"))]
mod tests {
    use super::*;
    use crate::report::example;
    use crate::report::{pages, text};

    const HOSTILE: &str = "#panic() ] } \\ \" $x$ <script> *a* é \u{1F600}";

    fn holds(pdf: &[u8], text: &str) -> bool {
        pdf.windows(text.len()).any(|part| part == text.as_bytes())
    }

    #[test]
    fn the_report_is_an_accessible_pdf_and_always_the_same() {
        let example = example::example();
        let pages = pages(&example.facts());
        let made = pdf(&pages).unwrap();
        assert!(made.starts_with(b"%PDF-"));
        for part in [
            "/Lang(nl",
            "/Marked true",
            "/StructTreeRoot",
            "<pdfuaid:part>1",
            "Prognose Wmo en Jeugd 2026",
        ] {
            assert!(holds(&made, part), "{part}");
        }
        assert!(!holds(&made, "CreationDate") && !holds(&made, "CreateDate"), "no clock");
        assert!(made == pdf(&pages).unwrap(), "the same bytes twice");
    }

    #[test]
    fn every_word_of_the_pages_is_set() {
        let mut example = example::example();
        for row in &mut example.outlook.years {
            if let Some(product) = &mut row.node.product {
                product.push_str(HOSTILE);
            }
        }
        let pages = pages(&example.facts());
        let letters = compile::Letters::new();
        let source = paper::source(&pages, &|c| letters.know(c)).unwrap();
        let set = compile::words(&compile::document(source, letters).unwrap());
        assert!(set.contains(&HOSTILE.replace('\u{1F600}', "[U+1F600]").replace(' ', "")), "{set}");
        let shown: String = pages.into_iter().map(|(_, page)| page).collect();
        let amounts = example.outlook.years.iter().map(|row| text::thousands(row.expected));
        let (told, _): (Vec<String>, Vec<String>) =
            amounts.partition(|amount| shown.contains(&format!("<td>{amount}</td>")));
        assert!(told.len() > 50, "the pages show few amounts: {told:?}");
        for amount in told {
            assert!(set.contains(&amount), "{amount}");
        }
    }
}
