/**
 * docs/fleet-tables.md tells every column of the tables of a fleet. It is written here, out of the columns themselves:
 * `npx vitest run --config test/vitest.config.ts test/words/fleet-tables-page.test.ts -u` writes it anew.
 */
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import {
  FINDING_SECONDS,
  FLEET_KINDS,
  FLEET_ORDER,
  FLEET_TABLES,
  type FleetKind,
} from '../../shared/fleet/tables.ts';

const PAGE = new URL('../../docs/fleet-tables.md', import.meta.url).pathname;

const ABOUT: Readonly<Record<FleetKind, string>> = {
  captures:
    'One row for each unit. Its file is put in place last: a unit without it is not whole, and nobody should count on it.',
  flows:
    'One row for each TCP connection and UDP conversation, once it has ended or nothing more will be told of it.',
  open_flows:
    'Flows that went on at the end of the newest segment of a live capture; each segment replaces those of the one before. The file has the name of the capture alone.',
  resets:
    'One row for each reset that a capture holds; a burst of alike ones is one row. Captures that were analysed together have a row each, with the verdict of all.',
  findings: `Resets of one server, origin and cause within ${FINDING_SECONDS / 60} minutes: small enough to be kept for years. Two segments of a capture may have a row each of the same stretch, which add up.`,
  failures: 'One row for each connection or UDP request that failed without a reset.',
  cases: 'One row for each case file: the packets that verdicts rest on, as pcapng, beside the table’s file.',
};

const INTRODUCTION = `# The tables of a fleet

\`\`\`sh
resetscope analyze trace.pcap --parquet fleet --site berlin
resetscope analyze web*.pcapng.gz --parquet fleet --site berlin --as-host web-1 --fleet-key fleet.key --anonymise --cases
\`\`\`

Agents write Parquet files (row groups of 16,384 rows, compressed by Snappy) into a folder:

\`\`\`
fleet/<kind>/day=2026-11-29/site=berlin/<capture>-<segment>.parquet
fleet/cases/day=2026-11-29/site=berlin/<capture>-<segment>-<reset>.pcapng
\`\`\`

- **A unit** is a capture, or a segment of a live one. It has a file in each kind and day that it has rows of. \`<capture>\` is the key of
  the capture as 16 hexadecimal digits. Written again, a unit replaces all of its files, also on other days; so nothing is counted twice.
- **A capture** is known by site, host and content: a file under another name, or converted to another format, is the same capture. One that
  has grown since is another: give files to \`analyze --parquet\` when nobody writes to them any more.
- **Days** are those of UTC, of each row's \`time\`. A site is written with letters, digits, \`.\`, \`_\` and \`-\`; other characters become \`_\`.
- **Rows** lie in the order of ${FLEET_ORDER.map((name) => `\`${name}\``).join(', ')} in each file.
- **Files that are being written** have names that begin with \`.tmp-\`.
- **Types**: text, int (INT64), key (INT64: all 64 bits of a hash, signed), real (DOUBLE), flag (BOOLEAN), time (TIMESTAMP of nanoseconds, UTC). What is not
  known is null. Names of columns do not change; columns may be added.

**Keys** are the first 64 bits of HMAC-SHA-256 under the key of the fleet, of the original addresses also where the tables are anonymised.
Without \`--fleet-key\` all use one that everybody knows (\`key_id\` is then \`public\`): it joins, and hides nothing. \`resetscope fleet key\` makes
one. With \`--anonymise\` addresses are replaced so that networks stay together (Crypto-PAn), names label by label, and texts and case files
accordingly, alike on all hosts that have the key; \`host\`, \`site\` and \`interface\` stay as the agent has them.

Of a capture file nobody knows how wrong its machine's clock was unless \`--clock-bound\` says so, and losses are known only where the
file tells them (pcapng does). This page is written by a test out of the columns.
`;

it('tells every column in docs/fleet-tables.md', async () => {
  const sections = FLEET_KINDS.map((kind) => {
    const rows = FLEET_TABLES[kind].map(
      ({ name, type, unit = '', about }) =>
        `| \`${name}\` | ${type} | ${unit} | ${about.replaceAll('|', String.raw`\|`)} |`,
    );
    return `## ${kind}\n\n${ABOUT[kind]}\n\n| column | type | unit | what it is |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const page = await format([INTRODUCTION, ...sections].join('\n'), {
    ...(await resolveConfig(PAGE)),
    parser: 'markdown',
  });
  await expect(page).toMatchFileSnapshot(PAGE);
});
