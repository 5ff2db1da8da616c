//! A few mutations that are the same on every machine: what runs the targets where no fuzzer is at hand.

/// Changes inputs at random, out of a seed (xorshift64*).
#[derive(Clone, Debug)]
pub struct Mutator<'a> {
    state: u64,
    words: &'a [Vec<u8>],
}

/// Inputs do not grow beyond this.
const MAX_BYTES: usize = 4096;

impl<'a> Mutator<'a> {
    /// A mutator that also puts in these words.
    #[must_use]
    pub fn new(seed: u64, words: &'a [Vec<u8>]) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, words }
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let number = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        number as usize % end
    }

    /// One of the inputs, changed in one to four places.
    pub fn mutate(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut input = inputs[self.below(inputs.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut input, inputs);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, inputs: &[Vec<u8>]) {
        let (start, end) = self.range(input.len());
        match self.below(8) {
            0 => drop(input.splice(start..end, [])),
            1 => {
                let byte = self.byte();
                input.insert(start, byte);
            }
            2 if start < input.len() => input[start] = self.byte(),
            3 if start < input.len() => input[start] ^= 1 << self.below(8),
            4 => {
                let again = input[start..end].to_vec();
                drop(input.splice(end..end, again));
            }
            5 => {
                let other = &inputs[self.below(inputs.len())];
                let (from, to) = self.range(other.len());
                drop(input.splice(start..end, other[from..to].iter().copied()));
            }
            _ if !self.words.is_empty() => {
                let word = &self.words[self.below(self.words.len())];
                let until = if self.below(2) == 0 { start } else { end };
                drop(input.splice(start..until, word.iter().copied()));
            }
            _ => {}
        }
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        let (one, other) = (self.below(length + 1), self.below(length + 1));
        // Mostly a few bytes.
        let (start, end) = (one.min(other), one.max(other));
        if self.below(4) == 0 { (start, end) } else { (start, end.min(start + 8)) }
    }

    fn byte(&mut self) -> u8 {
        const OFTEN: &[u8] = b"\0\t\n\r \"'#%&*+,-./019:;<=>?@AZ[\\]_`az{|}~\x7F\x80\xA0\xC2\xFF";
        if self.below(4) == 0 { self.below(256) as u8 } else { OFTEN[self.below(OFTEN.len())] }
    }
}

/// The words of a dictionary, as libFuzzer reads one: a word in quotes on each line, behind a name or alone,
/// `\xNN` for a byte, `\\` and `\"`.
///
/// # Panics
///
/// Where a line is not written so.
#[must_use]
pub fn words(dictionary: &str) -> Vec<Vec<u8>> {
    let lines = dictionary.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| word(line).unwrap_or_else(|| panic!("no word in {line}"))).collect()
}

fn word(line: &str) -> Option<Vec<u8>> {
    let (_, quoted) = line.split_once('"')?;
    let mut rest = quoted.strip_suffix('"')?.as_bytes();
    let mut word = Vec::new();
    loop {
        rest = match rest {
            [] => return Some(word),
            [b'\\', b'x', high, low, rest @ ..] => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                word.push((digit(high)? * 16 + digit(low)?) as u8);
                rest
            }
            [b'\\', byte @ (b'\\' | b'"'), rest @ ..] | [byte, rest @ ..] => {
                word.push(*byte);
                rest
            }
        };
    }
}
