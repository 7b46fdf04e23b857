/**
 * docs/tables.md tells every column of the tables that can be exported. It is written here, out of the columns themselves:
 * `npx vitest run --config test/vitest.config.ts test/words/tables-page.test.ts -u` writes it anew.
 */
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import type { Column } from '../../main/engine/tables/column.ts';
import { ENDPOINT_TABLE } from '../../main/engine/tables/endpoints.ts';
import { FAILURE_TABLE } from '../../main/engine/tables/failures.ts';
import { FINDING_TABLE } from '../../main/engine/tables/findings.ts';
import { FLOW_TABLE } from '../../main/engine/tables/flows.ts';
import { PACKET_TABLE } from '../../main/engine/tables/packets.ts';
import { RESET_TABLE } from '../../main/engine/tables/resets.ts';
import { ZEEK_FIELDS } from '../../main/engine/tables/zeek-conn.ts';
import type { TableName } from '../../shared/model/table.ts';

const PAGE = new URL('../../docs/tables.md', import.meta.url).pathname;

type Told = Pick<Column<never>, 'name' | 'type' | 'about' | 'unit'>;

const COLUMNS: Readonly<Record<TableName, readonly Told[]>> = {
  resets: RESET_TABLE,
  flows: FLOW_TABLE,
  findings: FINDING_TABLE,
  failures: FAILURE_TABLE,
  endpoints: ENDPOINT_TABLE,
  packets: PACKET_TABLE,
};

const ABOUT: Readonly<Record<TableName, string>> = {
  resets:
    'One line for each reset in capture order; a burst of alike ones is one line, and so is one that several captures hold.',
  flows: 'One line for each TCP connection and UDP conversation, by their start.',
  findings: 'Resets of one origin, cause and server are one finding. What matters comes first, noise last.',
  failures: 'One line for each connection or UDP request that failed without a reset, by its time.',
  endpoints: 'Totals of each address over its flows; with a filter, over the flows that pass.',
  packets: 'One line for each packet in capture order, those without a flow included.',
};

const INTRODUCTION = `# Tables for other programs

\`\`\`sh
resetscope export trace.pcap --table resets -o resets.csv
resetscope export trace.pcap --table flows --filter 'tcp.port == 443' -o flows.parquet
resetscope export trace.pcap --table flows -o conn.log
resetscope export trace.pcap --table findings --format ndjson | jq .sentence
\`\`\`

The format follows the ending of the output (.csv, .json, .ndjson or .jsonl, .parquet, .log) or \`--format\`; without either it is CSV.

- **CSV**: RFC 4180 with a heading, UTF-8. A text that a spreadsheet could take for a formula has an apostrophe in front.
- **JSON** is one array of objects, **NDJSON** one object a line; both have the same values.
- **Parquet**: typed columns that may be null, in row groups of 16,384 rows, compressed by Snappy. Numbers are INT64 or DOUBLE, flags BOOLEAN,
  times TIMESTAMP of nanoseconds in UTC, all else is text.
- **Zeek**: a conn.log of the flows.

What is not known is empty in CSV, null elsewhere, and \`-\` in conn.log. Times are UTC, exact to the nanosecond. A filter is one of
[filter.md](filter.md): a row passes with any of its packets. How many rows were written, how many the filter left out and how many
are counted but not kept one by one is told on standard error. Names of columns do not change. This page is written by a test out
of the columns.
`;

it('tells every column in docs/tables.md', async () => {
  const text = [
    INTRODUCTION,
    ...Object.entries(COLUMNS).map(([name, columns]) => section(name as TableName, columns)),
    zeekSection(),
  ].join('\n');
  const page = await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
  await expect(page).toMatchFileSnapshot(PAGE);
});

it.each(Object.entries(COLUMNS))('names each column of %s once, and says what it means', (_, columns) => {
  expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  for (const { name, about } of columns) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/u);
    expect(about, name).toMatch(/^\S.*[^.]$/u);
  }
});

function section(name: TableName, columns: readonly Told[]): string {
  const rows = columns.map(
    ({ name: column, type, unit, about }) => `| \`${column}\` | ${type} | ${unit ?? ''} | ${about} |`,
  );
  return `## ${name}\n\n${ABOUT[name]}\n\n| column | type | unit | what it is |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function zeekSection(): string {
  const rows = ZEEK_FIELDS.map(([name, type, about]) => `| \`${name}\` | ${type} | ${about} |`);
  return `## conn.log

Columns of Zeek whose value is known here; local_orig, orig_ip_bytes, tunnel_parents and others are left out, and ICMP has no lines. Zeek begins
another connection where one is silent for long, and after a reset; here both are one. \`duration\` runs to the last packet, in Zeek to the
one that closes.

| column | type | what it is |
| --- | --- | --- |
${rows.join('\n')}
`;
}
