/** Notes and marks: written by key, shown where they belong, taken back, and found by another copy of the capture. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppPage } from './pages/app-page.ts';
import { expect, test } from './support/test.ts';

const WIDE = { width: 1600, height: 1200 };

const dialogOf = (app: AppPage) => app.page.getByRole('dialog', { name: /^Note on / });
const notesOf = (app: AppPage) => app.page.getByRole('list', { name: 'All notes' }).getByRole('listitem');

async function write(app: AppPage, text: string): Promise<void> {
  const dialog = dialogOf(app);
  await dialog.waitFor();
  await dialog.getByLabel('Note', { exact: true }).fill(text);
  await app.page.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
}

test('notes are written by key and show where they belong', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Notes');
  await app.page.getByRole('heading', { name: 'No notes yet' }).waitFor();

  await app.go('Resets');
  await app.resets.row(0).click();
  await app.verdict.strip.waitFor();
  await app.page.keyboard.press('Shift+N');
  await write(app, 'ask the network team\nbefore Friday');
  await app.verdict.root.getByText('ask the network team').waitFor();
  await app.resets.row(0).getByText('ask the network team / before Friday').waitFor();
  // The whole of it, with its lines, is in the pane.
  expect(await app.verdict.root.getByRole('list', { name: 'Notes on the reset' }).innerText()).toContain(
    'ask the network team\nbefore Friday',
  );

  await app.go('Flows');
  await app.flows.row(0).click();
  await app.page.keyboard.press('Shift+M');
  await app.flows.row(0).getByLabel('marked').waitFor();

  await app.go('Packets');
  await app.allPackets.row(1).click();
  await app.page.keyboard.press('Shift+N');
  await write(app, 'the first answer');
  await app.packet.root.getByText('the first answer').waitFor();

  await app.page.keyboard.press('9');
  await expect.poll(() => notesOf(app).count()).toBe(3);
  await app.page.getByLabel('Filter the notes').fill('friday');
  await expect.poll(() => notesOf(app).count()).toBe(1);
  await notesOf(app)
    .getByRole('button', { name: /^Reset / })
    .click();
  await app.verdict.root.getByText('ask the network team').waitFor();
  await expect.poll(() => app.page.url()).toContain('#/reset/');
});

test('a change is undone and done again, and outlives the page', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Packets');
  await app.allPackets.row(2).click();
  await app.page.keyboard.press('m');
  await app.page.keyboard.press('Shift+N');
  await write(app, 'look here');
  await app.go('Notes');
  await expect.poll(() => notesOf(app).count()).toBe(1);
  // A place that was just gone to is not in the address yet.
  await expect.poll(() => app.page.url()).toContain('#/notes');
  await app.page.reload();
  await expect.poll(() => notesOf(app).allInnerTexts()).toEqual([expect.stringContaining('look here')]);
  await notesOf(app)
    .getByRole('button', { name: /^Remove the note/ })
    .click();
  await expect.poll(() => notesOf(app).count()).toBe(0);
  await app.page.locator('main').click({ position: { x: 5, y: 5 } });
  await app.page.keyboard.press('Control+z');
  await expect.poll(() => notesOf(app).count()).toBe(1);
  await app.page.keyboard.press('Control+z');
  // The mark was there before the note.
  await expect.poll(() => notesOf(app).allInnerTexts()).toEqual([expect.stringContaining('Marked')]);
  await app.page.keyboard.press('Control+y');
  await expect.poll(() => notesOf(app).allInnerTexts()).toEqual([expect.stringContaining('look here')]);
});

test('a finding has its note, and a renamed copy of the capture shows it', async ({ open, captures }) => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-notes-'));
  const env = { RESETSCOPE_CASE_DIR: join(folder, 'cases') };
  try {
    const app = await open({ files: [captures.mixed], viewport: WIDE, env });
    await app.ready();
    const table = app.page.locator('.findings');
    // What is alike on several servers is one row, which opens.
    await table.locator('.finding-open[aria-expanded="false"]').first().click();
    const first = app.page.locator('tr[data-note-finding]').first();
    await first.getByRole('button', { name: 'Note on the finding' }).click();
    await write(app, 'known since May');
    await first.getByText('known since May').waitFor();
    if (app.host.server === null) return;
    const copy = join(folder, 'renamed.pcap');
    copyFileSync(captures.mixed, copy);
    const other = await open({ files: [copy], viewport: WIDE, env });
    await other.ready();
    // The row that stands for it tells, though it is closed.
    await other.page.locator('.findings').getByText('known since May').waitFor();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
