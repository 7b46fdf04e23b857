/** `npm run dev` as its users have it, in a copy of the sources, so that these can be edited. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY, PAGE_HEADERS, TRUSTED_TYPES } from '../../main/host/page-headers.ts';
import { writePcap } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';
import { PATIENCE_MS } from '../support/patience-times.ts';
import { eventually } from '../support/patience.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SOURCES = ['main', 'renderer', 'shared', 'scripts', 'native', 'package.json', 'package-lock.json'];
const SETTINGS = ['vite.config.ts', 'tsconfig.base.json'];
/** So that the capture helper need not be compiled again. */
const BUILT = ['dist/native', '.cache/native'];
const HOST = 'main/server/dev.ts';
const SENTENCE = 'main/engine/findings/finding-text.ts';
/** The host's first line of code, and in its place one that ends it at once. */
const BEGINNING = 'const origin = process.env.RESETSCOPE_DEV_ORIGIN;';
const BROKEN = "const origin = process.exit(1) ?? '';";

let folder = '';
let dev: ChildProcess;
let browser: Browser;
let page: Page;
let told = '';
let headers: Record<string, string> = {};
const violations: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-dev-'));
  for (const name of [...SOURCES, ...SETTINGS, ...BUILT]) {
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
  writeFileSync(join(folder, 'one.pcap'), writePcap({ packets: talk.packets, nanos: true }));

  edit(HOST, BEGINNING, BROKEN);
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), INIT_CWD: folder };
  dev = spawn(process.execPath, ['scripts/dev.mjs', 'one.pcap'], { cwd: folder, env });
  for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (data) => (told += String(data)));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  if (isRunning(dev.pid)) {
    dev.kill('SIGKILL');
    await once(dev, 'exit');
  }
  rmSync(folder, { recursive: true });
});

function address(): string {
  const found = /http:\S+#code=\S+/.exec(told);
  if (found === null) throw new Error(`no address yet: ${told}`);
  return found[0];
}

function edit(file: string, from: string, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

/** All processes below one, by the kernel's own lists. */
function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.flatMap((child) => [Number(child), ...descendants(Number(child))]);
}

/** One that ended and that nobody has asked about since (Z) does not run. */
function isRunning(pid: number | undefined): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A mark on the page's window, which a reload takes away. */
const mark = (): Promise<void> => page.evaluate('window.isTheSame = true');
const isMarked = (): Promise<boolean> => page.evaluate('window.isTheSame === true');

describe.skipIf(process.platform !== 'linux' || !existsSync(CHROMIUM))('npm run dev', () => {
  it('tells its address with the first host that lives', async () => {
    await eventually(() => {
      expect(told).toContain('The host ended (1)');
    });
    edit(HOST, BROKEN, BEGINNING);
    const response = await page.goto(await eventually(address));
    headers = (await response?.allHeaders()) ?? {};
  });

  it('opens the capture that it was given', async () => {
    await page.getByText('Findings', { exact: false }).first().waitFor();
    await page
      .getByText(/^One reset/)
      .first()
      .waitFor();
    await mark();
  });

  it('shows a change of the page without loading it again', async () => {
    edit('renderer/views/overview/overview-view.tsx', 'one row for each sender or failure', 'grouped anew');
    await page.getByText('grouped anew').waitFor();
    expect(await isMarked()).toBe(true);
  });

  it('shows what a changed engine says, in the page that stayed', async () => {
    edit(SENTENCE, "'One reset'", "'A single reset'");
    await page.getByText('A single reset').first().waitFor();
    expect(await isMarked()).toBe(true);
    expect(told).toContain('The host was started again.');
  });

  it('says what could not be built, and goes on with the next change', async () => {
    edit(SENTENCE, "'A single reset'", "'A single reset");
    await eventually(() => {
      expect(told).toContain('Not built');
    });
    edit(SENTENCE, "'A single reset", "'Just one reset'");
    await page.getByText('Just one reset').first().waitFor();
  });

  it('allows the page what the app does, and by a nonce what Vite runs inline', () => {
    const { 'content-security-policy': policy, ...others } = headers;
    // Vite's own scripts make markup.
    const asBuilt = `${policy.replaceAll(/ 'nonce-[\w+/=]+'/g, '')}; ${TRUSTED_TYPES}`;
    expect(asBuilt).toBe(CONTENT_SECURITY_POLICY);
    expect({ ...others, 'content-security-policy': CONTENT_SECURITY_POLICY }).toMatchObject(PAGE_HEADERS);
    expect(violations).toEqual([]);
  });

  it('ends all of its processes at Ctrl-C, even while a change replaces the host', async () => {
    const children = descendants(dev.pid ?? 0);
    expect(children.length).toBeGreaterThan(1);
    edit(SENTENCE, "'Just one reset'", "'The only reset'");
    await eventually(() => {
      expect(children.every(isRunning)).toBe(false);
    });
    const after = descendants(dev.pid ?? 0);
    dev.kill('SIGINT');
    expect(await once(dev, 'exit')).toEqual([0, null]);
    // A host that is ended while it starts leaves its engine to end by itself, at the end of its channel.
    await eventually(() => {
      expect([...children, ...after].filter(isRunning)).toEqual([]);
    });
  });
});
