/** Flows, their packets and what they carried. */
import { commandLine, expect, test } from './support/test.ts';

const WIDE = { width: 1900, height: 1200 };

test('the list has all flows, and sorts', async ({ open, captures }) => {
  const { flows } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Flows');
  await app.flows.row(0).waitFor();
  expect(await app.flows.total()).toBe(flows);
  for (const title of ['Packets', 'Resets', 'Resent']) {
    await app.flows.sortBy(title);
    expect(await app.flows.sorting(title)).toBe('descending');
    const numbers = (await app.flows.column(title)).map((text) => Number(text.replaceAll(',', '')));
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  }
  await app.flows.sortBy('Start (s)');
  const starts = (await app.flows.column('Start (s)')).map((text) => Number(text.replaceAll(',', '')));
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(new Set(starts).size).toBeGreaterThan(5);
});

test('a flow shows its packets, its data and its resets', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.page.keyboard.press('4');
  await app.flows.row(0).waitFor();
  await app.filter.fill('server:203.0.113.21 port:8080');
  await expect.poll(() => app.flows.total()).toBe(1);
  const [row] = await app.flows.rows();
  await app.filter.press('Enter');
  await app.page.keyboard.press('ArrowDown');
  await app.page.keyboard.press('Enter');
  const ladder = app.page.getByRole('listbox', { name: 'Packets of the connection' });
  await ladder.getByRole('option').first().waitFor({ state: 'attached' });
  await app.page.getByRole('tab', { name: 'Packets' }).click();
  await app.packets.row(0).waitFor();
  expect(await app.packets.total()).toBe(Number(row.Packets));
  const packets = await app.packets.rows();
  expect(packets[0].Info).toMatch(/SYN/);
  expect(packets.at(-1)?.Info).toMatch(/RST/);
  const frames = packets.map((packet) => Number(packet['No.'].replaceAll(',', '')));
  expect(frames).toEqual([...frames].sort((a, b) => a - b));

  await app.page.getByRole('tab', { name: 'Stream' }).click();
  await app.page.locator('.segment-text').click();
  const data = app.page.getByRole('region', { name: 'What the connection carried' });
  await expect.poll(() => data.innerText()).toContain('GET /report HTTP/1.1');
  await app.page.locator('.segment-server').click();
  await app.page.getByText('The server sent no data').waitFor();

  await app.page.getByRole('button', { name: '1 reset', exact: true }).click();
  await expect.poll(() => app.resets.total()).toBe(1);
  expect(await app.filter.inputValue()).toMatch(/^flow:\d+$/);
});

test('a name of the server is shown and found', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Flows');
  await app.filter.fill('shop-3.example.org');
  await expect.poll(() => app.flows.total()).toBe(1);
  expect((await app.flows.rows())[0].Server).toContain('shop-3.example.org');
});
