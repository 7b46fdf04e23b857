/**
 * What the page costs, measured inside of it by its own frames: how soon rows stand there, how long a frame takes while one
 * scrolls, how much it holds. The browser draws as fast as it can instead of waiting for a screen, so that the time from one
 * frame to the next is all of what a frame costs: script, style, layout and paint.
 */
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { CHROMIUM } from '../../e2e/support/places.ts';
import { percentile } from './figures.ts';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-frame-rate-limit', '--disable-gpu-vsync'];
const FRAMES = 200;
/** Frames that are not measured. */
const WARM_FRAMES = 20;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** Milliseconds after the click on a recent file until a view shows rows, and has a thousand of them. */
export function firstRows(page: Page, file: string, view: string, list: string): Promise<number> {
  return page.evaluate(
    ([name, viewName, label]) =>
      new Promise<number>((resolve) => {
        const started = performance.now();
        const buttons = (): HTMLButtonElement[] => Array.from(document.querySelectorAll('nav button'));
        const look = (): void => {
          const grid = document.querySelector(`[role="grid"][aria-label="${label}"]`);
          if (grid === null) {
            buttons()
              .find((button) => button.innerText.startsWith(viewName))
              ?.click();
          }
          const cells = Array.from(grid?.querySelectorAll('[aria-rowindex="2"] [role="gridcell"]') ?? []);
          const isFilled = cells.some((cell) => (cell as HTMLElement).innerText !== '');
          if (isFilled && Number(grid?.getAttribute('aria-rowcount')) > 1000)
            resolve(performance.now() - started);
          else requestAnimationFrame(look);
        };
        const recent = Array.from(document.querySelectorAll<HTMLButtonElement>('.recent-open'));
        const wanted = recent.find((button) => button.innerText.includes(name));
        if (wanted === undefined) throw new Error(`${name} is not among the recent files`);
        wanted.click();
        look();
      }),
    [file, view, list],
  );
}

export interface Scrolled {
  readonly p50: number;
  readonly p95: number;
  readonly longest: number;
  /** CPU time of the page's main thread a frame, on average: script, style, layout, paint. */
  readonly cpu: number;
  /** Share of the frames in which rows on screen were still empty, in percent. */
  readonly empty: number;
}

/**
 * Scrolls frame by frame.
 * @param step px a frame; 0 jumps all over the list, as dragging the scrollbar does
 */
export async function scroll(scroller: Locator, step: number): Promise<Scrolled> {
  const session = await scroller.page().context().newCDPSession(scroller.page());
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuSeconds = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const before = await cpuSeconds();
  const { times, empty } = await scroller.evaluate(
    (element, [px, count, warm]) =>
      new Promise<{ times: number[]; empty: number }>((resolve) => {
        const times: number[] = [];
        const track = element.scrollHeight - element.clientHeight;
        let empty = 0;
        let last = performance.now();
        let frame = -warm;
        const rowIsEmpty = (row: Element): boolean => (row as HTMLElement).textContent.trim() === '';
        const next = (): void => {
          const now = performance.now();
          if (frame > 0) {
            times.push(now - last);
            const rows = Array.from(element.querySelectorAll('[aria-rowindex]')).slice(1);
            if (rows.length > 0 && rows.filter(rowIsEmpty).length > rows.length / 2) empty++;
          }
          last = performance.now();
          if (++frame > count) {
            resolve({ times, empty });
            return;
          }
          element.scrollTop = px > 0 ? element.scrollTop + px : track * ((frame * 0.618) % 1);
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    [step, FRAMES, WARM_FRAMES],
  );
  const cpu = (1000 * ((await cpuSeconds()) - before)) / (times.length + WARM_FRAMES);
  await session.detach();
  return {
    cpu,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    longest: percentile(times, 1),
    empty: (100 * empty) / times.length,
  };
}

/** What the page holds after a collection, MiB. */
export async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 2 ** 20;
}
