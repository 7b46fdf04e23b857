/**
 * docs/filter.md tells what filters mean by examples, and docs/fields.md what can be asked for. The latter is written here, out of the
 * catalogue: `npx vitest run --config test/vitest.config.ts test/words/filter-pages.test.ts -u` writes it anew.
 */
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../shared/fields/catalogue.ts';
import type { FieldInfo } from '../../shared/fields/field.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { QUICK_FIELDS } from '../../shared/filter/quick/fields.ts';
import type { QuickField } from '../../shared/filter/quick/fields.ts';
import { filterExamples } from './filter-examples.ts';

const FIELDS_PAGE = new URL('../../docs/fields.md', import.meta.url).pathname;
/** Longer lists of values are told by completion in the bar. */
const MOST_CHOICES = 10;
const MOST_WORDS = 4;

describe('docs/filter.md', () => {
  it('has examples that can be read', () => {
    const examples = [...filterExamples('wireshark'), ...filterExamples('resetscope')];
    expect(examples.length).toBeGreaterThan(40);
    expect(examples.filter((text) => !parseFilter(text).ok)).toEqual([]);
  });

  it('has mistakes that are told, each with its place', () => {
    const examples = filterExamples('rejected');
    expect(examples.length).toBeGreaterThan(5);
    expect(examples.filter((text) => parseFilter(text).ok)).toEqual([]);
  });
});

it('names every field and every quick word in docs/fields.md', async () => {
  const page = await format(fieldsPage(), { ...(await resolveConfig(FIELDS_PAGE)), parser: 'markdown' });
  await expect(page).toMatchFileSnapshot(FIELDS_PAGE);
});

function fieldsPage(): string {
  const groups = new Map<string, FieldInfo[]>();
  for (const field of FIELDS) {
    const [protocol] = field.name.split('.');
    groups.set(protocol, [...(groups.get(protocol) ?? []), field]);
  }
  const sections = [...groups].map(
    ([protocol, fields]) =>
      `## ${protocol}\n\n| field | type | what it is |\n| --- | --- | --- |\n${fields.map(row).join('\n')}\n`,
  );
  return [
    '# Fields and quick words',
    `All ${FIELDS.length} fields that filters, \`--fields\` and the detail tree know; [filter.md](filter.md) says how they are asked for.` +
      ' This page is written by a test out of the catalogue (`shared/fields`).',
    'Types: a _protocol_ is there or not, and has its bytes as value; a _label_ is there or not, and has no value.',
    `## Quick words\n\n| word | asks | about |\n| --- | --- | --- |\n${QUICK_FIELDS.map(quickRow).join('\n')}\n`,
    ...sections,
  ].join('\n\n');
}

function row({ name, type, title, about, choices, words, source, isLayer }: FieldInfo): string {
  const kind = type === 'protocol' && name.includes('.') && isLayer !== true ? 'label' : type;
  const values = choices ?? (type === 'boolean' ? undefined : Object.values(words ?? {}));
  const shown =
    values?.slice(0, choices === undefined ? MOST_WORDS : MOST_CHOICES).map((value) => `\`${value}\``) ?? [];
  const more = (values?.length ?? 0) > shown.length ? ' …' : '';
  const told = [about === undefined ? title : `${title}: ${about}`];
  if (shown.length > 0) told.push(`${shown.join(', ')}${more}`);
  if (source !== undefined) told.push(source);
  return `| \`${name}\` | ${kind} | ${told.map(escaped).join('. ')} |`;
}

function quickRow(field: QuickField): string {
  return `| \`${field.name}:\` | ${asked(field)
    .map((name) => `\`${name}\``)
    .join(', ')} | ${escaped(field.about)} |`;
}

/** The fields that it stands for. */
function asked(field: QuickField): readonly string[] {
  switch (field.kind) {
    case 'word':
      return field.fields.map(({ name }) => name);
    case 'text':
      return [field.field];
    case 'endpoint':
      return [field.ipv4, field.ipv6, ...(field.text?.fields ?? [])];
    case 'switch':
    case 'number':
      return field.fields;
  }
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
}
