/**
 * Command line of the page's bench: `run FOLDER DIST PACKETS[,PACKETS…] RUNS [PARTS]`; prints figures as JSON. Parts are
 * rows, scroll, answers, bytes, lists and ladder; all unless said.
 */
import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ServerProcess } from '../../e2e/support/server-process.ts';
import { ensureBenchFile } from '../bench-file.ts';
import { byteAnswers, listAnswers, packetAnswers } from './answers.ts';
import { longConnection, manyResets } from './captures.ts';
import { Engine } from './engine.ts';
import type { Figure } from './figures.ts';
import { firstRows, heap, openBrowser, scroll, type Scrolled } from './page.ts';

const VIEWPORT = { width: 1440, height: 900 };
const PATIENCE_MS = 60_000;
const LONG_CONNECTION = 100_000;
const MANY_RESETS = 150_000;
const FIRST_ROWS_MS = 300;
const SCROLL_MS = 20;
const LADDER_MS = 25;
const HEAP_MIB = 300;
/** From slowly to as fast as a wheel goes; 0 is the scrollbar. */
const STEPS_PX: readonly (readonly [string, number])[] = [
  ['row by row', 26],
  ['by pages', 700],
  ['jumping', 0],
];

const [folder, dist, sizes, runsText, partsText] = process.argv.slice(2);
const runs = Number(runsText);
const parts = new Set(partsText === undefined || partsText === '' ? [] : partsText.split(','));
const wants = (part: string): boolean => parts.size === 0 || parts.has(part);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** The app with a page in front of it, and the engine asked beside. */
class Bench {
  readonly server: ServerProcess;
  readonly engine: Engine;
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(server: ServerProcess, engine: Engine, browser: Browser, page: Page) {
    this.server = server;
    this.engine = engine;
    this.#browser = browser;
    this.page = page;
  }

  static async start(files: readonly string[]): Promise<Bench> {
    // What is asked of the server's engine may be profiled: its options go to the processes that it starts.
    const server = await ServerProcess.start({ dist, recent: files, args: ['--allow-paths'] });
    const engine = await Engine.connect(server);
    const browser = await openBrowser();
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'dark' });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(server.url);
    await page.locator('.recent-open').first().waitFor();
    return new Bench(server, engine, browser, page);
  }

  async go(view: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: view })
      .first()
      .click();
  }

  async close(): Promise<void> {
    this.engine.close();
    await this.#browser.close();
    await this.server.stop();
  }
}

const figures: Figure[] = [];
function note(...ones: readonly Figure[]): void {
  figures.push(...ones);
  for (const { name, unit, runs: took, cpu = [], of = '' } of ones) {
    say(
      `  ${name}: ${took.map((one) => one.toFixed(1)).join(', ')} ${unit}; CPU ${cpu.map((one) => one.toFixed(1)).join(', ')}; ${of}`,
    );
  }
}
for (const size of sizes.split(',').map(Number)) await wholeCapture(size);
if (wants('lists')) await lists();
if (wants('ladder')) await ladder();
process.stdout.write(`${JSON.stringify(figures)}\n`);

async function wholeCapture(packets: number): Promise<void> {
  if (!['rows', 'scroll', 'answers', 'bytes'].some(wants)) return;
  const { path } = ensureBenchFile(folder, { packets, seed: 1, concurrent: 2000 });
  const group = `${packets.toLocaleString('en')} packets`;
  const bench = await Bench.start([path]);
  try {
    if (wants('rows')) await rows(bench, path, group);
    await bench.engine.open(path);
    await bench.page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: 'Packets' })
      .waitFor();
    if (wants('scroll')) {
      for (const list of ['Packets', 'Flows', 'Resets']) {
        say(`${group}: scrolling ${list} …`);
        await bench.go(list);
        const grid = bench.page.getByRole('grid', { name: list, exact: true });
        await grid.locator('[aria-rowindex="2"]').waitFor();
        for (const [how, px] of STEPS_PX) {
          note(...scrolled(`${group}: page`, `${list}, ${how}`, await scroll(grid, px), SCROLL_MS));
        }
      }
      const of = 'after scrolling, collected';
      note({
        group: `${group}: page`,
        name: 'heap',
        unit: 'MiB',
        runs: [await heap(bench.page)],
        target: HEAP_MIB,
        of,
      });
    }
    if (wants('answers')) {
      say(`${group}: filters …`);
      await packetAnswers(bench.engine, group, runs, note);
      await listAnswers(bench.engine, group, runs, note);
    }
    if (wants('bytes')) await byteAnswers(bench.engine, group, note);
    const { now, peak } = bench.engine.memory();
    note({
      group: `${group}: engine`,
      name: 'memory',
      unit: 'MiB',
      runs: [now],
      of: `${peak.toFixed(0)} at most`,
    });
  } finally {
    await bench.close();
  }
}

/** Opens the capture again and again with an engine that is warm, and closes it. */
async function rows(bench: Bench, path: string, group: string): Promise<void> {
  for (const list of ['Packets', 'Flows']) {
    say(`${group}: first rows of ${list} …`);
    const took: number[] = [];
    for (let run = 0; run <= runs; run++) {
      const ms = await firstRows(bench.page, basename(path), list, list);
      // The first time loads the view.
      if (run > 0) took.push(ms);
      await bench.engine.settled();
      await bench.engine.call('capture.close', {});
      await bench.page.locator('.recent-open').first().waitFor();
    }
    const of = 'a click on the recent file';
    note({
      group: `${group}: page`,
      name: `first 1,000 rows of ${list}`,
      unit: 'ms',
      runs: took,
      target: FIRST_ROWS_MS,
      of,
    });
  }
}

async function lists(): Promise<void> {
  const path = manyResets(folder, MANY_RESETS);
  const bench = await Bench.start([path]);
  const group = `${MANY_RESETS.toLocaleString('en')} resets`;
  try {
    say(`${group} …`);
    await bench.engine.open(path);
    await listAnswers(bench.engine, group, runs, note);
  } finally {
    await bench.close();
  }
}

async function ladder(): Promise<void> {
  const path = longConnection(folder, LONG_CONNECTION);
  const bench = await Bench.start([path]);
  const group = `A connection of ${LONG_CONNECTION.toLocaleString('en')} packets`;
  try {
    say(`${group} …`);
    await bench.engine.open(path);
    await bench.go('Flows');
    await bench.page
      .getByRole('grid', { name: 'Flows', exact: true })
      .locator('[aria-rowindex="2"]')
      .dblclick();
    const list = bench.page.getByRole('listbox', { name: 'Packets of the connection' });
    await list.getByRole('option').first().waitFor();
    for (const [how, px] of STEPS_PX) {
      note(...scrolled(group, `ladder, ${how}`, await scroll(list, px), LADDER_MS));
    }
    note({ group, name: 'heap', unit: 'MiB', runs: [await heap(bench.page)], target: HEAP_MIB });
  } finally {
    await bench.close();
  }
}

function scrolled(
  group: string,
  name: string,
  { p50, p95, longest, cpu, empty }: Scrolled,
  target: number,
): Figure[] {
  const of = `median ${p50.toFixed(1)}, longest ${longest.toFixed(0)} ms; empty rows in ${empty.toFixed(0)} % of frames`;
  return [{ group, name: `frame p95, ${name}`, unit: 'ms', runs: [p95], cpu: [cpu], target, of }];
}
