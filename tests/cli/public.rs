//! The report for everybody.

use crate::support::{Workdir, prognose};

#[test]
fn lines_that_are_not_public_are_in_no_file_of_the_public_report() {
    let dir = Workdir::small();
    let table = "code,geldig_van,geldig_tot,wet,taakveld,product,openbaar\n\
                 4401,,,Wmo,6.711,Hulp,ja\n4501,,,Jeugd,6.752,Zeldzame zorg,nee\n";
    dir.write("indeling.csv", table);
    let (root, out) = (dir.path().to_str().unwrap(), dir.path().join("publiek"));
    let ran = prognose(&["report", root, "--public", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("NOT hidden: Jeugd / 6.752 / Zeldzame zorg / lasten is all of its taakveld"),
        "{}",
        ran.stderr
    );
    let folder = out.join("openbaar");
    let pages = std::fs::read_dir(folder.join("report")).unwrap();
    let pages = pages.map(|entry| entry.unwrap().path()).chain([folder.join("report.html")]);
    let mut seen = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(!text.contains("Zeldzame zorg"), "{}", page.display());
        seen += usize::from(text.contains("6.752"));
    }
    assert!(seen > 1, "the taakveld itself is told");
    let wrong = table.replace(",nee", ",misschien");
    dir.write("indeling.csv", &wrong);
    let ran = prognose(&["report", root, "--public", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("indeling.csv, row 3, column openbaar"), "{}", ran.stderr);
}
