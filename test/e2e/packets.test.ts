/** All packets of the capture, and one of them down to its bytes. */
import type { AppPage } from './pages/app-page.ts';
import { copied, watchClipboard } from './support/clipboard.ts';
import type { Captures } from './support/captures.ts';
import type { OpenOptions } from './support/host.ts';
import { commandLine, expect, test } from './support/test.ts';

const WIDE = { width: 1900, height: 1200 };

async function openPackets(
  open: (options: OpenOptions) => Promise<AppPage>,
  captures: Captures,
): Promise<AppPage> {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Packets');
  await app.allPackets.row(0).waitFor();
  return app;
}

test('the list has every packet, in the order of the capture', async ({ open, captures }) => {
  const { files } = await commandLine(captures.mixed);
  const app = await openPackets(open, captures);
  expect(await app.allPackets.total()).toBe(files[0].packets);
  const numbers = await app.allPackets.column('No.');
  expect(numbers.slice(0, 3)).toEqual(['1', '2', '3']);
  await app.allPackets.root.focus();
  await app.page.keyboard.press('End');
  await expect.poll(() => app.allPackets.active()).toBe(files[0].packets - 1);
  await expect.poll(() => app.packet.title.innerText()).toBe(`Frame ${files[0].packets}`);
});

test('a field lights its bytes, and a byte its field', async ({ open, captures }) => {
  const app = await openPackets(open, captures);
  await app.allPackets.row(0).click();
  await app.packet.line('Transmission Control Protocol').waitFor();
  await app.packet.line('Source Port').click();
  // Ethernet has 14 bytes and IPv4 without options 20.
  await expect.poll(() => app.packet.litBytes()).toEqual([34, 35]);
  await app.packet.hex.locator('.hex-bytes [data-offset="36"]').click();
  await expect.poll(() => app.packet.selected()).toBe('Destination Port');
  await expect.poll(() => app.packet.litBytes()).toEqual([36, 37]);
  // The time to live, in the other half of the bytes.
  await app.packet.hex.locator('.hex-ascii [data-offset="22"]').click();
  await expect.poll(() => app.packet.selected()).toBe('Time to Live');
  await expect.poll(() => app.packet.litBytes()).toEqual([22]);
});

test('a value narrows the list to it, to all without it, and is copied', async ({ open, captures }) => {
  const app = await openPackets(open, captures);
  await watchClipboard(app.page);
  const all = await app.allPackets.total();
  await app.filter.fill('tcp.dstport == 5432');
  await expect.poll(() => app.allPackets.total()).toBeLessThan(all);
  const refused = await app.allPackets.total();
  expect(refused).toBeGreaterThan(0);
  await app.allPackets.row(0).click();
  await app.packet.line('Destination Port').click();
  const choose = async (what: RegExp): Promise<void> => {
    await app.packet.openValueMenu();
    await app.page.getByRole('menuitem', { name: what }).click();
  };
  await choose(/^Copy as a filter$/u);
  await expect.poll(() => copied(app.page)).toBe('tcp.dstport == 5432');
  await choose(/^Copy the value$/u);
  await expect.poll(() => copied(app.page)).toBe('5432');
  await app.filter.fill('');
  await expect.poll(() => app.allPackets.total()).toBe(all);
  await choose(/^Only packets with it$/u);
  await expect.poll(() => app.filter.inputValue()).toBe('tcp.dstport == 5432');
  await expect.poll(() => app.allPackets.total()).toBe(refused);
  await app.filter.fill('');
  await expect.poll(() => app.allPackets.total()).toBe(all);
  await choose(/^No packets with it$/u);
  await expect.poll(() => app.allPackets.total()).toBe(all - refused);
});

test('steps lead from reset to reset, and from a reset to its verdict', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const frames = resets.map(({ frame }) => frame).sort((a, b) => a - b);
  const app = await openPackets(open, captures);
  await app.allPackets.root.focus();
  await app.page.keyboard.press('Home');
  for (const frame of frames.slice(0, 3)) {
    await app.page.keyboard.press('n');
    await expect.poll(() => app.packet.title.innerText()).toContain(`Frame ${frame}`);
  }
  await app.page.keyboard.press('p');
  await expect.poll(() => app.packet.title.innerText()).toContain(`Frame ${frames[1]}`);
  await app.packet.root.getByRole('button', { name: 'Its verdict' }).click();
  await expect.poll(() => app.verdict.frame()).toBe(frames[1]);
});

test('a frame is gone to by its number; a number that is not there is said to be none', async ({
  open,
  captures,
}) => {
  const app = await openPackets(open, captures);
  const total = await app.allPackets.total();
  await app.page.keyboard.press('g');
  const field = app.page.getByRole('textbox', { name: 'Go to frame' });
  await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
  await app.page.keyboard.type('57');
  await app.page.keyboard.press('Enter');
  await expect.poll(() => app.packet.title.innerText()).toBe('Frame 57');
  await expect.poll(() => app.allPackets.active()).toBe(56);
  await field.fill(String(total + 1));
  await field.press('Enter');
  await app.page.getByText(`There is no frame ${total + 1} in this capture.`).waitFor();
  expect(await app.packet.title.innerText()).toBe('Frame 57');
});

test('what the list on screen says is what the command line lists', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await openPackets(open, captures);
  await app.filter.fill('tcp.flags.reset == 1');
  await expect.poll(() => app.allPackets.total()).toBe(resets.length);
  const shown = (await app.allPackets.column('No.')).map((text) => Number(text.replaceAll(',', '')));
  const expected = resets.map(({ frame }) => frame).sort((a, b) => a - b);
  expect(shown.length).toBeGreaterThan(5);
  expect(shown).toEqual(expected.slice(0, shown.length));
});
