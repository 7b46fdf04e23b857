/** Captures of other people's cases: each is opened, and its first reset followed down to the packets. */
import { join } from 'node:path';
import { fieldFolder } from '../support/capture-fixture.ts';
import { commandLine, expect, test } from './support/test.ts';

const FOLDER = fieldFolder();
/** Of different causes: a device, a host, a stack's own rule, a translation that forgot. */
const NAMES = [
  'a01-node-keepalive-race-alb',
  'a03-sni-injection-rst-with-payload',
  'a06-conntrack-invalid-pod-ip',
  'a12-elb-idle-400s',
  'a14-challenge-ack-loop',
  'a22-401-before-body-read',
  'b06-windows-backlog-five',
  'b12-rocket-413-loopback',
];

test.for(NAMES)('%s', async (name, { open, skip }) => {
  if (FOLDER === undefined) skip('the captures of the field are not here');
  const file = join(FOLDER ?? '', 'cases', `${name}.pcap`);
  const { resets, files } = await commandLine(file);
  const app = await open({ files: [file] });
  await app.ready();
  await expect.poll(() => app.overview.number('Resets')).toBe(String(resets.length));
  await app.page.keyboard.press('n');
  await app.verdict.summary.waitFor();
  const frame = await app.verdict.frame();
  const reset = resets.find((one) => one.frame === frame);
  if (reset === undefined) throw new Error(`the command line knows no reset in frame ${frame}`);
  expect(await app.verdict.summary.getAttribute('title')).toBe(reset.summary);
  expect(await app.verdict.section('What happened').innerText()).toContain(reset.story);
  expect(await app.verdict.nextStep()).toContain(reset.next);
  await app.verdict.root.getByRole('button', { name: 'Packets of the flow' }).click();
  await expect.poll(() => app.connection.marked.getAttribute('data-frame')).toBe(String(frame));
  await app.go('Packets');
  await app.filter.fill(`frame.number == ${frame}`);
  await expect.poll(() => app.allPackets.total()).toBe(1);
  await app.allPackets.row(0).click();
  await app.packet.line('Transmission Control Protocol').waitFor();
  await app.filter.fill('');
  await expect.poll(() => app.allPackets.total()).toBe(files[0].packets);
});
