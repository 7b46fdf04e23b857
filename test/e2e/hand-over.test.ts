/** A verdict is handed over: as a report, as packets that tell nothing of the hosts, as a table, and as a program. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { AppPage } from './pages/app-page.ts';
import { commandLine, expect, test } from './support/test.ts';

const VIEWPORT = { width: 1440, height: 900 };
const SERVER = '203.0.113.11';

function clientsIn(text: string): string[] {
  return text.match(/(?<![\d.])10(?:\.\d{1,3}){3}(?![\d.]*\d)/gu) ?? [];
}

/** Presses a button that saves a file, and answers what was saved. */
async function saved(
  app: AppPage,
  button: Locator,
  to: string,
): Promise<{ name: string; bytes: Buffer; path: string }> {
  const [download] = await Promise.all([app.page.waitForEvent('download'), button.click()]);
  const name = download.suggestedFilename();
  const path = join(to, name);
  await download.saveAs(path);
  return { name, bytes: await readFile(path), path };
}

test('a verdict goes out as a report and anonymised, and comes in again with the same verdict', async ({
  open,
  captures,
  onTestFinished,
}) => {
  const files = await mkdtemp(join(tmpdir(), 'resetscope-hand-over-'));
  onTestFinished(() => rm(files, { recursive: true }));
  const app = await open({ files: [captures.mixed], viewport: VIEWPORT });
  await app.ready();
  await app.go('Resets');
  await app.filter.fill(`server:${SERVER}`);
  await expect.poll(() => app.resets.total()).toBe(3);
  await app.resets.row(0).click();
  await app.verdict.strip.waitFor();
  const clients = new Set(clientsIn(await app.page.locator('body').innerText()));
  const headline = await app.verdict.root.locator('.verdict-headline').innerText();
  await app.page.keyboard.press('Shift+N');
  await app.page.getByRole('dialog').getByLabel('Note').fill('ask the network team');
  await app.page.keyboard.press('Control+Enter');
  await app.verdict.root.getByText('ask the network team').waitFor();

  await app.page.keyboard.press('Shift+H');
  const dialog = app.page.getByRole('dialog', { name: 'Hand over' });
  await dialog.getByRole('article').getByText('ask the network team').waitFor();
  await dialog.getByLabel('Markdown, for a ticket').check();
  const markdown = await saved(app, dialog.getByRole('button', { name: 'Save', exact: true }), files);
  expect(markdown.name).toMatch(/-report-reset-\d+\.md$/u);
  expect(markdown.bytes.toString()).toContain(SERVER);
  await dialog.getByLabel('PDF', { exact: true }).check();
  const pdf = await saved(app, dialog.getByRole('button', { name: 'Save', exact: true }), files);
  expect(pdf.bytes.subarray(0, 4).toString()).toBe('%PDF');

  await dialog.getByRole('tab', { name: 'Packets' }).click();
  await dialog.getByRole('switch', { name: /^Anonymised/u }).check();
  await dialog.getByRole('button', { name: 'Make the file' }).click();
  await dialog.getByText('Its verdict is the same when the file is opened.').waitFor();
  await dialog.getByText(/^Replaced: /u).waitFor();
  const packets = await saved(app, dialog.getByRole('button', { name: /^Save anonymised-reset/u }), files);

  await dialog.getByRole('tab', { name: 'Table' }).click();
  await dialog.getByRole('button', { name: 'Make the table' }).click();
  await dialog.getByText('3 rows written.').waitFor();
  const table = await saved(app, dialog.getByRole('button', { name: /^Save .*-resets\.csv$/u }), files);
  expect(table.bytes.toString().trimEnd().split('\r\n')).toHaveLength(4);

  await dialog.getByRole('tab', { name: 'Reproduce' }).click();
  await dialog.locator('pre').waitFor();
  await app.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  const other = await open({ files: [packets.path], viewport: VIEWPORT });
  await other.ready();
  await other.go('Resets');
  await other.resets.row(0).click();
  await other.verdict.strip.waitFor();
  const received = await other.page.locator('body').innerText();
  expect(await other.verdict.root.locator('.verdict-headline').innerText()).toBe(headline);
  // Addresses for documentation stay among themselves, where the server's may come to be another's; those of clients are random.
  const remaining = clientsIn(received).filter((address) => clients.has(address));
  expect(clients.size).toBeGreaterThan(0);
  expect(remaining).toEqual([]);
  expect(packets.bytes.includes('ask the network team')).toBe(false);
});

test('a connection that failed goes out as itself, called by its ends', async ({ open, captures }) => {
  const app = await open({ files: [captures.failing], viewport: VIEWPORT });
  await app.ready();
  await app.go('Failures');
  await app.failures.row(0).click();
  await app.failure.summary.waitFor();
  await app.page.keyboard.press('Shift+H');
  const dialog = app.page.getByRole('dialog', { name: 'Hand over' });
  const report = dialog.getByRole('article');
  await report.getByRole('heading', { name: /^Connection .+ → .+/u }).waitFor();
  await report.getByRole('heading', { name: /^How it failed, frame \d+$/u }).waitFor();
  const { failures } = await commandLine(captures.failing);
  const text = await report.innerText();
  expect(failures.filter(({ summary }) => text.includes(summary))).toHaveLength(1);
  const about = dialog.getByRole('combobox', { name: /^About/u });
  const chosen = await about.locator('option:checked').innerText();
  expect(chosen).toMatch(/^The connection .+ → .+/u);
  await about.selectOption({ label: 'The whole capture' });
  await report.getByRole('heading', { name: 'What happened in this capture' }).waitFor();
});
