/// Writes a number without `format!`, which alone would be larger than the module in the page.
pub(crate) fn push_digits(out: &mut impl Extend<char>, mut number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        if number == 0 && count >= width {
            break;
        }
        // The remainder of a division by ten is a digit.
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        count += 1;
    }
    out.extend(digits.iter().skip(digits.len() - count).map(|digit| char::from(*digit)));
}

/// Parses digits as a number. Returns `None` if there is no byte, or a byte that is not a digit.
pub(crate) fn read_digits(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        number.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

/// Parses digits with an optional `-`. A number out of range becomes the largest one.
pub(crate) fn read_max_age(value: &[u8]) -> Option<i64> {
    let (negative, number) = value.strip_prefix(b"-").map_or((false, value), |number| (true, number));
    if number.is_empty() || !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = clamped(number);
    Some(if negative { -seconds } else { seconds })
}

/// Returns the number that the digits among some bytes form.
pub(crate) fn clamped(bytes: &[u8]) -> i64 {
    bytes
        .iter()
        .filter(|b| b.is_ascii_digit())
        .fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(i64::from(digit - b'0')))
}
