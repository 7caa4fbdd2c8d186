//! Patterns with stars.

/// `*` stands for a segment of a path or part of one, `**` for anything. Every place of the pattern that can be reached is
/// followed at once, so the work is at most pattern times path, whatever either looks like.
pub(super) fn path_fits(pattern: &str, path: &str) -> bool {
    let pattern = pattern.as_bytes();
    let mut here = vec![false; pattern.len() + 1];
    let mut next = here.clone();
    here[0] = true;
    skip_stars(pattern, &mut here);
    for byte in path.bytes() {
        next.fill(false);
        for (place, want) in pattern.iter().enumerate().filter(|(place, _)| here[*place]) {
            let double = *want == b'*' && is_double(pattern, place);
            if *want == b'*' && (double || byte != b'/') {
                next[place] = true;
            } else if *want == byte {
                next[place + 1] = true;
            }
        }
        skip_stars(pattern, &mut next);
        std::mem::swap(&mut here, &mut next);
    }
    here[pattern.len()]
}

/// A star may stand for nothing.
fn skip_stars(pattern: &[u8], reached: &mut [bool]) {
    for (place, want) in pattern.iter().enumerate() {
        if *want == b'*' && reached[place] {
            reached[place + 1] = true;
        }
    }
}

/// Whether the star is one of two.
fn is_double(pattern: &[u8], place: usize) -> bool {
    let star = |at: Option<usize>| at.and_then(|at| pattern.get(at)) == Some(&b'*');
    star(Some(place + 1)) || star(place.checked_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let rows = [
            ("/cards", "/cards", true),
            ("/cards", "/cards/1", false),
            ("/cards/*", "/cards/1", true),
            ("/cards/*", "/cards/1/cryptogram", false),
            ("/cards/**", "/cards/1/cryptogram", true),
            ("/cards/*/cryptogram", "/cards/1/cryptogram", true),
            ("/cards/*/cryptogram", "/cards/1/2/cryptogram", false),
            ("/v1/pay*", "/v1/payment_intents", true),
            ("/**/x", "/é/ü/x", true),
        ];
        for (pattern, path, want) in rows {
            assert_eq!(path_fits(pattern, path), want, "{pattern} {path}");
        }
    }
}
