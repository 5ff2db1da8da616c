// Writes what Unicode CLDR says about the languages of the interface texts, as this Node's ICU returns it: the numbers
// of each plural category, and long dates. `node tests/cldr.mjs > consent-core/src/policy/texts/cldr48.txt`.

import { readFileSync } from 'node:fs';

const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other'];
const NUMBERS = [...Array(201).keys(), 1000, 10_000, 100_000, 1_000_000, 1_000_001, 2_000_000];

const source = readFileSync(new URL('../consent-core/src/policy/texts.rs', import.meta.url), 'utf8');
const tags = [...source.matchAll(/^ {4}"([a-z-]+)" = "[a-z]+",$/gm)].map(([, tag]) => tag).sort();

const lines = [
  `# Unicode CLDR ${process.versions.cldr}, as ICU ${process.versions.icu} returns it: for each language, the numbers of each`,
  '# plural category, and long dates (Gregorian calendar, Latin digits, English as in Britain).',
  '# Data of Unicode, Inc., under the Unicode License v3 (https://www.unicode.org/license.txt).',
];
for (const tag of tags) {
  const rules = new Intl.PluralRules(tag);
  lines.push('');
  for (const category of CATEGORIES) {
    const numbers = NUMBERS.filter((number) => rules.select(number) === category);
    if (numbers.length > 0) lines.push(`${tag} ${category} = ${ranges(numbers)}`);
  }
  const format = new Intl.DateTimeFormat(tag === 'en' ? 'en-GB' : tag, {
    calendar: 'gregory',
    dateStyle: 'long',
    numberingSystem: 'latn',
    timeZone: 'UTC',
  });
  for (let month = 0; month < 12; month += 1) {
    const date = new Date(Date.UTC(2026, month, month % 2 === 0 ? 1 : 23));
    lines.push(`${tag} ${date.toISOString().slice(0, 10)} = ${format.format(date).replace(/[\u00a0\u202f]/g, ' ')}`);
  }
}
process.stdout.write(`${lines.join('\n')}\n`);

/**
 * Consecutive numbers as ranges: `1-4 10`.
 * @param {number[]} numbers
 */
function ranges(numbers) {
  /** @type {[number, number][]} */
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(' ');
}
