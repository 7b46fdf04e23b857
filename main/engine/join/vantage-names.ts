/** Short names of vantages for people: those of their files, without what all have in common. */

const SEPARATORS = /[-_. ]/u;
/** What compressors and capture programs put behind a name; of a ring also the number of the file and its time. */
const ENDINGS =
  /(?:_\d{5}_\d{14})?(?:\.(?:pcapng|pcap|cap|ntar|dmp|dump|snoop|erf|gz|zst|xz|lz4|bz2)\d*)+$/iu;

/** @param paths the first file of each vantage */
export function vantageNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[/\\]/u).filter((part) => part !== ''));
  const files = parts.map((path) => (path.at(-1) ?? '').replace(ENDINGS, ''));
  // Captures are named alike in a folder for each place: then the folder tells.
  const depth = parts.reduce((least, { length }) => Math.min(least, length), Infinity);
  for (let up = 0; up < depth; up++) {
    const level = parts.map((path, i) => (up === 0 ? files[i] : (path.at(-1 - up) ?? '')));
    const names = withoutCommon(level);
    if (new Set(names).size === names.length && !names.includes('')) return names;
  }
  return files.map((name, i) => `${name === '' ? 'capture' : name} ${i + 1}`);
}

/** Cuts what all begin with and end with, as far as whole words. */
function withoutCommon(names: readonly string[]): string[] {
  if (names.length < 2) return [...names];
  const start = commonWords(names);
  const rest = names.map((name) => name.slice(start));
  const end = commonWords(rest.map((name) => [...name].reverse().join('')));
  const cut = rest.map((name) => name.slice(0, name.length - end));
  return cut.includes('') ? [...names] : cut;
}

/** Length of what all begin with, up to the last separator in it. */
function commonWords(names: readonly string[]): number {
  const [first] = names;
  let length = 0;
  for (let at = 0; at < first.length && names.every((name) => name[at] === first[at]); at++) {
    if (SEPARATORS.test(first[at])) length = at + 1;
  }
  return length;
}
