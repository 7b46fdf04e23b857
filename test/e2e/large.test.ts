/** One million packets: rows while reading, the whole list within reach, a page that stays small. */
import { linkSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';
import type { AppPage } from './pages/app-page.ts';
import { PATIENCE_MS } from '../support/patience-times.ts';
import { expect, measured, test } from './support/test.ts';

const MILLION = 1_000_000;
/** Rows that exist at a time; the list itself has many thousands. */
const MAX_ROWS = 200;
const MAX_HEAP_BYTES = 96 * 1024 ** 2;

interface FirstRows {
  /** Milliseconds after the click that opened the file. */
  readonly firstRow: number;
  readonly thousandRows: number;
  /** Whether the file was still read when the first row stood there. */
  readonly whileReading: boolean;
}

/** Opens the recent file inside of the page, frame by frame: from outside, messages would be measured. */
function openAndWatch(page: Page): Promise<FirstRows> {
  return page.evaluate(
    (patience) =>
      new Promise<FirstRows>((resolve, reject) => {
        const started = performance.now();
        setTimeout(() => reject(new Error(`no rows: ${document.body.innerText}`)), patience);
        let firstRow = -1;
        let whileReading = false;
        const buttons = (): HTMLButtonElement[] => Array.from(document.querySelectorAll('button'));
        const look = (): void => {
          const flows = buttons().find((button) => /^Flows/.test(button.innerText));
          const grid = document.querySelector('[role="grid"][aria-label="Flows"]');
          if (grid === null) flows?.click();
          const filled = Array.from(grid?.querySelectorAll('[aria-rowindex="2"] [role="gridcell"]') ?? []);
          const now = performance.now() - started;
          if (firstRow < 0 && filled.some((cell) => (cell as HTMLElement).innerText !== '')) {
            firstRow = now;
            whileReading = buttons().some((button) => button.innerText === 'Stop');
          }
          if (firstRow >= 0 && Number(grid?.getAttribute('aria-rowcount')) > 1000) {
            resolve({ firstRow, thousandRows: now, whileReading });
          } else requestAnimationFrame(look);
        };
        document.querySelector<HTMLButtonElement>('.recent-open')?.click();
        look();
      }),
    PATIENCE_MS,
  );
}

async function heapBytes(app: AppPage): Promise<number> {
  const session = await app.page.context().newCDPSession(app.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

function rowsThatExist(app: AppPage): Promise<number> {
  return app.page.locator('[role="row"]').count();
}

test('shows rows while it reads, all of them in the end, and stays small', async ({ open }) => {
  const million = inject('million');
  const app = await open({ recent: [million] });
  await app.openButton.waitFor();
  // The list of recent files comes after the page.
  await app.page.locator('.recent-open').first().waitFor();
  const first = await openAndWatch(app.page);
  measured(
    `one million packets: first row after ${first.firstRow.toFixed(0)} ms, ` +
      `1,000 rows after ${first.thousandRows.toFixed(0)} ms (target 300 ms)`,
  );
  expect(first.whileReading, 'rows come before the end').toBe(true);
  await app.page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
  await app.go('Overview');
  await expect.poll(() => app.overview.number('Packets')).toBe(MILLION.toLocaleString('en-US'));
  const flows = Number((await app.overview.number('Flows')).replaceAll(',', ''));
  expect(flows).toBeGreaterThan(10_000);

  await app.go('Flows');
  await expect.poll(() => app.flows.total()).toBe(flows);
  await app.flows.root.focus();
  await app.page.keyboard.press('End');
  await app.flows.row(flows - 1).waitFor();
  await expect.poll(() => app.flows.active()).toBe(flows - 1);
  await expect.poll(() => app.flows.row(flows - 1).innerText()).toMatch(/TCP|UDP|ICMP/);
  const before = await heapBytes(app);
  // All over the list: what was shown must not pile up.
  let mostRows = 0;
  for (let step = 0; step <= 40; step++) {
    await app.flows.root.evaluate(
      (grid, share) => {
        grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * share;
      },
      ((step * 17) % 41) / 40,
    );
    mostRows = Math.max(mostRows, await rowsThatExist(app));
  }
  await app.page.keyboard.press('Home');
  await expect.poll(() => app.flows.row(0).innerText()).toMatch(/TCP|UDP|ICMP/);
  const after = await heapBytes(app);
  const mega = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  measured(`heap of the page: ${mega(before)} before scrolling through ${flows} flows, ${mega(after)} after`);
  expect(mostRows).toBeLessThan(MAX_ROWS);
  expect(after).toBeLessThan(MAX_HEAP_BYTES);

  await app.go('Resets');
  await app.resets.row(0).waitFor();
  await app.resets.sortBy('Confidence');
  await app.resets.root.focus();
  await app.page.keyboard.press('End');
  const last = (await app.resets.total()) - 1;
  expect(last).toBeGreaterThan(1000);
  await expect.poll(() => app.resets.row(last).innerText()).toMatch(/\d/);
  await app.page.keyboard.press('Enter');
  await app.verdict.summary.waitFor();
});

/** The same file under many names: read one after the other they take long enough to be stopped on any machine. */
const LINKS = 12;

test('stops on demand, and keeps what was read', async ({ open }) => {
  const million = inject('million');
  const folder = mkdtempSync(join(dirname(million), 'links-'));
  const files = Array.from({ length: LINKS }, (_, i) => join(folder, `link-${i}.pcap`));
  for (const file of files) linkSync(million, file);
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const app = await open({ files });
  const milliseconds = await app.page.evaluate(
    (patience) =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error(`not stopped: ${document.body.innerText}`)), patience);
        const find = (name: string): HTMLButtonElement | undefined =>
          Array.from(document.querySelectorAll('button')).find((button) => button.innerText === name);
        const untilStopped = (clicked: number): void => {
          if (document.body.innerText.includes('Stopped:')) resolve(performance.now() - clicked);
          else requestAnimationFrame(() => untilStopped(clicked));
        };
        const untilReading = (): void => {
          const stop = find('Stop');
          if (stop === undefined || !/[1-9][\d,]* packets/.test(document.body.innerText)) {
            requestAnimationFrame(untilReading);
            return;
          }
          stop.click();
          untilStopped(performance.now());
        };
        untilReading();
      }),
    PATIENCE_MS,
  );
  measured(`${LINKS} million packets: stopped ${milliseconds.toFixed(0)} ms after the click`);
  await app.page.getByText('Stopped: what was read is analysed').waitFor();
  await expect
    .poll(async () => Number((await app.overview.number('Packets')).replaceAll(',', '')))
    .toBeGreaterThan(0);
  expect(Number((await app.overview.number('Packets')).replaceAll(',', ''))).toBeLessThan(LINKS * MILLION);
  await app.go('Flows');
  await app.flows.row(0).waitFor();
  expect(await app.flows.total()).toBeGreaterThan(0);
});
