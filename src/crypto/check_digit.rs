//! The check digit of ISO/IEC 7812-1, as numbers of many kinds carry it.

/// Whether the last digit is the check digit of the others (ISO/IEC 7812-1, Luhn). False for anything but digits.
pub fn passes_luhn(digits: &str) -> bool {
    let mut sum = 0_u32;
    for (place, byte) in digits.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(byte - b'0');
        sum += if place % 2 == 0 {
            digit
        } else {
            digit * 2 / 10 + digit * 2 % 10
        };
    }
    !digits.is_empty() && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digit_in_ten_holds() {
        let holds = |digit: u32| passes_luhn(&format!("411111111111111{digit}"));
        let right: Vec<_> = (0..10).filter(|digit| holds(*digit)).collect();
        assert_eq!(right, [1]);
        for text in ["", "x", "4111 1111 1111 1111"] {
            assert!(!passes_luhn(text), "{text}");
        }
    }
}
