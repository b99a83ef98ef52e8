//! Numbers as a Dutch report writes them, made anew from cents: what the walk compares with.

/// Cents of an amount with two decimals.
pub(crate) fn cents(text: &str) -> i64 {
    let (euros, part) =
        text.split_once('.').unwrap_or_else(|| panic!("{text} has no two decimals"));
    let size = euros.trim_start_matches('-').parse::<i64>().unwrap() * 100;
    let size = size + part.parse::<i64>().unwrap();
    if text.starts_with('-') { -size } else { size }
}

/// `−1.234`.
pub(crate) fn whole(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if number < 0 { format!("−{text}") } else { text }
}

/// In steps of so many cents, half away from zero.
pub(crate) fn steps(cents: i64, step: i64) -> i64 {
    let size = (cents.abs() + step / 2) / step;
    if cents < 0 { -size } else { size }
}

pub(crate) fn thousands(cents: i64) -> String {
    whole(steps(cents, 100_000))
}

/// `1.234.567,89`.
pub(crate) fn exact(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    format!("{sign}{},{:02}", whole(cents.abs() / 100), cents.abs() % 100)
}

/// `+12`, `−3`, `–`.
pub(crate) fn change(cents: i64) -> String {
    match steps(cents, 100_000) {
        0 => "–".to_owned(),
        up if up > 0 => format!("+{}", whole(up)),
        down => whole(down),
    }
}

/// `37.560 – 38.270`: tens, or ones where the band is narrow.
pub(crate) fn band(low: i64, high: i64) -> String {
    let step = if high - low < 5_000_000 { 1 } else { 10 };
    let side = |cents: i64| whole(steps(cents, 100_000 * step) * step);
    let to = if low < 0 { "tot" } else { "–" };
    format!("{} {to} {}", side(low), side(high))
}

/// Cents as euros, or any whole number as hundredths.
pub(crate) fn hundredths(number: i64) -> f64 {
    number.to_string().parse::<f64>().unwrap() / 100.0
}

/// One decimal or more, with a comma.
pub(crate) fn decimals(number: f64, places: usize) -> String {
    let text = format!("{:.places$}", number.abs());
    let (front, back) = text.split_once('.').unwrap_or((&text, ""));
    let front = whole(front.parse().unwrap());
    let text = if back.is_empty() { front } else { format!("{front},{back}") };
    let minus = number < 0.0 && text.chars().any(|c| ('1'..='9').contains(&c));
    if minus { format!("−{text}") } else { text }
}

pub(crate) fn percent(share: f64) -> String {
    decimals(100.0 * share, 1) + "%"
}

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// `oktober 2026`.
pub(crate) fn month(month: &str) -> String {
    format!("{} {}", month_name(month), &month[..4])
}

/// `oktober`.
pub(crate) fn month_name(month: &str) -> &'static str {
    MONTHS[month[5..].parse::<usize>().unwrap() - 1]
}

/// `okt 2026`.
pub(crate) fn month_short(month: &str) -> String {
    let name = month_name(month);
    format!("{} {}", if name == "maart" { "mrt" } else { &name[..3] }, &month[..4])
}
