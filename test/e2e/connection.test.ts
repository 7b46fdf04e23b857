/** One connection: its ladder, its graphs, and the ways between them. */
import { commandLine, expect, test } from './support/test.ts';

const WIDE = { width: 1440, height: 900 };

test('a connection opens at its reset, says who made it, and is walked by keys', async ({
  open,
  captures,
}) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.page.keyboard.press('2');
  await app.page.keyboard.press('n');
  await app.verdict.root.waitFor();
  const frame = await app.verdict.frame();
  await app.verdict.root.getByRole('button', { name: 'Packets of the flow' }).click();
  const ladder = app.page.getByRole('listbox', { name: 'Packets of the connection' });
  const marked = ladder.locator('[aria-selected="true"]');
  await expect.poll(() => marked.getAttribute('data-frame')).toBe(String(frame));
  const kind = resets.find((reset) => reset.frame === frame)?.origin.kind;
  expect(await marked.innerText()).toMatch(kind === 'endpoint' ? /reset from the/ : /reset in the/);

  await ladder.focus();
  await app.page.keyboard.press('Home');
  await expect.poll(() => marked.getAttribute('data-frame')).not.toBe(String(frame));
  await app.page.keyboard.press('Shift+G');
  await app.page.getByRole('img', { name: /^Graphs of the data of the/ }).waitFor();
  await app.page.keyboard.press('Shift+L');
  await ladder.waitFor();
  await app.page.keyboard.press('Backspace');
  await app.verdict.root.waitFor();
});

test('the graphs have a table', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.page.keyboard.press('4');
  await app.flows.row(0).dblclick();
  await app.page.getByRole('tab', { name: 'Graphs' }).click();
  await app.page.getByRole('button', { name: 'As a table' }).click();
  await app.page.getByRole('region', { name: 'Numbers of the graphs' }).getByRole('row').nth(1).waitFor();
});
