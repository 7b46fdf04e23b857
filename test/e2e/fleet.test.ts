/** The fleet in front of a real folder: what is asked, what other hosts prove, and the way to the packets. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { AppPage } from './pages/app-page.ts';
import { writeFleet } from './support/fleet-folder.ts';
import { focused, tabTo } from './support/focus.ts';
import { AXE, look } from './support/look.ts';
import { expect, test } from './support/test.ts';

const WIDE = { width: 1600, height: 1200 };
/** The desktop app has no command line for it: its folder comes out of the environment, and is chosen in the page. */
const isServer = (process.env.RESETSCOPE_E2E_HOST ?? 'server') === 'server';

let folder = '';
beforeAll(async () => {
  folder = await writeFleet(inject('captures'));
});
afterAll(() => {
  rmSync(dirname(folder), { recursive: true, force: true });
});

const fleetOf = (app: AppPage): Locator => app.page.getByRole('region', { name: 'Fleet', exact: true });
const findings = (app: AppPage): Locator => app.page.getByRole('region', { name: /^Findings/u });
const pane = (app: AppPage): Locator => app.page.getByRole('region', { name: 'Reset', exact: true });

/** The finding of the forged reset, which only the client's host saw. */
function forged(app: AppPage): Locator {
  return findings(app)
    .getByRole('row')
    .filter({ hasText: 'berlin' })
    .getByRole('button', { name: /in the server’s name|sent by the server/u })
    .first();
}

async function ready(app: AppPage): Promise<void> {
  await findings(app).getByRole('row').nth(1).waitFor();
  await app.page.locator('.fleet-card[aria-busy="true"]').first().waitFor({ state: 'detached' });
}

describe.runIf(isServer)('a fleet', () => {
  const opened = async (
    open: (options: object) => Promise<AppPage>,
    options: object = {},
  ): Promise<AppPage> => {
    const app = await open({ args: ['--fleet', folder], viewport: WIDE, ...options });
    await ready(app);
    return app;
  };

  test('is where a program begins that was started with it; coverage is told', async ({ open }) => {
    const app = await opened(open);
    const { page } = app;
    expect(page.url()).toMatch(/#\/fleet\?store=/u);
    await page.getByText(/^3 hosts at 2 sites · /u).waitFor();
    const coverage = page.getByRole('region', { name: 'Coverage' }).getByRole('button').first();
    expect(await coverage.innerText()).toMatch(/3 hosts/u);
    await coverage.click();
    for (const host of ['client-host', 'server-host', 'gateway'])
      await page.getByRole('region', { name: 'Coverage' }).getByText(host, { exact: true }).waitFor();
    // It names the folder, and shows it again after a reload.
    await page.reload();
    await ready(app);
    expect(await page.title()).toMatch(/^Fleet · /u);
  });

  test('narrows to a site, and back and forward lead through what was asked', async ({ open }) => {
    const app = await opened(open);
    const { page } = app;
    const all = await findings(app).getByRole('row').count();
    await page.getByLabel('Site').selectOption('berlin');
    await expect.poll(() => findings(app).getByRole('row').count()).toBeLessThan(all);
    await expect.poll(() => page.url()).toContain('site=berlin');
    await page.goBack();
    await expect.poll(() => findings(app).getByRole('row').count()).toBe(all);
    await page.goForward();
    await expect.poll(() => page.getByLabel('Site').inputValue()).toBe('berlin');
    await page.getByRole('button', { name: 'Ask for all' }).click();
    await expect.poll(() => findings(app).getByRole('row').count()).toBe(all);
  });

  test('another host proves that a reset was forged', async ({ open }) => {
    const app = await opened(open);
    await forged(app).click();
    await pane(app).getByRole('heading', { name: 'Proven: forged' }).waitFor();
    const path = pane(app).getByRole('list', { name: /^From who received the reset/u });
    await expect.poll(() => path.innerText()).toMatch(/client-host[\s\S]*made here[\s\S]*server-host/u);
    // What others get by the address is the same.
    await expect.poll(() => decodeURIComponent(app.page.url())).toMatch(/reset=-?\d+\/\d+\/\d+/u);
    await app.page.reload();
    await pane(app).getByRole('heading', { name: 'Proven: forged' }).waitFor();
  });

  test('leads to the verdict, and the way back leads to the fleet', async ({ open }) => {
    const app = await opened(open);
    const { page } = app;
    await forged(app).click();
    await pane(app).getByRole('button', { name: 'Open its capture' }).click();
    await app.verdict.summary.waitFor();
    await page.goBack();
    await fleetOf(app).waitFor();
    await ready(app);
  });

  test('is worked without a mouse', async ({ open }) => {
    const app = await opened(open);
    const { keyboard } = app.page;
    await tabTo(app.page, /^All sites/u);
    await keyboard.press('t');
    await expect.poll(() => app.page.url()).toContain('site=tokyo');
    await findings(app).locator('[data-row]').first().focus();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await pane(app).getByRole('heading', { level: 3 }).first().waitFor();
    await keyboard.press('Escape');
    await pane(app).waitFor({ state: 'detached' });
    await app.page.getByRole('slider', { name: /^Begin/u }).focus();
    await keyboard.press('ArrowRight');
    await expect.poll(() => focused(app.page)).toMatch(/^Begin of the time/u);
    await keyboard.press('Enter');
    await expect.poll(() => app.page.url()).toContain('from=');
    await keyboard.press('Control+k');
    await app.palette.waitFor();
    await keyboard.type('ask for all');
    await app.palette.getByRole('option').first().getByText('Ask for all of the fleet').waitFor();
    await keyboard.press('Enter');
    await expect.poll(() => app.page.url()).not.toContain('from=');
  });

  test('that is none says so, and how one is made', async ({ open }) => {
    const app = await open({ args: ['--fleet', join(dirname(folder), 'nowhere')], viewport: WIDE });
    await app.alert.getByText(/could not be opened/u).waitFor();
    await app.page.getByText(/analyze capture\.pcapng --parquet/u).waitFor();
  });

  test.for(['light', 'dark'] as const)('looks, %s', async (theme, { open }) => {
    const app = await opened(open, { theme, scripts: [AXE], viewport: { width: 1440, height: 1100 } });
    // Paths are others in every run.
    const found = await look(app, 'fleet', theme);
    await forged(app).click();
    await pane(app).getByRole('heading', { name: 'Proven: forged' }).waitFor();
    await app.page.getByRole('region', { name: 'Coverage' }).getByRole('button').first().click();
    found.push(...(await look(app, 'fleet-reset', theme, { varies: true })));
    expect(found).toEqual([]);
  });

  test('holds on 640 px', async ({ open }) => {
    const app = await opened(open, {
      theme: 'dark',
      scripts: [AXE],
      viewport: { width: 640, height: 900 },
    });
    const found = await look(app, '640-fleet', 'dark');
    await forged(app).click();
    await pane(app).getByRole('heading', { name: 'Proven: forged' }).waitFor();
    found.push(...(await look(app, '640-fleet-reset', 'dark', { varies: true })));
    expect(found).toEqual([]);
    const off = await app.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(off).toBe(0);
  });
});
