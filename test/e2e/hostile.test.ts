/** Text out of packets and file names stays text. */
import type { AppPage } from './pages/app-page.ts';
import { LONG, OVERRIDE, SCRIPT } from './support/hostile-talks.ts';
import { expect, test } from './support/test.ts';

declare global {
  interface Window {
    owned?: number;
  }
}

/** What stands before each mark that turns the order of text around. */
function before(text: string): string[] {
  return text
    .split(OVERRIDE)
    .slice(0, -1)
    .map((part) => part.slice(-80));
}

/** Nothing of it became an element, and nothing of it hides or reorders text. */
async function checkHarmless(app: AppPage, where: string): Promise<void> {
  const found = await app.page.evaluate(() => ({
    owned: window.owned,
    boxes: Array.from(document.querySelectorAll('main, [role="dialog"]'), (element) => {
      const { left, right } = element.getBoundingClientRect();
      return Math.max(0, Math.ceil(right - window.innerWidth), Math.ceil(-left));
    }),
    elements: document.querySelectorAll('img, script:not([src]), iframe, object').length,
    text: Array.from(document.querySelectorAll('body > *'), (element) => {
      const shown = element.cloneNode(true) as Element;
      // The coloured copy of a field lies under it, letter by letter: it shows what the field does.
      for (const layer of shown.querySelectorAll('.filter-layer')) layer.remove();
      return shown.textContent;
    }).join('\n'),
    titles: Array.from(document.querySelectorAll('[title]'), (element) => element.getAttribute('title')),
    labels: Array.from(document.querySelectorAll('[aria-label]'), (e) => e.getAttribute('aria-label')),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    document: document.title,
  }));
  expect(found.owned, where).toBeUndefined();
  expect(found.elements, where).toBe(0);
  expect(before(found.text), where).toEqual([]);
  expect(before([...found.titles, ...found.labels].join('\n')), where).toEqual([]);
  expect(found.document, where).not.toContain(OVERRIDE);
  expect(found.sideways, `${where} scrolls sideways`).toBe(0);
  expect(Math.max(0, ...found.boxes), `${where} lies outside of the window`).toBe(0);
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
    await app.connection.show('Ladder');
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

test('in comments, names of interfaces and of addresses, and questions for names', async ({
  open,
  captures,
}) => {
  // Every line of a packet is on screen.
  const app = await open({ files: [captures.hostileNotes], viewport: { width: 1600, height: 3000 } });
  await app.ready();
  await app.go('Files');
  await app.files.getByText('notes.pcapng').first().waitFor();
  await checkHarmless(app, 'files');
  for (const [view, grid] of [
    ['Flows', app.flows],
    ['Addresses', app.addresses],
    ['Packets', app.allPackets],
  ] as const) {
    await app.go(view);
    await grid.row(0).waitFor();
    await checkHarmless(app, view);
  }
  for (let i = 0; i < (await app.allPackets.total()); i++) {
    await app.allPackets.row(i).click();
    await expect.poll(() => app.packet.title.innerText()).toBe(`Frame ${i + 1}`);
    await app.packet.line('Domain Name System').waitFor();
    await app.packet.root.getByRole('button', { name: 'Expand all' }).click();
    await checkHarmless(app, `packet ${i}`);
  }
});

test('in the filter of every list, its completions and what is kept of it', async ({ open, captures }) => {
  const app = await open({ files: [captures.hostile] });
  await app.ready();
  for (const view of ['Resets', 'Failures', 'Flows', 'Packets', 'Addresses'] as const) {
    await app.go(view);
    await app.filter.fill('idle:<img/src=x/onerror=window.owned=1>');
    await app.filterField.error.waitFor();
    await checkHarmless(app, `wrong filter of ${view}`);
    await app.filter.fill(`tcp contains "${SCRIPT.replaceAll('"', '\\"')}"`);
    await app.filter.press('Enter');
    await app.filterField.error.waitFor({ state: 'detached' });
    await checkHarmless(app, `filter of ${view}`);
    await app.filter.fill(`flow.host == "${LONG.slice(0, 1500)}"`);
    await app.filter.press('Enter');
    await checkHarmless(app, `long filter of ${view}`);
    await app.filter.fill('');
  }
  await app.go('Packets');
  await app.filter.fill('tcp.flags.reset == 1');
  await app.filter.press('Enter');
  const name = `${SCRIPT.slice(0, 50)}${OVERRIDE}x`;
  await app.filterField.keptButton.click();
  await app.filterField.kept.getByLabel('Save the filter as').fill(name);
  await app.filterField.kept.getByRole('button', { name: 'Save', exact: true }).click();
  await app.filterField.kept.getByText(SCRIPT.slice(0, 50)).waitFor();
  await checkHarmless(app, 'saved filters');
  await app.page.keyboard.press('Escape');
  await app.filter.fill('http.host == ');
  await app.filterField.offers.first().waitFor();
  await checkHarmless(app, 'values of the capture');
});

test('in the palette, and where a frame is asked for', async ({ open, captures }) => {
  const app = await open({ files: [captures.hostile], recent: [captures.hostile] });
  await app.ready();
  await app.page.keyboard.press('Control+k');
  await app.palette.waitFor();
  await app.page.keyboard.type('recent');
  await checkHarmless(app, 'palette');
  await app.page.keyboard.press('Escape');
  await app.go('Packets');
  const frame = app.page.getByRole('textbox', { name: 'Go to frame' });
  for (const text of [SCRIPT, `1${OVERRIDE}2`, LONG, '99999999999999999999']) {
    await frame.fill(text);
    await frame.press('Enter');
    await checkHarmless(app, `frame ${text.slice(0, 20)}`);
  }
});

test('in names that the user gives, in files of names and in hops', async ({ open, captures }) => {
  const app = await open({ files: [captures.hostile] });
  await app.ready();
  await app.page.keyboard.press('n');
  await app.verdict.strip.waitFor();
  const hops = app.verdict.root.locator('details.hops');
  await hops.locator('summary').click();
  const paste = hops.getByLabel(/^Or paste what traceroute/u);
  for (const name of [SCRIPT.replaceAll(' ', ''), `a${OVERRIDE}b.example`, LONG.slice(0, 400)]) {
    await paste.fill(`traceroute to 203.0.113.10 (203.0.113.10)\n 1  ${name} (10.0.0.1)  1.0 ms\n`);
    await hops.getByRole('button', { name: 'Take the hops' }).click();
    const list = hops.getByRole('list', { name: /^Hops to / });
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
    await checkHarmless(app, `hop ${name.slice(0, 20)}`);
    await hops.getByRole('button', { name: 'Forget this route' }).click();
    await list.waitFor({ state: 'detached' });
  }
  await app.verdict.root.getByRole('button', { name: /Name the server/u }).click();
  for (const [address, name] of [
    ['203.0.113.10', SCRIPT],
    ['203.0.113.11', `office${OVERRIDE}llawerif`],
    ['203.0.113.12', LONG.slice(0, 200)],
    [SCRIPT, 'x'],
  ] as const) {
    await app.names.address.fill(address);
    await app.names.name.fill(name);
    await app.names.save.click();
    await checkHarmless(app, `name ${name.slice(0, 20)}`);
  }
  await app.names.readFile(
    `${SCRIPT.slice(0, 20)}.txt`,
    `203.0.113.13 ${SCRIPT}\n203.0.113.14 ${OVERRIDE}x\n`,
  );
  await expect.poll(() => app.names.told.innerText()).not.toBe('');
  await checkHarmless(app, 'file of names');
  await app.names.close();
  await checkHarmless(app, 'verdict with names');
  await app.go('Flows');
  await app.flows.row(0).waitFor();
  await checkHarmless(app, 'flows with names');
});

test('in the search of a stream', async ({ open, captures }) => {
  const app = await open({ files: [captures.hostile] });
  await app.ready();
  await app.go('Flows');
  await app.flows.row(0).dblclick();
  await app.connection.show('Stream');
  await app.connection.showStreamAs('text');
  for (const text of [SCRIPT, OVERRIDE, LONG.slice(0, 2000)]) {
    await app.connection.search.fill(text);
    await expect.poll(() => app.connection.hits.innerText()).toMatch(/of|no hit|long/u);
    await checkHarmless(app, `search for ${text.slice(0, 20)}`);
  }
});

test('in addresses of places', async ({ open, captures }) => {
  const app = await open({ files: [captures.hostile] });
  await app.ready();
  for (const place of [
    `/${SCRIPT}/1`,
    `/resets?filter=${encodeURIComponent(SCRIPT)}`,
    `/packets?filter=${encodeURIComponent(`${OVERRIDE}${LONG.slice(0, 1000)}`)}`,
    `/${OVERRIDE}gnp`,
    `/reset/${'9'.repeat(400)}`,
    `/connection/1?packet=${encodeURIComponent(SCRIPT)}`,
  ]) {
    await app.page.evaluate((hash) => {
      location.hash = hash;
    }, place);
    await expect.poll(() => app.page.evaluate(() => location.hash)).not.toBe('');
    await checkHarmless(app, `the address ${place.slice(0, 30)}`);
  }
  await app.go('Resets');
  await app.filter.fill('');
  await app.resets.row(0).waitFor();
});
