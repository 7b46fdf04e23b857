// npm run pictures
//
// Makes the pictures of docs/tour.md, and those of README.md that show the same capture: a program loses its connection to a feed of prices,
// which a firewall cuts in the server's name. Root is needed, for network namespaces; the capture and the route are made here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { root } from '../../scripts/setup.mjs';
import { requireBrowser, withPage } from './app.mjs';
import { ADDRESSES } from './network.mjs';
import { captureStory } from './story.mjs';

const picture = (name) => join(root, `docs/${name}.png`);

requireBrowser();
await ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'resetscope-tour-'));
try {
  const { capture, route } = await captureStory(join(folder, 'feed.pcap'));
  await withPage([capture], { theme: 'dark' }, (page, take) => tour(page, take, route));
  await withPage([capture], { theme: 'light' }, async (page, take) => {
    await openForged(page);
    await take(picture('verdict-light'));
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tour(page, take, route) {
  await page.getByText('prices.example.com').first().waitFor();
  await take(picture('tour-overview'));
  await openForged(page);
  await take(picture('verdict'));

  await nameHops(page, route);
  await take(picture('tour-path'));

  await page.getByRole('button', { name: 'Packets of the flow' }).click();
  await page.getByRole('tab', { name: 'Ladder' }).waitFor();
  await page.getByText('Whole verdict').waitFor();
  await take(picture('connection'));

  await page.getByRole('tab', { name: 'Stream' }).click();
  // What was never answered is open by itself.
  await page.getByText('POST /alerts').first().waitFor();
  await page.getByText('desk-7').first().waitFor();
  await take(picture('tour-stream'));

  await page.keyboard.press('5');
  await filterFor(page, 'tcp.flags.reset == 1 and ip.src == 203.0.113.83', 'Packets', ADDRESSES.prices);
  const grid = page.getByRole('grid', { name: 'Packets' });
  await grid.getByRole('row').filter({ hasText: 'RST' }).first().click();
  await page.getByText('Transmission Control Protocol').first().waitFor();
  await page.getByRole('treeitem', { name: /Internet Protocol Version 4/ }).click();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: /Time to Live/ }).click();
  await take(picture('tour-packet'));

  await page.keyboard.press('Escape');
  await page.keyboard.press('4');
  await filterFor(page, 'rst.origin == "middlebox" and flow.bytes > 500', 'Flows', 'prices.');
  await take(picture('tour-filter'));

  await openForged(page);
  await handOver(page, take);
  await learn(page, take);
}

/** A note on the reset, and the report that goes out with it. */
async function handOver(page, take) {
  await page.keyboard.press('Shift+N');
  const note = page.getByRole('dialog', { name: /^Note on / });
  await note.getByLabel('Note', { exact: true }).fill('Which rule of the branch firewall is it?');
  await page.keyboard.press('Control+Enter');
  await note.waitFor({ state: 'detached' });
  await page.keyboard.press('Shift+H');
  const dialog = page.getByRole('dialog', { name: 'Hand over' });
  await dialog.getByRole('article').getByRole('heading').first().waitFor();
  await take(picture('tour-hand-over'));
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

async function learn(page, take) {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.getByRole('combobox').fill('lesson one packet');
  await palette
    .getByRole('option', { selected: true })
    .filter({ hasText: 'Two resets, one packet' })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /captured on its way into the router and on its way out/ }).click();
  await page.getByRole('heading', { name: 'The fix' }).waitFor();
  await take(picture('tour-lesson'));
}

/** The reset that carries the server's address and comes from somebody else. */
async function openForged(page) {
  await page.getByText('prices.example.com').first().waitFor();
  await page.keyboard.press('2');
  const grid = page.getByRole('grid', { name: 'Resets' });
  await grid.getByRole('row').filter({ hasText: 'prices.' }).first().click();
  await page.getByRole('heading', { name: /in front of the server/ }).waitFor();
}

async function nameHops(page, route) {
  await page.getByText('Name the hops on this path').click();
  await page.getByRole('textbox', { name: /paste what traceroute/ }).fill(route);
  await page.getByRole('button', { name: 'Take the hops' }).click();
  await page.getByRole('button', { name: `Name ${ADDRESSES.firewall}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Names of addresses and devices' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('branch firewall');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('branch firewall').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('At the distance of the reset').scrollIntoViewIfNeeded();
}

/** Filters the list, and waits until all of its rows pass. */
async function filterFor(page, text, list, inEveryRow) {
  const field = page.getByRole('combobox', { name: /filter/i }).first();
  await field.fill(text);
  await field.press('Escape');
  const grid = page.getByRole('grid', { name: list, exact: true });
  const rows = grid.locator('[role="row"]:not(.list-head-row)');
  await rows.filter({ hasNotText: inEveryRow }).first().waitFor({ state: 'detached' });
  await rows.first().waitFor();
}
