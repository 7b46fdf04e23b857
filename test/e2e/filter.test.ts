/** The filter field: completions, errors with their cure, and filters that are kept. */
import type { AppPage } from './pages/app-page.ts';
import type { Captures } from './support/captures.ts';
import type { OpenOptions } from './support/host.ts';
import { focused } from './support/focus.ts';
import { expect, test } from './support/test.ts';

async function openPackets(
  open: (options: OpenOptions) => Promise<AppPage>,
  captures: Captures,
): Promise<AppPage> {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  await app.go('Packets');
  await app.allPackets.row(0).waitFor();
  return app;
}

test('fields, operators and values of the capture complete what is typed', async ({ open, captures }) => {
  const app = await openPackets(open, captures);
  const { keyboard } = app.page;
  const all = await app.allPackets.total();
  await keyboard.press('/');
  await expect.poll(() => focused(app.page)).toBe('Filter packets');
  await keyboard.type('tcp.dst');
  await app.filterField.offer('tcp.dstport').waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect.poll(() => app.filterField.value).toBe('tcp.dstport ');
  await keyboard.type('== ');
  // A port that the capture has, and nobody could know beforehand.
  await app.filterField.offer('5432').waitFor();
  await app.filterField.offer('5432').click();
  await expect.poll(() => app.filterField.value).toBe('tcp.dstport == 5432 ');
  await expect.poll(() => app.allPackets.total()).toBeLessThan(all);
});

test('an error is marked where it is, and Enter mends it', async ({ open, captures }) => {
  const app = await openPackets(open, captures);
  const { keyboard } = app.page;
  await app.filter.fill('tcp.dstport == 5432');
  const all = await app.allPackets.total();
  await expect.poll(() => app.allPackets.total()).toBeLessThan(all);
  const before = await app.allPackets.total();
  await app.filter.fill('tcp.dstprt == 5432');
  await keyboard.press('Escape');
  await app.filter.focus();
  await app.filterField.error.waitFor();
  expect(await app.filterField.wrongPart.innerText()).toBe('tcp.dstprt');
  expect(await app.filterField.error.innerText()).toContain('Still shown: tcp.dstport == 5432');
  expect(await app.allPackets.total()).toBe(before);
  await app.filter.press('Enter');
  await expect.poll(() => app.filterField.value).toBe('tcp.dstport == 5432');
  await app.filterField.error.waitFor({ state: 'detached' });
});

test('a set with spaces is understood, and the comma offered', async ({ open, captures }) => {
  const app = await openPackets(open, captures);
  const all = await app.allPackets.total();
  await app.filter.fill('tcp.port in {8080 5432}');
  await expect.poll(() => app.allPackets.total()).toBeLessThan(all);
  const both = await app.allPackets.total();
  await app.page.getByRole('button', { name: /with commas/u }).click();
  await expect.poll(() => app.filterField.value).toBe('tcp.port in {8080, 5432}');
  expect(await app.allPackets.total()).toBe(both);
});

test('filters are kept: those used lately, and those saved under a name', async ({ open, captures }) => {
  const app = await openPackets(open, captures);
  await app.filter.fill('tcp.flags.reset == 1');
  await app.filter.press('Enter');
  await app.filterField.saveAs('every reset');
  await app.filter.fill('dns');
  await app.filter.press('Enter');
  await expect.poll(() => app.filterField.offers.count()).toBe(0);
  await app.page.reload();
  await app.filter.waitFor();
  await app.filterField.keptButton.click();
  await app.filterField.kept.getByRole('button', { name: 'dns', exact: true }).waitFor();
  await app.filterField.kept.getByRole('button', { name: /^every reset/u }).click();
  await expect.poll(() => app.filterField.value).toBe('tcp.flags.reset == 1');
  await app.filterField.keptButton.click();
  await app.filterField.kept.getByRole('button', { name: 'Forget every reset' }).click();
  await expect.poll(() => app.filterField.kept.getByText('every reset').count()).toBe(0);
});

test('one filter says the same to every list', async ({ open, captures }) => {
  const app = await openPackets(open, captures);
  for (const [view, grid] of [
    ['Resets', app.resets],
    ['Flows', app.flows],
    ['Packets', app.allPackets],
  ] as const) {
    await app.go(view);
    await grid.row(0).waitFor();
    const all = await grid.total();
    await app.filter.fill('ip.addr == 203.0.113.31');
    await expect.poll(() => grid.total()).toBeLessThan(all);
    expect(await grid.total()).toBeGreaterThan(0);
  }
});
