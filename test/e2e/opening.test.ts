/** Opening: what can be read, and what is said of what cannot. */
import { basename } from 'node:path';
import { expect, test } from './support/test.ts';

test('a file of the command line is open at once', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  expect(await app.title.innerText()).toContain('mixed.pcap');
  await expect.poll(() => app.overview.number('Resets')).not.toBe('0');
});

test('the parts of a rotated set open as one', async ({ open, captures }) => {
  const whole = await open({ files: [captures.mixed] });
  await whole.ready();
  const app = await open({ files: captures.parts });
  await app.ready();
  await expect.poll(() => app.title.innerText()).toMatch(/part_00001.*and 1 more/s);
  for (const title of ['Packets', 'Flows', 'Resets', 'Matter']) {
    await expect.poll(() => app.overview.number(title)).toBe(await whole.overview.number(title));
  }
});

test('recent files are offered, open, and can be forgotten', async ({ open, captures }) => {
  const app = await open({ recent: [captures.mixed, captures.quiet] });
  await app.recent('quiet.pcap').click();
  await app.ready();
  expect(await app.title.innerText()).toContain('quiet.pcap');
  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('close capture');
  await app.page.keyboard.press('Enter');
  await app.page.getByText('Drop a capture here').waitFor();
  await app.page.getByRole('button', { name: 'Forget quiet.pcap' }).click();
  await app.recent('quiet.pcap').waitFor({ state: 'detached' });
  expect(await app.recent('mixed.pcap').isVisible()).toBe(true);
});

test('what is no capture is refused with a reason, on the start page', async ({ open, captures }) => {
  const app = await open({ files: [captures.broken] });
  const text = await app.alert.innerText();
  expect(text).toContain('notes.pcap');
  expect(text).toMatch(/could not be opened/);
  expect(text).toMatch(/pcap/i);
  expect(await app.openButton.isEnabled()).toBe(true);
});

test('a file without a byte is refused with a reason', async ({ open, captures }) => {
  const app = await open({ files: [captures.nothing] });
  const text = await app.alert.innerText();
  expect(text).toContain('nothing.pcap');
  expect(text).toContain('the file is empty');
});

test('a file that is not there is refused with a reason', async ({ open, captures }) => {
  const app = await open({ files: [`${captures.mixed}.gone`] });
  const text = await app.alert.innerText();
  expect(text).toContain(basename(`${captures.mixed}.gone`));
  expect(text).toMatch(/no such file|not found|does not exist/i);
});

test('after a file that cannot be read, another one opens', async ({ open, captures }) => {
  const app = await open({ files: [captures.broken], recent: [captures.mixed] });
  await app.alert.waitFor();
  await app.recent('mixed.pcap').click();
  await app.ready();
  expect(await app.alert.count()).toBe(0);
});

test('a capture without packets says so', async ({ open, captures }) => {
  const app = await open({ files: [captures.empty] });
  await app.page.getByRole('heading', { name: 'This capture has no packets' }).waitFor();
  await app.page.getByRole('button', { name: 'What was read' }).click();
  expect(await app.files.innerText()).toContain('empty.pcap');
});

test('a capture without resets says so, and shows its flows', async ({ open, captures }) => {
  const app = await open({ files: [captures.quiet] });
  await app.page.getByRole('heading', { name: 'All 5 connections ended well' }).waitFor();
  await app.page.getByRole('button', { name: 'Look at the flows' }).click();
  await app.flows.row(4).waitFor();
  expect(await app.flows.total()).toBe(5);
  await app.go('Resets');
  await app.page.getByRole('heading', { name: 'No resets' }).waitFor();
});

test('a capture that ends in a packet is read up to there, with a warning', async ({ open, captures }) => {
  const app = await open({ files: [captures.truncated] });
  await app.ready();
  expect(await app.view('Files').innerText()).toMatch(/1\s*warning/);
  await app.page.keyboard.press('7');
  const text = await app.files.innerText();
  expect(text).toContain('truncated-packet');
  expect(text).toContain('something lost');
  await app.go('Resets');
  await app.resets.row(0).waitFor();
  expect(await app.resets.total()).toBeGreaterThan(10);
});
