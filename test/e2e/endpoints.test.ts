/** Totals by address and by conversation, and the way from them to what they count. */
import { commandLine, expect, test } from './support/test.ts';

const WIDE = { width: 1900, height: 1200 };

const numbersOf = (texts: readonly string[]): number[] =>
  texts.map((text) => (text === '' ? 0 : Number(text.replaceAll(',', ''))));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

test('conversations add up to the capture, and lead to their flows', async ({ open, captures }) => {
  const { flows, resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: { width: 1900, height: 2400 } });
  await app.ready();
  await app.go('Addresses');
  await app.page
    .getByRole('group', { name: 'Totals by' })
    .getByRole('button', { name: 'Conversations' })
    .click();
  await app.conversations.row(0).waitFor();
  const rows = await app.conversations.total();
  await expect.poll(async () => (await app.conversations.rows()).length).toBe(rows);
  expect(sum(numbersOf(await app.conversations.column('Flows')))).toBe(flows);
  expect(sum(numbersOf(await app.conversations.column('Resets')))).toBe(resets.length);

  await app.conversations.sortBy('Resets');
  if ((await app.conversations.sorting('Resets')) === 'ascending') await app.conversations.sortBy('Resets');
  expect(await app.conversations.sorting('Resets')).toBe('descending');
  const most = numbersOf(await app.conversations.column('Resets'));
  expect(most).toEqual([...most].sort((a, b) => b - a));
  const [first] = await app.conversations.rows();
  await app.conversations.row(0).click();
  await app.page.getByRole('button', { name: 'Its resets' }).click();
  await expect.poll(() => app.resets.total()).toBe(Number(first.Resets));
  await app.go('Addresses');
  await app.conversations.row(0).click();
  await app.page.keyboard.press('Enter');
  await expect.poll(() => app.flows.total()).toBe(Number(first.Flows));
  expect(await app.filter.inputValue()).toMatch(/^ip\.addr == \S+ && ip\.addr == \S+$/u);
});

test('addresses are narrowed by the same filter as flows', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.page.keyboard.press('6');
  await app.addresses.row(0).waitFor();
  const all = await app.addresses.total();
  await app.filter.fill('port:5432');
  await expect.poll(() => app.addresses.total()).toBeLessThan(all);
  // Six clients, each with a server of its own.
  await expect.poll(() => app.addresses.total()).toBe(12);
});
