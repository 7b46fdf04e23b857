// npm run pictures
//
// Makes docs/live.png: the app while it captures on a host whose connections are reset in several ways. Root is needed, for network
// namespaces.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../scripts/build.mjs';
import { ensureNativeBuilt } from '../../scripts/build-native.mjs';
import { root } from '../../scripts/setup.mjs';
import { PATIENCE_MS, requireBrowser, withPage } from './app.mjs';
import { Network } from './network.mjs';

const PICTURE = join(root, 'docs/live.png');
/** Resets in the list when the picture is made. */
const RESETS = 40;

if (process.env.PICTURES === undefined) await outside();
else await inside();

/** Makes the network, and the picture by another process of ours on its host: it has a loopback of its own. */
async function outside() {
  requireBrowser();
  await ensureBuilt();
  const native = ensureNativeBuilt();
  if (!native.built) throw new Error(native.reason);
  const network = new Network(process.pid);
  try {
    network.make();
    const env = { ...process.env, PICTURES: '1' };
    const made = spawn(
      'ip',
      ['netns', 'exec', network.host, process.execPath, fileURLToPath(import.meta.url)],
      {
        stdio: 'inherit',
        env,
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 4000));
    network.startClients();
    process.exitCode = await new Promise((resolve) => made.once('close', resolve));
  } finally {
    await network.end();
  }
}

function inside() {
  return withPage([], {}, async (page, take) => {
    await page.getByRole('option').filter({ hasText: 'eth0' }).click();
    await page
      .getByRole('button', { name: /^(Start c|C)apture/ })
      .last()
      .click();
    await page.getByRole('region', { name: 'Live capture' }).waitFor();
    await page
      .getByRole('button', { name: /^Resets/ })
      .first()
      .click();
    const rows = page.getByRole('grid', { name: 'Resets' });
    // One that the kernel can say most about.
    await rows
      .getByRole('row')
      .filter({ hasText: 'Client' })
      .filter({ hasText: 'Closed with unr' })
      .first()
      .click();
    await page.waitForFunction(
      ([grid, count]) => Number(document.querySelector(grid)?.getAttribute('aria-rowcount')) > count,
      ['[role="grid"][aria-label="Resets"]', RESETS],
      { timeout: PATIENCE_MS },
    );
    await take(PICTURE);
  });
}
