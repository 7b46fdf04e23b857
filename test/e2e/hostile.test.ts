/** Text out of packets and file names stays text. */
import type { AppPage } from './pages/app-page.ts';
import { OVERRIDE } from './support/hostile-talks.ts';
import { expect, test } from './support/test.ts';

declare global {
  interface Window {
    owned?: number;
  }
}

/** Nothing of it became an element, and nothing of it hides or reorders text. */
async function checkHarmless(app: AppPage, where: string): Promise<void> {
  const found = await app.page.evaluate(() => ({
    owned: window.owned,
    elements: document.querySelectorAll('img, script:not([src]), iframe, object').length,
    text: document.body.innerText,
    titles: Array.from(document.querySelectorAll('[title]'), (element) => element.getAttribute('title')),
    labels: Array.from(document.querySelectorAll('[aria-label]'), (e) => e.getAttribute('aria-label')),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    document: document.title,
  }));
  expect(found.owned, where).toBeUndefined();
  expect(found.elements, where).toBe(0);
  expect(found.text, where).not.toContain(OVERRIDE);
  expect([...found.titles, ...found.labels].join('\n'), where).not.toContain(OVERRIDE);
  expect(found.document, where).not.toContain(OVERRIDE);
  expect(found.sideways, `${where} scrolls sideways`).toBe(0);
}

test('in every view', async ({ open, captures }) => {
  const app = await open({ files: [captures.hostile] });
  await app.ready();
  await checkHarmless(app, 'overview');
  await app.go('Files');
  await app.files.waitFor();
  await checkHarmless(app, 'files');
  await app.go('Resets');
  await app.resets.row(0).waitFor();
  const resets = await app.resets.total();
  expect(resets).toBe(6);
  let names = '';
  for (let i = 0; i < resets; i++) {
    await app.resets.row(i).click();
    await expect.poll(() => app.resets.active()).toBe(i);
    await app.verdict.strip.waitFor();
    await checkHarmless(app, `verdict ${i}`);
    names += await app.page.locator('body').innerText();
  }
  expect(names, 'what was in the packets is shown as it was').toContain('<img src=x');
  await app.go('Flows');
  await app.flows.row(0).waitFor();
  await checkHarmless(app, 'flows');
  for (let i = 0; i < resets; i++) {
    await app.go('Flows');
    await app.flows.row(i).dblclick();
    await app.connection.ladder.waitFor();
    await checkHarmless(app, `ladder ${i}`);
    await app.connection.show('Packets');
    await app.packets.row(0).waitFor();
    await checkHarmless(app, `packets ${i}`);
    await app.connection.show('Stream');
    for (const look of ['http', 'tls', 'hex', 'text'] as const) {
      await app.connection.showStreamAs(look);
      await app.page.locator('.stream-list, .stream-body').waitFor();
      await checkHarmless(app, `stream as ${look} ${i}`);
    }
    await expect
      .poll(() => app.page.getByRole('region', { name: 'What the connection carried' }).innerText())
      .toContain('<script>window.owned=1</script>');
  }
});

test('in the filter and the palette', async ({ open, captures }) => {
  const app = await open({ files: [captures.hostile], recent: [captures.hostile] });
  await app.ready();
  await app.go('Resets');
  await app.filter.fill('idle:<img/src=x/onerror=window.owned=1>');
  await app.alert.waitFor();
  await checkHarmless(app, 'filter');
  await app.page.keyboard.press('Control+k');
  await app.palette.waitFor();
  await app.page.keyboard.type('recent');
  await checkHarmless(app, 'palette');
});
