/** Lessons played to their end without a mouse: question, answer, the reset's verdict, and the same after the fix. */
import { causeOf } from '../../shared/causes/list.ts';
import { choiceKey } from '../../shared/model/lesson.ts';
import { LESSONS } from '../../main/lessons/list.ts';
import { ORIGIN } from '../../shared/texts/origin.ts';
import { focused, tabTo } from './support/focus.ts';
import { expect, test } from './support/test.ts';

const PLAYED = ['linger-zero', 'refused', 'firewall-rejects', 'injected-by-ips', 'proxy-between'];

for (const name of PLAYED) {
  const lesson = LESSONS.find((one) => one.name === name)!;
  const [{ where, shows, fixed }] = lesson.captures;

  test(`the lesson ${name} is played to its end by keyboard`, async ({ open }) => {
    if (shows.found !== 'reset') throw new Error('this test is about lessons with a reset');
    const app = await open();
    const { page } = app;
    await app.openButton.and(page.locator(':enabled')).waitFor();
    await tabTo(page, new RegExp(`^${lesson.title}`, 'u'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: lesson.question }).waitFor();
    expect(await page.getByRole('heading', { name: 'The fix' }).count()).toBe(0);
    await expect.poll(() => page.url()).toContain('#/lesson/');

    await page.keyboard.press(choiceKey(lesson.answer.choice));
    await page.getByRole('heading', { name: 'That is it' }).waitFor();
    await tabTo(page, new RegExp(`^Open the reset ${where}$`, 'u'));
    await page.keyboard.press('Enter');
    await app.verdict.summary.waitFor();
    expect(await app.verdict.root.locator('.verdict-badge').innerText()).toBe(ORIGIN[shows.kind].name);
    const titles = shows.causes.map((cause) => causeOf(cause).title.toLowerCase());
    const why = await app.verdict.root.locator('.verdict-why').innerText();
    expect(titles).toContain(why.replace(/^[\s—]+/u, '').toLowerCase());

    // Going back begins at what the address says.
    await expect.poll(() => page.url()).toContain('#/reset/');
    await page.goBack();
    await page.getByRole('heading', { name: lesson.question }).waitFor();
    await page.keyboard.press(choiceKey(lesson.answer.choice));
    await page.getByRole('heading', { name: 'The fix' }).waitFor();
    const after = `Open the ${fixed.found === 'reset' ? 'reset' : 'capture'} ${where}, after the fix`;
    await tabTo(page, new RegExp(`^${after}$`, 'u'));
    expect(await focused(page)).toBe(after);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.title()).toContain('-fixed.pcapng');
    if (fixed.found === 'reset') {
      await app.verdict.summary.waitFor();
      return;
    }
    await app.ready();
    if (fixed.found === 'nothing') await page.getByRole('heading', { name: /ended well$/u }).waitFor();
    else await expect.poll(() => app.overview.number('Resets')).toBe('0');
  });
}
