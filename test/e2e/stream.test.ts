/** What a connection carried: in its order, as text, hex, HTTP and TLS; searched, and back to its packets. */
import type { AppPage } from './pages/app-page.ts';
import { expect, test } from './support/test.ts';

const WIDE = { width: 1600, height: 1000 };

/** The stream of the first flow that passes the filter. */
async function openStream(app: AppPage, filter: string): Promise<void> {
  await app.ready();
  await app.go('Flows');
  await app.filter.fill(filter);
  await expect.poll(() => app.flows.total()).toBe(1);
  await app.flows.row(0).dblclick();
  await app.connection.ladder.waitFor();
  await app.connection.show('Stream');
}

test('HTTP is told message by message; what was cut off lies open', async ({ open, captures }) => {
  const app = await open({ files: [captures.failing], viewport: WIDE });
  await openStream(app, 'ending:cut-short');
  await app.connection.showStreamAs('http');
  const exchange = app.page.locator('details.exchange');
  await expect.poll(() => exchange.locator('summary').innerText()).toMatch(/200[\s\S]*answer cut off/u);
  const request = exchange.getByRole('region', { name: 'From the client' });
  await expect.poll(() => request.innerText()).toMatch(/\/report[\s\S]*www\.example\.net/u);
  await exchange.getByRole('region', { name: 'From the server' }).getByText('100000').first().waitFor();
});

test('both sides stand in their order, or one alone', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await openStream(app, 'server:203.0.113.41 port:80');
  await app.connection.showStreamAs('text');
  const turns = app.connection.stream.getByRole('region');
  await expect.poll(() => turns.count()).toBeGreaterThan(2);
  const order = await turns.evaluateAll((sections) => sections.map((one) => one.getAttribute('aria-label')));
  expect(order.slice(0, 3)).toEqual(['From the client', 'From the server', 'From the client']);
  await app.connection.showSide('server');
  await expect.poll(() => app.connection.stream.innerText()).not.toContain('GET /report');
});

test('a reset stands where it came, with what was lost', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  // The first forged reset: what the request held was never acknowledged.
  await openStream(app, 'frame.number == 239');
  await app.connection.showStreamAs('text');
  await expect
    .poll(() => app.connection.stream.innerText())
    .toMatch(/had not been acknowledged when the reset came/u);
  await app.connection.stream.getByRole('button', { name: 'Verdict' }).click();
  await app.verdict.summary.waitFor();
});

test('TLS is told record by record', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await openStream(app, 'shop-3.example.org');
  await app.connection.showStreamAs('tls');
  await app.page
    .getByRole('row')
    .filter({ hasText: 'ClientHello' })
    .getByText('shop-3.example.org')
    .waitFor();
  await app.page.getByRole('row').filter({ hasText: 'Alert' }).waitFor();
});

test('a search goes from hit to hit, in text and in bytes', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await openStream(app, 'server:203.0.113.41 port:80');
  await app.connection.showStreamAs('text');
  const { search, hits } = app.connection;
  await search.fill('report');
  await expect.poll(() => hits.innerText()).toBe('1 of 2');
  await search.press('Enter');
  await expect.poll(() => hits.innerText()).toBe('2 of 2');
  await search.press('Shift+Enter');
  await expect.poll(() => hits.innerText()).toBe('1 of 2');
  await search.fill('no such text');
  await expect.poll(() => hits.innerText()).toBe('no hit');
  await app.page.getByRole('combobox', { name: 'What is searched for' }).selectOption('hex');
  // "GET"
  await search.fill('47 45 54');
  await expect.poll(() => hits.innerText()).toBe('1 of 2');
});

test('a turn leads to its packet', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await openStream(app, 'server:203.0.113.41 port:80');
  await app.connection.showStreamAs('text');
  const link = app.connection.stream.getByRole('button', { name: /^frame \d+$/u }).first();
  const frame = (await link.innerText()).replace('frame ', '');
  await link.click();
  await app.connection.show('Ladder');
  await expect.poll(() => app.connection.marked.getAttribute('data-frame')).toBe(frame);
});
