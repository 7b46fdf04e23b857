// npm run pictures
//
// Makes docs/verdict.png: the app with a capture of the bench, and the verdict on a reset that a device on the path injected.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { root } from '../../scripts/setup.mjs';
import { bundle } from '../bench/bundle.mjs';
import { requireBrowser, takePicture } from './app.mjs';

const PICTURE = join(root, 'docs/verdict.png');
const PACKETS = 20_000;
/** One of the burst that the device injected. */
const FRAME = '4705';

requireBrowser();
await ensureBuilt();
await takePicture(PICTURE, [await benchFile()], async (page) => {
  await page
    .getByRole('button', { name: /^Resets/ })
    .first()
    .click();
  const grid = page.getByRole('grid', { name: 'Resets' });
  await grid
    .getByRole('row')
    .filter({ has: page.getByText(FRAME, { exact: true }) })
    .click();
  await page.getByText(`frame ${FRAME} ·`).waitFor();
});

/** The capture is the same on every machine: the generator draws from a seed. */
async function benchFile() {
  const cache = join(root, '.cache/bench');
  const generator = await bundle(root, 'test/bench/run-generate.ts', join(cache, 'bin'));
  const made = spawnSync(process.execPath, [generator, cache, String(PACKETS)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (made.status !== 0) throw new Error('the capture could not be made');
  return JSON.parse(made.stdout).path;
}
