//! A card number that is hidden in part, and of which more is shown than may be: the first eight digits and the last four (PCI
//! DSS v4.0.1, requirement 3.4.1).

/// What stands where digits are hidden.
const HIDING: &str = "*xX#•●._-";
const FIRST: usize = 8;
const LAST: usize = 4;

/// Whether a text holds the number with some of its digits hidden, but too few.
pub(crate) fn shows_too_much(text: &str, number: &str) -> bool {
    let digits: Vec<char> = number.chars().collect();
    // Most of a text can hold no number, so only what can is looked at place by place.
    let elsewhere = |it: char| !it.is_ascii_digit() && !HIDING.contains(it);
    let mut runs = text
        .split(elsewhere)
        .filter(|run| run.len() >= digits.len());
    runs.any(|run| {
        let run: Vec<char> = run.chars().collect();
        let mut windows = run.windows(digits.len());
        windows.any(|window| is_masked(window, &digits) && is_too_plain(window))
    })
}

/// Each place is the number's digit or hides it, and both occur.
fn is_masked(window: &[char], digits: &[char]) -> bool {
    let hidden = window.iter().filter(|it| HIDING.contains(**it)).count();
    let fits = |(shown, digit): (&char, &char)| shown == digit || HIDING.contains(*shown);
    hidden > 0 && hidden < window.len() && window.iter().zip(digits).all(fits)
}

fn is_too_plain(window: &[char]) -> bool {
    let plain = |it: &&char| it.is_ascii_digit();
    let first = window.iter().take_while(plain).count();
    let last = window.iter().rev().take_while(plain).count();
    let all = window.iter().filter(plain).count();
    first > FIRST || last > LAST || all > first + last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_and_four_may_be_shown() {
        let number = "4111119876541111";
        for (text, wrong) in [
            ("411111******1111", false),
            ("41111198****1111", false),
            ("************1111", false),
            ("card 411111987***1111", true),
            ("411111*****41111", true),
            ("4111119876541***", true),
            ("4111**98****1111", true),
            ("424242987***1111", false),
            ("1111", false),
            ("________________", false),
        ] {
            assert_eq!(shows_too_much(text, number), wrong, "{text}");
        }
    }
}
