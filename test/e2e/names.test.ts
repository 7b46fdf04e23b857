/** Names that the user gives to addresses, and hops named by what other programs print. */
import type { AppPage } from './pages/app-page.ts';
import type { Captures } from './support/captures.ts';
import type { OpenOptions } from './support/host.ts';
import { expect, test } from './support/test.ts';

const WIDE = { width: 1600, height: 1400 };
const SERVER = '203.0.113.11';

/** The verdict on a forged reset in the name of that server. */
async function openVerdict(
  open: (options: OpenOptions) => Promise<AppPage>,
  captures: Captures,
): Promise<AppPage> {
  const app = await open({ files: [captures.mixed], viewport: WIDE });
  await app.ready();
  await app.go('Resets');
  await app.filter.fill(`server:${SERVER}`);
  await expect.poll(() => app.resets.total()).toBe(3);
  await app.resets.row(0).click();
  await app.verdict.strip.waitFor();
  return app;
}

test('a name stands in every text, is changed, and goes away', async ({ open, captures }) => {
  const app = await openVerdict(open, captures);
  await app.verdict.root.getByRole('button', { name: `Name the server ${SERVER}` }).click();
  await app.names.root.waitFor();
  expect(await app.names.address.inputValue()).toBe(SERVER);
  await app.names.name.fill('payment front end');
  await app.page.keyboard.press('Enter');
  await app.names.list.getByText('payment front end').waitFor();
  await app.names.close();
  await expect.poll(() => app.verdict.section('What happened').innerText()).toContain('payment front end');
  // The name outlives the page.
  await app.page.reload();
  await expect.poll(() => app.verdict.section('What happened').innerText()).toContain('payment front end');

  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('names of addresses');
  await app.page.keyboard.press('Enter');
  await app.names.list.getByText('payment front end').waitFor();
  await app.names.root.getByRole('button', { name: `Take the name of ${SERVER} away` }).click();
  await app.names.root.getByText(/^No names yet/u).waitFor();
  await app.names.close();
  await expect
    .poll(() => app.verdict.section('What happened').innerText())
    .not.toContain('payment front end');
});

test('a hosts file names many, and says which lines named nothing', async ({ open, captures }) => {
  const app = await openVerdict(open, captures);
  await app.verdict.root.getByRole('button', { name: `Name the server ${SERVER}` }).click();
  await app.names.readFile('hosts', `# ours\n${SERVER} shop\n10.1.0.9 till\nnonsense here\n`);
  await expect.poll(() => app.names.told.innerText()).toMatch(/^Took 2 names\. 1 line named nothing/u);
  await app.names.address.fill('no address');
  await app.names.name.fill('x');
  await app.names.save.click();
  await expect.poll(() => app.names.error.innerText()).toMatch(/^Write an IPv4/u);
  await app.names.close();
  await expect.poll(() => app.verdict.section('What happened').innerText()).toContain('shop');
});

test('hops that traceroute printed are held against the reset', async ({ open, captures }) => {
  const app = await openVerdict(open, captures);
  const hops = app.verdict.root.locator('details.hops');
  await hops.locator('summary').click();
  const paste = hops.getByLabel(/^Or paste what traceroute/u);
  await paste.fill('hello');
  await hops.getByRole('button', { name: 'Take the hops' }).click();
  await hops.getByRole('alert').waitFor();
  const lines = Array.from({ length: 17 }, (_, i) =>
    i === 16
      ? ` 17  ${SERVER} (${SERVER})  21.0 ms`
      : ` ${i + 1}  r${i + 1}.example.net (198.51.100.${i + 1})  ${i + 1}.1 ms`,
  );
  await paste.fill(
    `traceroute to ${SERVER} (${SERVER}), 30 hops max, 60 byte packets\n${lines.join('\n')}\n`,
  );
  await hops.getByRole('button', { name: 'Take the hops' }).click();
  const list = hops.getByRole('list', { name: `Hops to ${SERVER}` });
  await expect.poll(() => list.getByRole('listitem').count()).toBe(17);
  // These resets have several TTLs, so that the verdict gives no distance: a hop would be a guess.
  await expect
    .poll(() => hops.locator('.hops-found').innerText())
    .toBe('No hop of this route can be held against the reset.');
  await hops.getByRole('button', { name: 'Forget this route' }).click();
  await list.waitFor({ state: 'detached' });
});
