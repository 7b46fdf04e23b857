/** Connections that failed without a reset: the overview, their list, and one of them. */
import { FAILURE_KIND_TEXTS } from '../../shared/texts/failure-kinds.ts';
import { ENDING } from '../../renderer/words/ending.ts';
import { commandLine, expect, test } from './support/test.ts';

const TALL = { width: 1600, height: 1600 };

test('the overview is not glad over failures, and tells every ending', async ({ open, captures }) => {
  const { resets, endings, failures } = await commandLine(captures.failing);
  expect(resets).toEqual([]);
  const app = await open({ files: [captures.failing] });
  await app.ready();
  await expect
    .poll(() => app.overview.headline.innerText())
    .toMatch(/^No resets, but \d+ of \d+ connections failed/);
  expect(await app.overview.isGood()).toBe(false);
  await expect.poll(() => app.overview.number('Failures')).toBe(String(failures.length));
  const shown = await app.overview.counts('How connections ended');
  const told = Object.entries(endings).filter(([, count]) => count > 0);
  expect(shown).toEqual(
    Object.fromEntries(told.map(([ending, count]) => [ENDING[ending as keyof typeof ENDING].name, count])),
  );
});

test('the overview is glad where every connection ended well', async ({ open, captures }) => {
  const { endings } = await commandLine(captures.quiet);
  const app = await open({ files: [captures.quiet] });
  await app.ready();
  await expect
    .poll(() => app.overview.headline.innerText())
    .toBe(`All ${endings.clean} connections ended well`);
  expect(await app.overview.isGood()).toBe(true);
});

test('an ending leads to its connections', async ({ open, captures }) => {
  const { endings } = await commandLine(captures.failing);
  const app = await open({ files: [captures.failing] });
  await app.ready();
  const card = app.overview.card('How connections ended');
  await card.getByRole('button', { name: ENDING['no-answer'].name }).click();
  expect(await app.filter.inputValue()).toBe('ending:no-answer');
  await expect.poll(() => app.failures.total()).toBe(endings['no-answer']);
  await app.go('Overview');
  await card.getByRole('button', { name: ENDING.clean.name }).click();
  await expect.poll(() => app.flows.total()).toBe(endings.clean);
});

test('a finding of several leads to all of them, and to the first', async ({ open, captures }) => {
  const app = await open({ files: [captures.failing] });
  await app.ready();
  const finding = app.overview.card('Findings').getByRole('button', { name: /^No answer: 4 connections/ });
  await finding.click();
  await app.failure.summary.waitFor();
  await expect.poll(() => app.failures.total()).toBe(4);
  await expect.poll(() => app.failures.active()).toBe(0);
});

test('a failure says what the command line says', async ({ open, captures }) => {
  const { failures } = await commandLine(captures.failing);
  const app = await open({ files: [captures.failing], viewport: TALL });
  await app.ready();
  await app.go('Failures');
  await app.failures.row(0).waitFor();
  await expect.poll(() => app.failures.total()).toBe(failures.length);
  for (const [index, failure] of failures.entries()) {
    await app.failures.row(index).click();
    await expect.poll(() => app.failure.told.innerText()).toBe(failure.summary);
    expect(await app.failure.nextStep()).toContain(failure.next);
    const evidence = await app.failure.section('Evidence').innerText();
    for (const piece of failure.evidence) expect(evidence).toContain(piece.text);
  }
});

test('what to check of a failure opens on demand', async ({ open, captures }) => {
  const { failures } = await commandLine(captures.failing);
  const app = await open({ files: [captures.failing], viewport: TALL });
  await app.ready();
  await app.go('Failures');
  await app.failures.row(0).click();
  const section = app.failure.section('What this kind of failure is');
  const confirm = section.getByText(FAILURE_KIND_TEXTS[failures[0].kind].confirm);
  await section.waitFor();
  expect(await confirm.isVisible()).toBe(false);
  await section.getByText('What to check').click();
  await confirm.waitFor();
});

test('failures are gone through, filtered and sorted by keys alone', async ({ open, captures }) => {
  const { failures } = await commandLine(captures.failing);
  const app = await open({ files: [captures.failing], viewport: TALL });
  await app.ready();
  const { keyboard } = app.page;
  await keyboard.press('3');
  await app.failures.row(0).waitFor();
  await keyboard.press('j');
  await expect.poll(() => app.failures.active()).toBe(0);
  await keyboard.press('n');
  await expect.poll(() => app.failures.active()).toBe(1);
  await expect.poll(() => app.failure.told.innerText()).toBe(failures[1].summary);
  await keyboard.press('/');
  await expect.poll(() => app.filter.evaluate((input) => input === document.activeElement)).toBe(true);
  await keyboard.type('side:server');
  await keyboard.press('Enter');
  await expect.poll(() => app.failures.total()).toBe(failures.filter(({ side }) => side === 'server').length);
  await keyboard.press('Escape');
  await app.failure.root.waitFor({ state: 'detached' });
  await app.filter.fill('');
  await expect.poll(() => app.failures.total()).toBe(failures.length);
  await app.failures.sortBy('Lasted');
  expect(await app.failures.sorting('Lasted')).toBe('descending');
  const longest = failures.reduce((most, one) => (one.seconds > most.seconds ? one : most));
  await app.failures.root.focus();
  await keyboard.press('Home');
  await keyboard.press('Enter');
  await expect.poll(() => app.failure.told.innerText()).toBe(longest.summary);
});

test('evidence marks its packets, and the way leads to all of them', async ({ open, captures }) => {
  const app = await open({ files: [captures.failing], viewport: TALL });
  await app.ready();
  await app.page.keyboard.press('3');
  await app.failures.row(0).click();
  const link = app.failure.frameLinks.last();
  await link.click();
  const frame = (await link.innerText()).slice(1);
  await expect.poll(() => app.failure.markedPacket.getAttribute('data-frame')).toBe(frame);
  await app.failure.root.getByRole('button', { name: 'Packets of the flow' }).click();
  await app.page.getByRole('listbox', { name: 'Packets of the connection' }).waitFor();
});

test('a list without failures says what was looked at', async ({ open, captures }) => {
  const app = await open({ files: [captures.quiet] });
  await app.ready();
  await app.go('Failures');
  await app.page.getByText(/^None of \d+ connections failed without a reset/).waitFor();
});
