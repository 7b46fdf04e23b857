/** Two captures of the same connections as one case: where they were made, one ladder of both, one packet at two places. */
import { expect, test } from './support/test.ts';

const WIDE = { width: 1440, height: 900 };

test('two ends of the same connections are one case', async ({ open, captures }) => {
  const app = await open({ files: captures.ends, viewport: WIDE });
  await app.ready();
  const { page } = app;
  const points = page.getByRole('region', { name: /^Capture points/ });
  await points.waitFor();
  await expect.poll(() => app.title.innerText()).toMatch(/client \+ server/);
  const path = await points.getByRole('list', { name: /Capture points/ }).innerText();
  expect(path).toMatch(/client[\s\S]*server/);
  expect(path).toMatch(/31\.\d+ s/);

  await page.keyboard.press('4');
  await app.flows.row(0).dblclick();
  const ladder = page.getByRole('listbox', { name: 'Packets of the connection' });
  await page.getByText(/^order between columns/).waitFor();
  await ladder.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const marked = ladder.locator('[aria-selected="true"]');
  await expect.poll(() => marked.innerText()).toMatch(/seen at (client|server) as frame/);
  await page.getByRole('button', { name: 'This capture' }).click();
  await expect.poll(() => marked.innerText()).not.toMatch(/seen at/);

  await page.keyboard.press('5');
  // The list is where the packet of the ladder stands.
  await app.allPackets.selected.waitFor();
  await app.allPackets.root.press('Home');
  await page.getByRole('button', { name: /^Compare field by field with/ }).click();
  const tree = page.getByRole('tree', { name: /^Fields at/ });
  await tree.focus();
  await expect.poll(() => tree.getByRole('treeitem').count()).toBeGreaterThan(2);
});

test('they are kept apart when asked to, and joined again', async ({ open, captures }) => {
  const app = await open({ files: captures.ends, viewport: WIDE });
  await app.ready();
  const { page } = app;
  await page.getByRole('button', { name: 'Keep apart' }).click();
  await page.getByText(/kept apart/).waitFor();
  await page.getByRole('button', { name: 'Join them' }).click();
  await page.getByRole('button', { name: 'Keep apart' }).waitFor();
});

test('another tab is held against the capture that is shown', async ({ open, captures }) => {
  const [client, server] = captures.ends;
  const app = await open({ files: [client], recent: [server], viewport: WIDE });
  await app.ready();
  const { page } = app;
  await page.keyboard.press('Control+K');
  await page.keyboard.type('Open server.pcap');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Open captures' }).waitFor();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('menuitem', { name: 'client.pcap' }).click();
  await page.getByRole('region', { name: /^Capture points/ }).waitFor();
});
