/** Live capture of real resets on the loopback interface: from the choice to what is left afterwards. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { AppPage } from './pages/app-page.ts';
import { canCaptureLive, hasWitness } from './support/live.ts';
import { AXE, look } from './support/look.ts';
import { ResetMaker } from './support/reset-maker.ts';
import { expect, measured, test } from './support/test.ts';

let maker: ResetMaker;
beforeAll(async () => {
  maker = await ResetMaker.start();
});
afterAll(() => maker.stop());

/** Starts to capture the maker's connections and shows the list of resets. */
async function capture(app: AppPage): Promise<void> {
  await app.capture.start('lo', maker.filter);
  await app.go('Resets');
}

async function top(app: AppPage): Promise<number> {
  return (await app.resets.selected.boundingBox())?.y ?? NaN;
}

describe.skipIf(!canCaptureLive)('with the capture helper', () => {
  test('the start page shows what goes over the interfaces', async ({ open }) => {
    const app = await open();
    const loopback = app.capture.interface('lo');
    await loopback.waitFor();
    expect(await loopback.innerText()).toContain('127.0.0.1');
    const line = (): Promise<string | null> => loopback.locator('.spark-line').getAttribute('points');
    const before = await line();
    await maker.many(5);
    await expect.poll(line).not.toBe(before);
    expect(await app.capture.doctor.count()).toBe(0);
  });

  test('a filter that cannot be compiled says why, and nothing starts', async ({ open }) => {
    const app = await open();
    await app.capture.interface('lo').click();
    await app.capture.filter.fill('tcp prt 80');
    await expect.poll(() => app.capture.filterError.innerText()).toContain('syntax error');
    expect(await app.capture.startButton.isDisabled()).toBe(true);
    await app.capture.filter.fill('tcp port 80');
    await app.capture.section.getByRole('img', { name: 'The filter is fine' }).waitFor();
    expect(await app.capture.startButton.isEnabled()).toBe(true);
  });

  test('the options say what will run', async ({ open }) => {
    const app = await open();
    await app.capture.interface('lo').click();
    await app.capture.openOptions();
    await app.capture.section.getByText(/resetscope-capd capture --interface lo/).waitFor();
    await app.capture.option('Keep of each packet').selectOption({ label: '256 bytes' });
    await app.capture.section.getByText(/--snap-length 256/).waitFor();
  });

  test('a reset is a row soon after it happened', async ({ open }) => {
    const app = await open();
    await capture(app);
    const lateMs: number[] = [];
    for (let row = 0; row < 8; row++) {
      const { atMs, code } = await (row % 2 === 0 ? maker.unread() : maker.refused());
      await app.resets.row(row).waitFor();
      lateMs.push(Date.now() - atMs);
      expect(code).toBe(row % 2 === 0 ? 'ECONNRESET' : 'ECONNREFUSED');
    }
    lateMs.sort((a, b) => a - b);
    measured(`live: a reset is on screen after ${lateMs[4]} ms (median), ${lateMs[7]} ms (latest of 8)`);
    (await app.resets.rows()).forEach(({ Server }, row) => {
      expect(Server).toContain(`127.0.0.1:${row % 2 === 0 ? maker.port : maker.closedPort}`);
    });
    // Handshake, request, its acknowledgement and the reset of four, SYN and reset of the other four.
    await expect.poll(() => app.capture.packets()).toBe(4 * 6 + 4 * 2);
    expect(await app.capture.losses.count()).toBe(0);
  });

  test.skipIf(!hasWitness)(
    'the kernel witness says who sent it, why, for which process',
    async ({ open }) => {
      const app = await open();
      await capture(app);
      await app.capture.bar.getByText('kernel witness', { exact: true }).waitFor();
      await maker.unread();
      await app.resets.row(0).click();
      const card = app.verdict.section('This machine’s kernel sent this reset');
      await card.waitFor();
      expect(await card.innerText()).toContain('TCP_ABORT_ON_CLOSE');
      expect(await card.innerText()).toContain(`[${maker.pid}]`);
      expect(await app.verdict.summary.getAttribute('title')).toContain('closed the socket with unread data');
    },
  );

  test('the list stands still around the selected reset, whatever its order', async ({ open }) => {
    // Wide enough for the column of frames beside the verdict.
    const app = await open({ viewport: { width: 2200, height: 900 } });
    await capture(app);
    await maker.many(40);
    await expect.poll(() => app.resets.total()).toBe(40);
    await app.resets.row(30).click();
    const frame = await app.verdict.frame();
    const y = await top(app);
    await maker.many(20);
    await expect.poll(() => app.resets.total()).toBe(60);
    expect(await top(app)).toBe(y);
    await app.capture.newestPill.waitFor();

    // Newest first: what comes now comes above it.
    await app.resets.sortBy('Frame');
    if ((await app.resets.sorting('Frame')) === 'ascending') await app.resets.sortBy('Frame');
    await app.resets.row(20).click();
    // The pane shows the verdict before until this one has come.
    await expect.poll(() => app.verdict.frame()).not.toBe(frame);
    const second = await app.verdict.frame();
    const y2 = await top(app);
    await maker.many(20);
    await expect.poll(() => app.resets.total()).toBe(80);
    await expect.poll(() => app.resets.selected.getAttribute('aria-rowindex')).toBe('42');
    expect(await top(app)).toBe(y2);
    expect(await app.verdict.frame()).toBe(second);
  });

  test('the view pauses, the capture does not', async ({ open }) => {
    const app = await open({ viewport: { width: 1000, height: 700 } });
    await capture(app);
    await maker.unread();
    await app.resets.row(0).waitFor();
    const height = (await app.capture.bar.boundingBox())?.height;
    await app.capture.holdView();
    await maker.many(3);
    await expect.poll(() => app.capture.held.innerText()).toContain('3 resets new');
    expect((await app.capture.bar.boundingBox())?.height).toBe(height);
    expect(await app.resets.total()).toBe(1);
    await app.capture.resumeView();
    await expect.poll(() => app.resets.total()).toBe(4);
  });

  test('a caught reset becomes a file that opens', async ({ open }) => {
    const app = await open();
    await capture(app);
    await app.capture.catchNext();
    await app.capture.caught.getByText('Waiting for the next reset that matters').waitFor();
    await maker.unread();
    const openCase = app.capture.cases.getByRole('button', { name: 'Open case' });
    await openCase.waitFor();
    expect(await app.capture.cases.innerText()).toContain(`127.0.0.1:${maker.port}`);
    await openCase.and(app.page.locator(':enabled')).waitFor();
    await openCase.click();
    await expect.poll(() => app.title.innerText()).toMatch(/^case-.*\.pcapng$/);
    await app.ready();
    expect(await app.overview.number('Resets')).toBe('1');
  });

  test('what was captured stays open after the stop, and it captures again', async ({ open }) => {
    const app = await open();
    await capture(app);
    await maker.many(3);
    await expect.poll(() => app.resets.total()).toBe(3);
    await app.resets.row(1).click();
    const frame = await app.verdict.frame();
    await app.capture.stop();
    expect(await app.capture.end.innerText()).toMatch(/Stopped: lo\s+18 packets/);
    expect(await app.resets.total()).toBe(3);
    expect(await app.verdict.frame()).toBe(frame);
    await app.capture.end.getByRole('button', { name: 'Capture again' }).click();
    await app.capture.runs();
    await maker.unread();
    await expect.poll(() => app.resets.total()).toBe(1);
  });

  test('all of it without a mouse', async ({ open }) => {
    const app = await open();
    const { keyboard } = app.page;
    const { capture: live } = app;
    await live.interface('lo').waitFor();
    const focusIs = (locator: typeof live.filter) =>
      locator.evaluate((element) => element === document.activeElement);
    for (let i = 0; i < 20 && !(await focusIs(live.interfaces)); i++) await keyboard.press('Tab');
    await keyboard.press('Home');
    for (let i = 0; (await live.interface('lo').getAttribute('aria-selected')) !== 'true'; i++) {
      expect(i).toBeLessThan(100);
      await keyboard.press('ArrowDown');
    }
    await keyboard.press('Tab');
    expect(await focusIs(live.filter)).toBe(true);
    await keyboard.type(maker.filter);
    await live.section.getByRole('img', { name: 'The filter is fine' }).waitFor();
    await keyboard.press('Control+e');
    await live.runs();
    await keyboard.press('2');
    await maker.many(2);
    await expect.poll(() => app.resets.total()).toBe(2);
    await keyboard.press('n');
    await app.verdict.summary.waitFor();
    await keyboard.press('f');
    await live.held.waitFor();
    await keyboard.press('f');
    await keyboard.press('Control+j');
    await live.catchDialog.waitFor();
    await keyboard.press('Escape');
    await live.catchDialog.waitFor({ state: 'detached' });
    await keyboard.press('Control+e');
    await live.end.waitFor();
  });

  test.for(['light', 'dark'] as const)(
    'it is accessible, and has its pictures, %s',
    async (theme, { open }) => {
      const app = await open({ theme, scripts: [AXE] });
      const found: string[] = [];
      const shoot = async (name: string): Promise<void> => {
        found.push(...(await look(app, `live-${name}`, theme, { varies: true })));
      };
      await app.capture.interface('lo').waitFor();
      await app.capture.openOptions();
      await app.capture.option('Catch resets').check();
      await shoot('start');
      await app.capture.option('Catch resets').uncheck();
      await capture(app);
      await maker.many(30);
      await expect.poll(() => app.resets.total()).toBe(30);
      await app.resets.row(3).click();
      await app.verdict.summary.waitFor();
      await shoot('resets');
      await app.go('Overview');
      await app.overview.numbers.waitFor();
      await shoot('overview');
      await app.page.keyboard.press('Control+j');
      await app.capture.catchDialog.waitFor();
      await shoot('catch-dialog');
      await app.page.keyboard.press('Escape');
      await app.capture.catchNext();
      await maker.unread();
      await app.capture.cases.first().waitFor();
      await app.capture.holdView();
      await shoot('caught');
      await app.capture.stop();
      await shoot('end');
      expect(found).toEqual([]);
    },
  );
});
