/** Back and forward, addresses of places, several captures, and the keyboard's way to what was found. */
import { expect, test } from '../support/test.ts';
import type { AppPage } from '../pages/app-page.ts';

async function openBeside(app: AppPage, path: string): Promise<void> {
  const chooser = app.page.waitForEvent('filechooser');
  await app.page.getByRole('button', { name: 'Open', exact: true }).click();
  await (await chooser).setFiles(path);
}

const hash = (app: AppPage): string => new URL(app.page.url()).hash;

test('back and forward go through what was looked at, and never out of the app unasked', async ({
  open,
  captures,
}) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { page } = app;
  await expect.poll(() => hash(app)).toBe('#/overview');
  await page.keyboard.press('n');
  await app.verdict.summary.waitFor();
  await expect.poll(() => hash(app)).toMatch(/^#\/reset\/\d+$/u);
  const reset = hash(app);
  const frame = await app.verdict.frame();
  expect(reset).toBe(`#/reset/${frame}`);
  await expect.poll(() => page.title()).toBe(`reset ${frame} · mixed.pcap · Resetscope`);
  await page.keyboard.press('4');
  await expect.poll(() => hash(app)).toMatch(/^#\/flow/u);
  await page.goBack();
  await expect.poll(() => app.verdict.frame()).toBe(frame);
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await expect.poll(() => hash(app)).toBe('#/overview');
  await page.goForward();
  await expect.poll(() => hash(app)).toBe(reset);
  await page.goBack();
  await expect.poll(() => hash(app)).toBe('#/overview');
  await page.goBack();
  await page.getByText('Going back once more leaves Resetscope').waitFor();
  expect(await app.overview.number('Resets')).not.toBe('0');
});

test('a reset, a filter and nonsense are shown by their addresses', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { page } = app;
  await page.keyboard.press('n');
  await expect.poll(() => hash(app)).toMatch(/^#\/reset\/\d+$/u);
  const address = page.url();
  const frame = await app.verdict.frame();
  await page.keyboard.press('1');
  await expect.poll(() => hash(app)).toBe('#/overview');
  await page.goto(address);
  await expect.poll(() => app.verdict.frame()).toBe(frame);
  await page.reload();
  await expect.poll(() => app.verdict.frame()).toBe(frame);
  await page.goto(`${new URL(address).origin}/#/resets?filter=origin%3Amiddlebox`);
  await expect.poll(() => app.filter.inputValue()).toBe('origin:middlebox');
  await page.goto(`${new URL(address).origin}/#/<img src=x>/1`);
  await page.getByText(/leads nowhere/u).waitFor();
});

test('captures stay open beside each other, each as it was left', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { page } = app;
  await page.keyboard.press('n');
  await app.verdict.summary.waitFor();
  const frame = await app.verdict.frame();
  await openBeside(app, captures.quiet);
  await expect.poll(() => page.title()).toBe('overview · quiet.pcap · Resetscope');
  await page.keyboard.press('Alt+1');
  await expect.poll(() => app.verdict.frame()).toBe(frame);
  await expect.poll(() => page.title()).toContain('mixed.pcap');
  await page.keyboard.press('Alt+2');
  await expect.poll(() => page.title()).toBe('overview · quiet.pcap · Resetscope');
  await page.getByRole('button', { name: 'Close quiet.pcap' }).click();
  await expect.poll(() => app.verdict.frame()).toBe(frame);
  await expect.poll(() => page.getByRole('navigation', { name: 'Open captures' }).isVisible()).toBe(false);
});

test('few stops of the Tab key lead to what was found, and the first one skips there', async ({
  open,
  captures,
}) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { page } = app;
  const isInContent = (): Promise<boolean> =>
    page.evaluate(
      () => document.activeElement?.closest('main') !== null && document.activeElement !== document.body,
    );
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
  });
  let stops = 0;
  do {
    await page.keyboard.press('Tab');
    stops++;
  } while (!(await isInContent()) && stops < 20);
  expect(stops).toBeLessThanOrEqual(5);
  await page.keyboard.press('2');
  await app.filter.waitFor();
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
  });
  await page.locator('.skip-link').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => app.resets.active()).toBe(0);
});

test('the first Escape leaves a field, and the next closes the pane', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  const { page } = app;
  await page.keyboard.press('n');
  await app.verdict.summary.waitFor();
  await page.keyboard.press('/');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Filter resets');
  await page.keyboard.type('origin:');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
  expect(await app.filter.inputValue()).toBe('origin:');
  expect(await app.verdict.root.isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await app.verdict.root.waitFor({ state: 'detached' });
});

test('a lesson is answered, its capture opened, and found again by going back', async ({ open }) => {
  const app = await open({});
  const { page } = app;
  await page.getByRole('button', { name: /^Reset by a device/u }).click();
  await expect.poll(() => page.url()).toMatch(/#\/lesson\/injected-by-ips$/u);
  await page.getByRole('button', { name: /The server; the client’s capture/u }).click();
  await page.getByRole('heading', { name: 'Not quite' }).waitFor();
  await page.getByRole('button', { name: 'Open the reset at the client', exact: true }).click();
  await app.verdict.summary.waitFor();
  await expect.poll(() => hash(app)).toContain('#/reset/');
  await page.goBack();
  await page.getByRole('heading', { name: 'Reset by a device in between' }).waitFor();
});

test('a sample opens by its name and has its story’s end', async ({ open }) => {
  const app = await open({});
  await app.openButton.and(app.page.locator(':enabled')).waitFor();
  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('try the sample forged');
  await app.page.locator('[role=option][aria-selected=true]', { hasText: 'Forged by a device' }).waitFor();
  await app.page.keyboard.press('Enter');
  await app.ready();
  await expect.poll(() => app.page.title()).toContain('forged-resets.pcap');
  await app.page.keyboard.press('n');
  await expect.poll(() => app.verdict.summary.innerText()).toMatch(/device/u);
});
