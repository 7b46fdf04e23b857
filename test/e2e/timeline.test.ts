/** The strip of time under the lists: what is brushed there narrows every list. */
import { commandLine, expect, test } from './support/test.ts';

const WIDE = { width: 1900, height: 1200 };

test('brushing narrows every list, and all of the time comes back', async ({ open, captures }) => {
  const { resets, flows, files } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Resets');
  await app.resets.row(0).waitFor();
  await app.timeline.brush(0, 0.3);
  await expect.poll(() => app.resets.total()).toBeLessThan(resets.length);
  const narrowed = await app.resets.total();
  expect(narrowed).toBeGreaterThan(0);
  const shown = (await app.resets.column('Frame')).map((frame) => Number(frame.replaceAll(',', '')));
  const all = resets.map(({ frame }) => frame).sort((a, b) => a - b);
  // What the early part of the capture has: its first resets, and none of the later ones.
  expect(shown.sort((a, b) => a - b)).toEqual(all.slice(0, narrowed));

  await app.go('Flows');
  await expect.poll(() => app.flows.total()).toBeLessThan(flows);
  await app.go('Packets');
  await expect.poll(() => app.allPackets.total()).toBeLessThan(files[0].packets);
  await app.timeline.showAll.click();
  await expect.poll(() => app.allPackets.total()).toBe(files[0].packets);
  await app.go('Resets');
  await expect.poll(() => app.resets.total()).toBe(resets.length);
});

test('the strip is brushed by keys, and Escape clears it', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Resets');
  await app.resets.row(0).waitFor();
  const { keyboard } = app.page;
  await app.timeline.end.focus();
  await keyboard.press('ArrowLeft');
  await app.timeline.showAll.waitFor();
  await expect.poll(() => app.resets.total()).toBeLessThan(resets.length);
  const few = await app.resets.total();
  await app.timeline.begin.focus();
  await keyboard.press('Shift+Home');
  await expect.poll(() => app.resets.total()).toBeGreaterThan(few);
  expect(await app.timeline.begin.getAttribute('aria-valuetext')).toMatch(/ to /u);
  await keyboard.press('Escape');
  await app.timeline.showAll.waitFor({ state: 'detached' });
  await expect.poll(() => app.resets.total()).toBe(resets.length);
});

test('the strip says in words what it shows', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Resets');
  const describedBy = (await app.timeline.begin.getAttribute('aria-describedby')) ?? '';
  const words = app.page.locator(`[id="${describedBy}"]`);
  const forged = resets.filter(({ origin }) => origin.kind === 'middlebox').length;
  await expect.poll(() => words.innerText()).toContain(`${forged} resets: `);
});
