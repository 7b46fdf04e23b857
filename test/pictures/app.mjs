// The app in a browser, of the size and in the colours of the pictures.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/setup.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const PATIENCE_MS = 120_000;

export function requireBrowser() {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is not there`);
}

/** Takes the picture of what `show` makes of the page. */
export async function takePicture(picture, files, show) {
  const settings = mkdtempSync(join(tmpdir(), 'resetscope-picture-'));
  const server = spawn(process.execPath, [join(root, 'dist/server/index.js'), '--', ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      RESETSCOPE_CONFIG_DIR: settings,
      RESETSCOPE_CAPTURE_DIR: join(settings, 'captures'),
    },
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  try {
    const url = await new Promise((resolve) => {
      server.stdout.setEncoding('utf8').once('data', (text) => resolve(text.trim()));
    });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url);
    await show(page);
    await page.screenshot({ path: picture });
    console.log(picture);
  } finally {
    await browser.close();
    server.kill();
    rmSync(settings, { recursive: true, force: true });
  }
}
