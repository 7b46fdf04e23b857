/** Before all tests: the browser and the captures; after them, neither is left. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { ensureBenchFile } from '../../bench/bench-file.ts';
import type { Captures } from './captures.ts';
import { writeCaptures } from './captures.ts';
import { BENCH_CACHE, CHROMIUM, MEASURED, SCREENS } from './places.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser listens; null where another host is tested. */
    readonly browser: string | null;
    readonly captures: Captures;
    /** Path of a capture of one million packets. */
    readonly million: string;
  }
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-e2e-'));
  mkdirSync(SCREENS, { recursive: true });
  rmSync(MEASURED, { force: true });
  project.provide('captures', writeCaptures(folder));
  project.provide(
    'million',
    ensureBenchFile(BENCH_CACHE, { packets: 1_000_000, seed: 1, concurrent: 2000 }).path,
  );
  const browser =
    process.env.RESETSCOPE_E2E_HOST === 'electron'
      ? null
      : await chromium.launchServer({ executablePath: CHROMIUM, args: ARGUMENTS, headless: true });
  project.provide('browser', browser?.wsEndpoint() ?? null);
  return async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  };
}
