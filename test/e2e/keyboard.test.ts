/** All that matters, without a mouse. */
import { focused, tabTo } from './support/focus.ts';
import { copied, watchClipboard } from './support/clipboard.ts';
import { expect, test } from './support/test.ts';

test('from the overview to a verdict, and on to the next', async ({ open, captures }) => {
  // Beside the verdict, a narrower list leaves frames out.
  const app = await open({ files: [captures.mixed], viewport: { width: 2200, height: 900 } });
  await app.ready();
  const { keyboard } = app.page;
  await keyboard.press('/');
  await app.filter.waitFor();
  await expect.poll(() => focused(app.page)).toBe('Filter resets');
  await keyboard.type('origin:middlebox');
  await keyboard.press('Enter');
  await expect.poll(() => focused(app.page)).toBe('Resets');
  await expect.poll(() => app.filterCount.innerText()).toMatch(/ of /);

  await keyboard.press('ArrowDown');
  await expect.poll(() => app.resets.active()).toBe(0);
  await keyboard.press('ArrowDown');
  await expect.poll(() => app.resets.active()).toBe(1);
  await keyboard.press('End');
  const last = (await app.resets.total()) - 1;
  await expect.poll(() => app.resets.active()).toBe(last);
  await keyboard.press('Home');
  await expect.poll(() => app.resets.active()).toBe(0);
  await keyboard.press('Enter');
  await app.verdict.summary.waitFor();

  const frameAt = async (index: number): Promise<number> =>
    Number((await app.resets.rows())[index].Frame.replaceAll(',', ''));
  for (const [key, row] of [
    ['n', 1],
    ['j', 2],
    ['p', 1],
    ['k', 0],
  ] as const) {
    await keyboard.press(key);
    const frame = await frameAt(row);
    await expect.poll(() => app.verdict.frame()).toBe(frame);
  }
  await keyboard.press('Escape');
  await app.verdict.root.waitFor({ state: 'detached' });
  await keyboard.press('Enter');
  await app.verdict.root.waitFor();
});

test('F6 goes from pane to pane and comes back', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { keyboard } = app.page;
  await keyboard.press('n');
  await app.verdict.summary.waitFor();
  const seen = new Set<string>();
  for (let i = 0; i < 3; i++) {
    await keyboard.press('F6');
    seen.add(await focused(app.page));
  }
  expect([...seen].some((name) => name === 'Resets')).toBe(true);
  expect([...seen].some((name) => name === 'Verdict')).toBe(true);
  expect(seen.size).toBe(3);
});

test('the palette finds commands by words and runs them', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { keyboard } = app.page;
  await keyboard.press('Control+k');
  await app.palette.waitFor();
  await keyboard.type('flows');
  await keyboard.press('Enter');
  await app.palette.waitFor({ state: 'detached' });
  await app.flows.row(0).waitFor();

  await keyboard.press('Control+k');
  await keyboard.type('what matters');
  await keyboard.press('Enter');
  await expect.poll(() => app.filter.inputValue()).toBe('matters:yes');

  await keyboard.press('Control+k');
  await keyboard.type('no such thing at all');
  await app.palette.getByText('No command by these words.').waitFor();
  await keyboard.press('Escape');
  await app.palette.waitFor({ state: 'detached' });
});

test('help opens and closes, and the focus returns', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { keyboard } = app.page;
  await keyboard.press('2');
  await app.resets.root.focus();
  await keyboard.press('?');
  await app.help.waitFor();
  const text = await app.help.innerText();
  for (const word of ['Next reset', 'Filter the list', 'Reading a verdict', 'origin:']) {
    expect(text).toContain(word);
  }
  // Shortcuts belong to the dialog now.
  await keyboard.press('4');
  expect(await app.flows.root.count()).toBe(0);
  await keyboard.press('Escape');
  await app.help.waitFor({ state: 'detached' });
  await expect.poll(() => focused(app.page)).toBe('Resets');
});

test('letters typed into the filter are no shortcuts', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { keyboard } = app.page;
  await keyboard.press('Control+f');
  await expect.poll(() => focused(app.page)).toBe('Filter resets');
  await keyboard.type('jn3?');
  expect(await app.filter.inputValue()).toBe('jn3?');
  expect(await app.help.count()).toBe(0);
  expect(await app.resets.root.count()).toBe(1);
  await keyboard.press('Escape');
  await expect.poll(() => focused(app.page)).toBe('Resets');
  expect(await app.filter.inputValue()).toBe('jn3?');
});

test('all views by their numbers', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { keyboard } = app.page;
  await keyboard.press('2');
  await app.resets.root.waitFor();
  await keyboard.press('3');
  await app.failures.root.waitFor();
  await keyboard.press('4');
  await app.flows.root.waitFor();
  await keyboard.press('5');
  await app.allPackets.root.waitFor();
  await keyboard.press('6');
  await app.addresses.root.waitFor();
  await keyboard.press('7');
  await app.files.waitFor();
  await keyboard.press('1');
  await app.overview.numbers.waitFor();
});

test('from the start page to the next step of a reset, its command copied', async ({ open }) => {
  const app = await open();
  const { page } = app;
  await app.openButton.and(page.locator(':enabled')).waitFor();
  await tabTo(page, /^Reset by a device/u);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Who hung up?' }).waitFor();
  await page.keyboard.press('d');
  await tabTo(page, /^Open the reset at the client/u);
  await page.keyboard.press('Enter');
  await watchClipboard(page);
  await app.verdict.summary.waitFor();
  await tabTo(page, /^Packets of the flow/u);
  await tabTo(page, /^Copy the command/u);
  const command = await app.verdict
    .section('Next step')
    .getByRole('list', { name: 'Commands' })
    .locator('code')
    .first()
    .innerText();
  await page.keyboard.press('Enter');
  await expect.poll(() => copied(page)).toBe(command);
  expect(command).not.toBe('');
});

test('from a list to a byte of a packet, and back', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { page } = app;
  await page.keyboard.press('5');
  await app.allPackets.row(0).waitFor();
  await app.allPackets.root.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => app.packet.title.innerText()).toBe('Frame 2');
  await tabTo(page, /^Layers and fields/u);
  await page.keyboard.press('Home');
  await expect.poll(() => app.packet.selected()).toBe('Frame');
  // Letters find a line by its title.
  await page.keyboard.type('transm');
  await expect.poll(() => app.packet.selected()).toBe('Transmission Control Protocol');
  await expect.poll(async () => (await app.packet.litBytes()).at(0)).toBe(34);
  await tabTo(page, /Arrow keys go from byte to byte/u);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => app.packet.litBytes()).toContain(35);
  await expect.poll(() => app.packet.selected()).toBe('Source Port');
  await page.keyboard.press('ArrowRight');
  await tabTo(page, /^Layers and fields/u, 'Shift+Tab');
  await tabTo(page, /^Packets$/u, 'Shift+Tab');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => app.packet.title.innerText()).toBe('Frame 1');
});

test('from a reset into its connection, through all of it, and back', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { page } = app;
  await page.keyboard.press('2');
  await page.keyboard.press('n');
  await app.verdict.summary.waitFor();
  const frame = await app.verdict.frame();
  await tabTo(page, /^Packets of the flow/u);
  await page.keyboard.press('Enter');
  await expect.poll(() => app.connection.marked.getAttribute('data-frame')).toBe(String(frame));
  await page.keyboard.press('Shift+P');
  await app.packets.row(0).waitFor();
  await page.keyboard.press('Shift+S');
  await app.connection.tab('Stream').and(page.locator('[aria-selected="true"]')).waitFor();
  await page.keyboard.press('Shift+L');
  await expect.poll(() => app.connection.marked.getAttribute('data-frame')).toBe(String(frame));
  await page.keyboard.press('Backspace');
  await expect.poll(() => app.verdict.frame()).toBe(frame);
});
