//! Typst, given one text and four files of letters. It reads nothing else: no file, no letters of the
//! machine and no clock, so the same pages give the same bytes.

use crate::error::{Error, Result};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// The letters that all is set in.
#[derive(Debug)]
pub(super) struct Letters(Vec<Font>);

impl Letters {
    /// Noto Sans upright, bold, slanted and both.
    pub(super) fn new() -> Self {
        let files = [
            notosans::REGULAR_TTF,
            notosans::BOLD_TTF,
            notosans::ITALIC_TTF,
            notosans::BOLD_ITALIC_TTF,
        ];
        Self(files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect())
    }

    /// Whether a character can be set: it has a letter, or it only says where a line may break.
    pub(super) fn know(&self, c: char) -> bool {
        matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}')
            || self.0.iter().all(|font| font.info().coverage.contains(u32::from(c)))
    }
}

/// What typst sees of the world.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    letters: Letters,
    source: Source,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.letters.0.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A text of typst, set on pages.
///
/// # Errors
/// When typst refuses the text.
pub(super) fn document(source: String, letters: Letters) -> Result<PagedDocument> {
    let features = [Feature::A11yExtras].into_iter().collect();
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_features(features).build()),
        book: LazyHash::new(FontBook::from_fonts(&letters.0)),
        letters,
        source: Source::detached(source),
    };
    typst::compile(&desk).output.map_err(|problems| refused(&problems))
}

/// The pages as PDF/UA-1.
///
/// # Errors
/// When what is on them is not accessible.
pub(super) fn pdf(document: &PagedDocument) -> Result<Vec<u8>> {
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|problem| Error::input(problem.message().to_string()))?;
    let options = PdfOptions { creator: Smart::Custom(None), standards, ..PdfOptions::default() };
    typst_pdf::pdf(document, &options).map_err(|problems| refused(&problems))
}

fn refused(problems: &[SourceDiagnostic]) -> Error {
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    Error::input(format!("report.pdf can not be made: {}", messages.join("; "))).advice(super::OURS)
}

/// All that is set on the pages, without spaces.
#[cfg(test)]
pub(super) fn words(document: &PagedDocument) -> String {
    fn collect(frame: &typst::layout::Frame, out: &mut String) {
        for (_, item) in frame.items() {
            match item {
                typst::layout::FrameItem::Group(group) => collect(&group.frame, out),
                typst::layout::FrameItem::Text(text) => out.push_str(&text.text),
                _ => {}
            }
        }
    }
    let mut out = String::new();
    document.pages().iter().for_each(|page| collect(&page.frame, &mut out));
    out.retain(|c| !c.is_whitespace() && c != '\u{200b}');
    out
}
