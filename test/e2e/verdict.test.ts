/** One reset, from the one sentence down to its packets. */
import { causeOf } from '../../shared/causes/list.ts';
import { seesText } from '../../shared/texts/program-errors.ts';
import type { AppPage } from './pages/app-page.ts';
import { commandLine, expect, test } from './support/test.ts';

async function showFrame(app: AppPage, frame: number): Promise<void> {
  await app.go('Resets');
  await app.resets.row(0).waitFor();
  const frames = await app.resets.column('Frame');
  const index = frames.findIndex((text) => Number(text.replaceAll(',', '')) === frame);
  if (index < 0) throw new Error(`frame ${frame} is not on screen`);
  await app.resets.row(index).click();
  await expect.poll(() => app.verdict.frame()).toBe(frame);
}

const TALL = { width: 1600, height: 2000 };

test('says what the command line says, whoever sent it', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: TALL });
  await app.ready();
  const { verdict } = app;
  for (const kind of ['middlebox', 'endpoint', 'unknown']) {
    const reset = resets.find(({ origin }) => origin.kind === kind);
    if (reset === undefined) throw new Error(`the capture has no reset of ${kind}`);
    await showFrame(app, reset.frame);
    expect(await verdict.summary.getAttribute('title')).toBe(reset.summary);
    expect((await verdict.summary.innerText()).toLowerCase()).toContain(reset.origin.label.toLowerCase());
    expect(await verdict.section('What happened').innerText()).toContain(reset.story);
    expect(await verdict.nextStep()).toContain(reset.next);
    const why = await verdict.section('Why').innerText();
    expect(why).toContain(causeOf(reset.cause.code).title);
    const seen = await verdict.section('What the application saw').innerText();
    expect(seen).toContain(seesText(reset.sees.client));
    expect(seen).toContain(seesText(reset.sees.server));
    const matter = await verdict.section('Did it matter').innerText();
    expect(matter).toMatch(reset.matters ? /Yes: / : /No: /);
    for (const limitation of reset.limitations) expect(matter).toContain(limitation);
    const evidence = await verdict.section('Evidence').innerText();
    expect(reset.evidence.length).toBeGreaterThan(0);
    for (const piece of reset.evidence) expect(evidence).toContain(piece.text);
    if (kind === 'unknown') expect(await verdict.root.innerText()).toContain('Cannot tell');
  }
});

test('the path is told in words to those who do not see it', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const reset = resets.find(({ origin }) => origin.kind === 'middlebox');
  const app = await open({ files: [captures.mixed], viewport: TALL });
  await app.ready();
  await showFrame(app, reset?.frame ?? 0);
  const words = (await app.verdict.strip.getAttribute('aria-label')) ?? '';
  expect(words).toContain(`claims to come from the ${reset?.claimed}`);
  expect(words).toContain(reset?.origin.label);
  expect(words).toMatch(/Captured (at|between)/);
});

test('a frame of the evidence marks its packet, here and in the list of packets', async ({
  open,
  captures,
}) => {
  const { resets } = await commandLine(captures.mixed);
  const reset = resets.find(({ origin }) => origin.kind === 'middlebox');
  const app = await open({ files: [captures.mixed], viewport: TALL });
  await app.ready();
  await showFrame(app, reset?.frame ?? 0);
  const { verdict } = app;
  const links = await verdict.frameLinks.all();
  expect(links.length).toBeGreaterThan(1);
  const seen = new Set<string>();
  for (const link of links.slice(0, 4)) {
    await link.click();
    const frame = (await link.innerText()).slice(1);
    seen.add(frame);
    expect(await link.getAttribute('aria-pressed')).toBe('true');
    // Evidence may rest on other connections of the same host.
    if ((await verdict.packets.locator(`[data-frame="${frame}"]`).count()) > 0) {
      await expect.poll(() => verdict.markedPacket.getAttribute('data-frame')).toBe(frame);
    }
  }
  expect(seen.size).toBeGreaterThan(0);

  await verdict.packets.focus();
  await app.page.keyboard.press('Home');
  const first = await verdict.markedPacket.getAttribute('data-frame');
  await app.page.keyboard.press('ArrowDown');
  await expect.poll(() => verdict.markedPacket.getAttribute('data-frame')).not.toBe(first);
  await verdict.root.getByRole('button', { name: 'Packets of the flow' }).click();
  await app.page.getByRole('listbox', { name: 'Packets of the connection' }).waitFor();
  await app.page.keyboard.press('Backspace');
  await verdict.root.waitFor();
});

test('what to check opens on demand', async ({ open, captures }) => {
  const { resets } = await commandLine(captures.mixed);
  const app = await open({ files: [captures.mixed], viewport: TALL });
  await app.ready();
  const [reset] = resets;
  await showFrame(app, reset.frame);
  const confirm = app.verdict.section('Why').getByText(causeOf(reset.cause.code).confirm);
  expect(await confirm.isVisible()).toBe(false);
  await app.verdict.section('Why').getByText('What to check').click();
  await confirm.waitFor();
});
