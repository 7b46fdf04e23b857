/** A file that grows while it is open, and a server that goes away. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { interleave } from '../../support/conversation.ts';
import { pcap } from '../support/captures.ts';
import { mixedTalks } from '../support/mixed-talks.ts';
import { expect, test } from '../support/test.ts';

const PCAP_HEADER_BYTES = 24;

test('a growing file grows on screen', async ({ open }) => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-e2e-follow-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'growing.pcap');
  const packets = interleave(...mixedTalks());
  const half = Math.floor(packets.length / 2);
  writeFileSync(path, pcap(packets.slice(0, half)));

  const app = await open({ files: [path], args: ['--follow'] });
  await app.page.getByText(`Following · ${half} packets`).waitFor();
  await app.go('Flows');
  await app.flows.row(0).waitFor();
  const flows = await app.flows.total();
  await app.go('Resets');
  await app.resets.row(0).waitFor();
  await expect.poll(() => app.resets.total()).toBeGreaterThan(0);
  const resets = await app.resets.total();

  // A record may arrive in two pieces.
  const rest = pcap(packets.slice(half)).subarray(PCAP_HEADER_BYTES);
  appendFileSync(path, rest.subarray(0, 1000));
  appendFileSync(path, rest.subarray(1000));
  await app.page.getByText(`Following · ${packets.length} packets`).waitFor();
  await expect.poll(() => app.resets.total()).toBeGreaterThan(resets);
  await app.go('Flows');
  await expect.poll(() => app.flows.total()).toBeGreaterThan(flows);

  await app.page.getByRole('button', { name: 'Stop', exact: true }).click();
  await app.page.getByText('Stopped: what was read is analysed').waitFor();
});

test('a server that ended is missed at once', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed] });
  await app.ready();
  await app.host.server?.stop();
  expect(await app.alert.innerText()).toMatch(/connection .* lost|does not answer/i);
  expect(await app.page.getByRole('button', { name: 'Connect again' }).isVisible()).toBe(true);
  // The page may still be loading parts of itself that are not shown.
  app.host.complaints.forgive(/WebSocket connection to|ERR_CONNECTION_REFUSED/);
});
