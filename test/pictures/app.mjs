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

/** Shows a page with these files; `show` is given the page, and what takes a picture of it. */
export async function withPage(files, { theme = 'dark' }, show) {
  const settings = mkdtempSync(join(tmpdir(), 'resetscope-picture-'));
  const server = spawn(process.execPath, [join(root, 'dist/server/index.js'), '--', ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      RESETSCOPE_CONFIG_DIR: settings,
      RESETSCOPE_CASE_DIR: `${settings}/cases`,
      RESETSCOPE_CAPTURE_DIR: join(settings, 'captures'),
    },
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      // Its questions to a name server that the network of the picture does not have would be failures of the capture.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
  try {
    const url = await new Promise((resolve) => {
      server.stdout.setEncoding('utf8').once('data', (text) => resolve(text.trim()));
    });
    const context = await browser.newContext({ viewport: { width: 1440, height: 800 }, colorScheme: theme });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(url);
    await show(page, async (picture) => {
      // Nothing under the pointer, and no tooltip.
      await page.mouse.move(0, 0);
      await page.screenshot({ path: picture, animations: 'disabled' });
      console.log(picture);
    });
  } finally {
    await browser.close();
    server.kill();
    rmSync(settings, { recursive: true, force: true });
  }
}
