/** The list of resets: order, filter, presets. */
import type { AnalysisJson } from '../../main/cli/schema.ts';
import { RESET_COLUMNS } from '../../shared/contract/methods.ts';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import type { AppPage } from './pages/app-page.ts';
import type { Captures } from './support/captures.ts';
import type { OpenOptions } from './support/host.ts';
import { commandLine, expect, test } from './support/test.ts';

type Reset = AnalysisJson['resets'][number];

/** All columns, and all rows of the small capture at once. */
const TALL = { width: 2600, height: 2200 };

async function openList(
  open: (options: OpenOptions) => Promise<AppPage>,
  captures: Captures,
): Promise<AppPage> {
  const app = await open({ files: [captures.mixed], viewport: TALL });
  await app.ready();
  await app.go('Resets');
  await app.resets.row(0).waitFor();
  return app;
}

/** `10.0.0.1:80` as a number that orders as people expect. */
function endpointNumber(endpoint: string): number {
  const [address, port] = endpoint.split(':');
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0) * 65_536 + Number(port);
}

function inFlight({ unacknowledgedBytes: { client, server } }: Reset): number {
  return client === null && server === null ? -1 : (client ?? 0) + (server ?? 0);
}

/** Title of a column → what its order is made of. `smallFirst`: the direction of the first click. */
const COLUMNS: Record<string, { key: (reset: Reset) => number | string; smallFirst: boolean }> = {
  Frame: { key: (reset) => reset.frame, smallFirst: true },
  'Time (s)': { key: (reset) => reset.time, smallFirst: true },
  Client: { key: (reset) => endpointNumber(reset.flow.client), smallFirst: true },
  Server: { key: (reset) => endpointNumber(reset.flow.server), smallFirst: true },
  'Sent by': { key: (reset) => reset.origin.kind, smallFirst: true },
  Confidence: { key: (reset) => reset.origin.confidence, smallFirst: false },
  Cause: { key: (reset) => reset.cause.code, smallFirst: true },
  'Silence before': { key: (reset) => reset.silenceSeconds ?? -1, smallFirst: false },
  'In flight': { key: inFlight, smallFirst: false },
};

function isInOrder(keys: readonly (number | string)[], ascending: boolean): boolean {
  return keys.every((key, i) => i === 0 || (ascending ? keys[i - 1] <= key : keys[i - 1] >= key));
}

test('sorts by each column, both ways', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const byFrame = new Map(resets.map((reset) => [String(reset.frame), reset]));
  const app = await openList(open, captures);
  for (const [title, column] of Object.entries(COLUMNS)) {
    for (const ascending of [column.smallFirst, !column.smallFirst]) {
      await app.resets.sortBy(title);
      expect(await app.resets.sorting(title)).toBe(ascending ? 'ascending' : 'descending');
      const keys = (await app.resets.column('Frame')).map((frame) => {
        const reset = byFrame.get(frame.replaceAll(',', ''));
        if (reset === undefined) throw new Error(`the list shows a frame ${frame} that has no reset`);
        return column.key(reset);
      });
      expect(keys).toHaveLength(resets.length);
      expect(new Set(keys).size, `${title} has something to sort`).toBeGreaterThan(1);
      expect(isInOrder(keys, ascending), `${title} ${keys.join(', ')}`).toBe(true);
    }
  }
});

test('begins with what matters, and within that with devices on the path', async ({ open, captures }) => {
  const app = await openList(open, captures);
  expect(await app.resets.sorting('!')).toBe('ascending');
  const rows = await app.resets.rows();
  const rank = { Device: 0, 'Cannot tell': 1 } as Record<string, number>;
  const keys = rows.map((row) => (row['!'] === 'matters' ? 0 : 10) + (rank[row['Sent by']] ?? 2));
  expect(isInOrder(keys, true), keys.join(' ')).toBe(true);
  expect(new Set(keys).size).toBeGreaterThan(2);
});

test('has tests for all that the engine sorts by', () => {
  // `matters` is `importance` to users: one column says both.
  expect(Object.keys(COLUMNS).length + 2).toBe(RESET_COLUMNS.length);
});

test('the quick filter keeps what passes, and says how many of how many', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await openList(open, captures);
  await app.filter.fill('server:203.0.113.0/24 -port:80 cause:refused,abort');
  await expect.poll(() => app.filterCount.innerText()).toMatch(new RegExp(` of ${resets.length}$`));
  const { resets: expected } = await commandLine(
    captures.mixed,
    '--filter',
    'server:203.0.113.0/24 -port:80 cause:refused,abort',
  );
  await expect.poll(() => app.resets.total()).toBe(expected.length);
  expect(expected.length).toBeGreaterThan(0);
  await app.page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect.poll(() => app.resets.total()).toBe(resets.length);
});

test('a filter with a mistake is explained, and the list stays', async ({ open, captures }) => {
  const app = await openList(open, captures);
  const before = await app.resets.total();
  await app.filter.fill('orign:middlebox');
  const text = await app.alert.innerText();
  expect(text).toContain('orign');
  expect(text).toContain('origin');
  expect(await app.filter.getAttribute('aria-invalid')).toBe('true');
  expect(await app.resets.total()).toBe(before);
  await app.filter.fill('origin:middlebox');
  await app.alert.waitFor({ state: 'detached' });
  await expect.poll(() => app.resets.total()).toBeLessThan(before);
});

test('a filter that nothing passes says so, and a click shows all again', async ({ open, captures }) => {
  const app = await openList(open, captures);
  const before = await app.resets.total();
  await app.filter.fill('client:198.51.100.77');
  await app.page.getByRole('heading', { name: 'No reset passes this filter' }).waitFor();
  await app.page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(() => app.resets.total()).toBe(before);
});

test('presets show their resets, and say how many beforehand', async ({ open, captures }) => {
  const app = await openList(open, captures);
  for (const name of ['What matters', 'Device on the path', 'Host', 'All resets']) {
    const text = await app.preset(name).innerText();
    await app.preset(name).click();
    await expect.poll(() => app.resets.total()).toBe(Number(/(\d+)$/.exec(text.trim())?.[1]));
    expect(await app.preset(name).getAttribute('aria-pressed')).toBe('true');
  }
});

test('times are shown since the first packet, or as times of day', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await openList(open, captures);
  await app.resets.sortBy('Frame');
  const first = resets.reduce((a, b) => (a.frame < b.frame ? a : b));
  await app.page.getByRole('button', { name: /Change to seconds from the selected reset/u }).click();
  await app.page.getByRole('button', { name: /Change to time of day in UTC/u }).click();
  await expect
    .poll(async () => (await app.resets.rows())[0]['Time (UTC)'])
    .toContain(first.time.slice(11, 26));
  expect(CAUSE_CODES).toContain(first.cause.code);
});
