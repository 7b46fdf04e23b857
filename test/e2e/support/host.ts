/** The app in front of a test: in a browser before the loopback server, or in Electron. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { _electron, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { PATIENCE_MS } from '../../support/patience-times.ts';
import { DIST } from './places.ts';
import { captureFolder, ServerProcess, settingsFolder } from './server-process.ts';
import { Complaints } from './watch.ts';

export interface OpenOptions {
  readonly files?: readonly string[];
  readonly recent?: readonly string[];
  readonly theme?: 'light' | 'dark';
  /** Of the loopback server alone: its arguments, and see ServerOptions. */
  readonly args?: readonly string[];
  readonly dist?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: number;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Scripts that are there before the page's own. */
  readonly scripts?: readonly string[];
}

/** A running app. */
export interface OpenApp {
  readonly page: Page;
  readonly complaints: Complaints;
  /** Only in front of the loopback server. */
  readonly server: ServerProcess | null;
  enginePid(): Promise<number>;
  close(): Promise<void>;
}

const VIEWPORT = { width: 1440, height: 900 };
let connected: Promise<Browser> | undefined;

export function browser(): Promise<Browser> {
  const endpoint = inject('browser');
  if (endpoint === null) throw new Error('this test needs the browser');
  connected ??= chromium.connect(endpoint);
  return connected;
}

export function openHost(options: OpenOptions): Promise<OpenApp> {
  return process.env.RESETSCOPE_E2E_HOST === 'electron' ? openElectron(options) : openServer(options);
}

async function openServer(options: OpenOptions): Promise<OpenApp> {
  const [server, context] = await Promise.all([
    ServerProcess.start(options),
    browser().then((opened) =>
      opened.newContext({ viewport: options.viewport ?? VIEWPORT, colorScheme: options.theme ?? 'light' }),
    ),
  ]);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = new Complaints();
  await complaints.watch(page);
  for (const path of options.scripts ?? []) await page.addInitScript({ path });
  await page.goto(server.url);
  return {
    page,
    complaints,
    server,
    enginePid: () => server.enginePid(),
    async close() {
      await Promise.all([context.close(), server.stop()]);
    },
  };
}

async function openElectron(options: OpenOptions): Promise<OpenApp> {
  const settings = settingsFolder(options.recent ?? []);
  const profile = mkdtempSync(join(tmpdir(), 'resetscope-e2e-profile-'));
  const electron = await _electron.launch({
    executablePath: process.env.RESETSCOPE_E2E_ELECTRON,
    args: [`--user-data-dir=${profile}`, join(DIST, 'electron/index.js'), '--', ...(options.files ?? [])],
    env: {
      ...(process.env as Record<string, string>),
      RESETSCOPE_CONFIG_DIR: settings,
      RESETSCOPE_CASE_DIR: `${settings}/cases`,
      RESETSCOPE_CAPTURE_DIR: captureFolder(settings),
    },
  });
  const page = await electron.firstWindow();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = new Complaints();
  await complaints.watch(page);
  for (const path of options.scripts ?? []) await page.addInitScript({ path });
  await page.emulateMedia({ colorScheme: options.theme ?? 'light' });
  await page.setViewportSize(options.viewport ?? VIEWPORT);
  // The window was there before the watchers.
  await page.reload();
  return {
    page,
    complaints,
    server: null,
    async enginePid() {
      const metrics = await electron.evaluate(({ app }) => app.getAppMetrics());
      const engine = metrics.find(({ name }) => name === 'Resetscope engine');
      if (engine === undefined) throw new Error('there is no engine process');
      return engine.pid;
    },
    async close() {
      await electron.close();
      for (const folder of [settings, profile]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
