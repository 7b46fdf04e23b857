/** What can be written where the caret stands: fields, operators, values, quick words. Knows nothing of the page. */
import { FIELDS, fieldNamed } from '../../shared/fields/catalogue.ts';
import type { FieldInfo } from '../../shared/fields/field.ts';
import { FUNCTIONS } from '../../shared/filter/ast.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { quote } from '../../shared/filter/print.ts';
import { QUICK_FIELDS, quickField, quickWords } from '../../shared/filter/quick/fields.ts';

export interface Completion {
  /** What is written. */
  readonly text: string;
  readonly about: string;
  /** The kind of thing, in a word: the type of a field, `word`, `operator`. */
  readonly kind: string;
}

export interface CompletionContext {
  /** The part of the text that a completion replaces. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
  /** Whose values in the capture would be of use here, and what they begin with; null where none would. */
  readonly values: { readonly field: FieldInfo; readonly prefix: string } | null;
}

const MOST = 40;
const NOTHING: readonly Completion[] = [];

const WORD_BEFORE = /[A-Za-z0-9_.:/-]*$/u;
const COMPARISON =
  /(?:^|\s|\b)([A-Za-z0-9_.-]+)(?:#\d+)?\s*(?:===|!==|==|!=|~=|>=|<=|>|<|\b(?:eq|ne|gt|ge|lt|le)\b)\s*"?$/u;
const SET = /([A-Za-z0-9_.-]+)\s+in\s*\{[^{}]*$/u;
const TEXT_TEST = /(?:contains|matches|~)\s*$/u;
const TEST_START = /(?:^|\(|!|&&|\|\||\b(?:and|or|not|any|all))\s*$/u;

const OPERATORS: readonly (Completion & { readonly of?: readonly string[] })[] = [
  { text: '==', about: 'one value at least is', kind: 'operator' },
  { text: '!=', about: 'none of the values is', kind: 'operator' },
  { text: '>', about: 'greater', kind: 'operator' },
  { text: '<', about: 'less', kind: 'operator' },
  { text: '>=', about: 'greater or equal', kind: 'operator' },
  { text: '<=', about: 'less or equal', kind: 'operator' },
  { text: 'in {', about: 'one of several, or of a range: {80, 8000..8080}', kind: 'operator' },
  {
    text: 'contains',
    about: 'holds this text or these bytes',
    kind: 'operator',
    of: ['string', 'bytes', 'ether', 'protocol'],
  },
  {
    text: 'matches',
    about: 'a regular expression, case aside',
    kind: 'operator',
    of: ['string', 'bytes', 'ether', 'protocol'],
  },
];
const JOINTS: readonly Completion[] = [
  { text: 'and', about: 'both must hold', kind: 'operator' },
  { text: 'or', about: 'one must hold', kind: 'operator' },
];

export function completionAt(text: string, caret: number): CompletionContext {
  const before = text.slice(0, caret);
  const word = WORD_BEFORE.exec(before)?.[0] ?? '';
  const from = caret - word.length;
  const quick = /^-?([A-Za-z]+):(?:[<>]=?)?([^\s,]*,)*([^\s,]*)$/u.exec(word);
  if (quick !== null) return quickValues(quick[1], quick[3] ?? '', caret);
  const head = before.slice(0, from);
  const compared = COMPARISON.exec(head) ?? SET.exec(head);
  const field = compared === null ? undefined : fieldNamed(compared[1]);
  if (field !== undefined) return valuesOf(field, word, head.endsWith('"') ? from - 1 : from, caret);
  if (TEXT_TEST.test(head)) return { from, to: caret, items: NOTHING, values: null };
  const last = /([A-Za-z0-9_.-]+)\s+$/u.exec(head)?.[1];
  const lastField = last === undefined ? undefined : fieldNamed(last);
  if (lastField !== undefined) {
    const operators = OPERATORS.filter(
      ({ text: sign, of }) => sign.startsWith(word) && (of === undefined || of.includes(lastField.type)),
    );
    return {
      from,
      to: caret,
      items: [...operators, ...JOINTS.filter(({ text: sign }) => sign.startsWith(word))],
      values: null,
    };
  }
  if (word === '' && !TEST_START.test(head)) {
    return { from, to: caret, items: isWhole(head) ? JOINTS : NOTHING, values: null };
  }
  return { from, to: caret, items: names(word), values: null };
}

/**
 * Whether another test can follow. Behind what cannot be read nothing is offered, so that its error is told instead; and nothing
 * before a space, so that the offers do not cover what is said of the filter that ends there.
 */
function isWhole(head: string): boolean {
  if (head.trim() === '' || !/\s$/u.test(head)) return false;
  const open = head.split('(').length - head.split(')').length;
  return parseFilter(head + ')'.repeat(Math.max(0, open))).ok;
}

/** Names that a test can begin with: those that begin with what is typed, then those with a part that does. */
function names(word: string): readonly Completion[] {
  const typed = word.toLowerCase().replace(/^-/u, '');
  if (typed === '') return NOTHING;
  const sign = word.startsWith('-') ? '-' : '';
  const words: Completion[] = QUICK_FIELDS.filter(({ name }) => name.startsWith(typed)).map(
    ({ name, about }) => ({
      text: `${sign}${name}:`,
      about,
      kind: 'word',
    }),
  );
  if (sign !== '') return words;
  const first: Completion[] = [];
  const later: Completion[] = [];
  for (const field of FIELDS) {
    if (field.name.startsWith(typed)) first.push(ofField(field));
    else if (typed.length > 1 && field.name.includes(`.${typed}`)) later.push(ofField(field));
  }
  // The nearest are the shortest: tcp.port before tcp.options.mss_val.
  first.sort((a, b) => a.text.split('.').length - b.text.split('.').length);
  const functions = FUNCTIONS.filter((name) => name.startsWith(typed)).map((name) => ({
    text: `${name}(`,
    about: 'function of a field',
    kind: 'function',
  }));
  return [...words, ...first, ...later, ...functions].slice(0, MOST);
}

function ofField(field: FieldInfo): Completion {
  return { text: field.name, about: field.about ?? field.title, kind: field.type };
}

function valuesOf(field: FieldInfo, typed: string, from: number, to: number): CompletionContext {
  const wanted = typed.toLowerCase();
  const named: Completion[] = (field.choices ?? []).map((choice) => ({
    text: quote(choice),
    about: '',
    kind: 'value',
  }));
  if (field.type === 'boolean') {
    named.push(
      { text: 'True', about: 'set', kind: 'value' },
      { text: 'False', about: 'not set', kind: 'value' },
    );
  }
  for (const [number, name] of Object.entries(field.words ?? {}).slice(0, 300)) {
    named.push({ text: number, about: name, kind: 'value' });
  }
  const items = named.filter(
    ({ text, about }) =>
      text.replace(/^"/u, '').toLowerCase().startsWith(wanted) || about.toLowerCase().startsWith(wanted),
  );
  return {
    from,
    to,
    items: items.slice(0, MOST),
    values: field.choices === undefined ? { field, prefix: typed } : null,
  };
}

/** Fields whose values in the capture help behind a quick word. */
const VALUE_FIELDS: Readonly<Record<string, string>> = {
  ip: 'ip.addr',
  client: 'flow.client',
  server: 'flow.server',
  host: 'flow.host',
  port: 'tcp.port',
  app: 'flow.app',
  state: 'flow.state',
  marks: 'flow.marks',
};

function quickValues(name: string, typed: string, caret: number): CompletionContext {
  const field = quickField(name.toLowerCase());
  const from = caret - typed.length;
  if (field === undefined) return { from, to: caret, items: NOTHING, values: null };
  const items = quickWords(field)
    .filter((word) => word.includes(typed.toLowerCase()))
    .slice(0, MOST)
    .map((word) => ({ text: word, about: '', kind: 'value' }));
  const values = Object.hasOwn(VALUE_FIELDS, field.name) ? fieldNamed(VALUE_FIELDS[field.name]) : undefined;
  return { from, to: caret, items, values: values === undefined ? null : { field: values, prefix: typed } };
}
