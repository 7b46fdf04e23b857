/** Files that come through the page: a browser cannot name their paths. */
import { readFileSync } from 'node:fs';
import type { JSHandle, Page } from 'playwright-core';
import { expect, test } from '../support/test.ts';

/** What the browser hands to the page when files are dropped. */
function transfer(page: Page, paths: readonly string[]): Promise<JSHandle<DataTransfer>> {
  const files = paths.map((path) => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    bytes: readFileSync(path).toString('base64'),
  }));
  return page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const { name, bytes } of given) {
      data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
    }
    return data;
  }, files);
}

test('a dropped file opens', async ({ open, captures }) => {
  const app = await open();
  await app.openButton.waitFor();
  const dataTransfer = await transfer(app.page, [captures.mixed]);
  await app.page.locator('body').dispatchEvent('dragenter', { dataTransfer });
  await app.page.getByText('Drop to open').waitFor();
  await app.page.locator('body').dispatchEvent('drop', { dataTransfer });
  await app.ready();
  expect(await app.page.getByText('Drop to open').count()).toBe(0);
  expect(await app.title.innerText()).toContain('mixed.pcap');
});

test('a file dropped over an open capture takes its place', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const dataTransfer = await transfer(app.page, [captures.quiet]);
  await app.page.locator('body').dispatchEvent('drop', { dataTransfer });
  await app.page.getByRole('heading', { name: 'All 5 connections ended well' }).waitFor();
  expect(await app.overview.number('Resets')).toBe('0');
  expect(await app.title.innerText()).toContain('quiet.pcap');
});

test('chosen files open as one set', async ({ open, captures }) => {
  const app = await open();
  const chooser = app.page.waitForEvent('filechooser');
  await app.openButton.click();
  await (await chooser).setFiles([...captures.parts]);
  await app.ready();
  await expect.poll(() => app.title.innerText()).toMatch(/part_00001.*and 1 more/s);
});

test('a chosen file that is no capture is refused with a reason', async ({ open, captures }) => {
  const app = await open();
  const chooser = app.page.waitForEvent('filechooser');
  await app.openButton.and(app.page.locator(':enabled')).waitFor();
  await app.page.keyboard.press('Control+o');
  await (await chooser).setFiles(captures.broken);
  expect(await app.alert.innerText()).toContain('notes.pcap');
});

test('an upload is nobody’s recent file', async ({ open, captures }) => {
  const app = await open();
  const chooser = app.page.waitForEvent('filechooser');
  await app.openButton.click();
  await (await chooser).setFiles(captures.quiet);
  await app.ready();
  await app.page.reload();
  await app.ready();
  await app.page.keyboard.press('Control+k');
  await app.palette.waitFor();
  expect(await app.palette.getByText('Open quiet.pcap').count()).toBe(0);
});

test('an upload beyond the limit is refused', async ({ open, captures }) => {
  const app = await open({ args: ['--upload-limit', '1000'] });
  const chooser = app.page.waitForEvent('filechooser');
  await app.openButton.click();
  await (await chooser).setFiles(captures.mixed);
  expect(await app.alert.innerText()).toMatch(/mixed\.pcap was refused: .* larger --upload-limit\./);
  app.host.complaints.forgive(/413/);
});
