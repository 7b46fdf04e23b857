/** Every view in both themes: no serious finding of axe-core, and a picture for people to look at. */
import type { AppPage } from './pages/app-page.ts';
import { hasApprovedFonts } from './support/approved.ts';
import { AXE, look } from './support/look.ts';
import { expect, test } from './support/test.ts';
import { TEST_PATIENCE_MS } from '../support/patience-times.ts';

/** A view, and the way to it. */
interface Look {
  readonly name: string;
  readonly show: (app: AppPage) => Promise<unknown>;
  /** Shows nothing but what the look before has too, further up or down. */
  readonly isSeen?: boolean;
  /** See LookOptions. */
  readonly varies?: boolean;
}

const LOOKS: readonly Look[] = [
  { name: 'overview', show: (app) => app.ready() },
  {
    name: 'overview-scrolled',
    isSeen: true,
    show: (app) => app.overview.card('Who sent them').scrollIntoViewIfNeeded(),
  },
  {
    name: 'resets',
    show: async (app) => {
      await app.go('Resets');
      await app.page.getByRole('button', { name: /^Hide the verdict/u }).waitFor();
      await app.resets.row(0).waitFor();
    },
  },
  {
    name: 'verdict-device',
    show: async (app) => {
      await app.preset('Device on the path').click();
      await app.filterCount.getByText(/^\d+ of \d+$/u).waitFor();
      await app.page.keyboard.press('n');
      await app.verdict.strip.waitFor();
    },
  },
  {
    name: 'verdict-device-packets',
    isSeen: true,
    show: (app) => app.verdict.packets.scrollIntoViewIfNeeded(),
  },
  {
    name: 'verdict-host',
    show: async (app) => {
      await app.preset('Host').click();
      await app.resets
        .row(0)
        .getByText(/^(Server|Client)$/)
        .waitFor();
      await app.resets.row(0).click();
      await app.verdict.root.getByText('Host', { exact: true }).waitFor();
    },
  },
  {
    name: 'verdict-unknown',
    show: async (app) => {
      await app.preset('Cannot tell').click();
      await app.resets.row(0).getByText('Cannot tell').waitFor();
      await app.resets.row(0).click();
      await app.verdict.root.getByText('Cannot tell').first().waitFor();
    },
  },
  {
    name: 'filter-error',
    show: async (app) => {
      await app.filter.fill('orign:middlebox');
      await app.alert.waitFor();
    },
  },
  {
    name: 'filter-help',
    show: async (app) => {
      await app.filter.fill('');
      await app.page.getByRole('button', { name: 'How to filter' }).click();
      await app.page.getByRole('dialog', { name: 'How to filter' }).waitFor();
    },
  },
  {
    name: 'flows',
    show: async (app) => {
      await app.page.keyboard.press('Escape');
      await app.go('Flows');
      await app.flows.row(2).click();
    },
  },
  {
    name: 'flows-columns',
    show: async (app) => {
      await app.page.getByRole('button', { name: /^Columns/u }).click();
      await app.page.getByRole('menu', { name: 'Columns' }).waitFor();
    },
  },
  {
    name: 'ladder',
    show: async (app) => {
      await app.page.keyboard.press('Escape');
      await app.flows.row(2).dblclick();
      await app.connection.ladder.getByRole('option').first().waitFor({ state: 'attached' });
    },
  },
  {
    name: 'graphs',
    show: async (app) => {
      await app.connection.show('Graphs');
      await app.page.getByRole('img', { name: /^Graphs of the data/u }).waitFor();
    },
  },
  {
    name: 'graphs-table',
    show: async (app) => {
      await app.page.getByRole('button', { name: 'As a table' }).click();
      await app.page.getByRole('region', { name: 'Numbers of the graphs' }).waitFor();
    },
  },
  {
    name: 'flow-packets',
    show: async (app) => {
      await app.connection.show('Packets');
      await app.packets.row(1).click();
      await app.packet.title.getByText('Frame 9', { exact: true }).waitFor();
    },
  },
  ...(['text', 'hex'] as const).map((as): Look => ({
    name: `stream-${as}`,
    show: async (app) => {
      await app.connection.show('Stream');
      await app.connection.showStreamAs(as);
      await app.page.getByRole('region', { name: 'From the client' }).first().waitFor();
    },
  })),
  {
    name: 'packets',
    show: async (app) => {
      await app.go('Packets');
      await app.allPackets.row(3).click();
      await app.packet.title.getByText('Frame 4', { exact: true }).waitFor();
      await app.packet.line('Transmission Control Protocol').waitFor();
    },
  },
  {
    name: 'packet-field',
    show: async (app) => {
      await app.packet.line('Source Port').click();
      await app.packet.hex.locator('.hex-bytes .is-selected').first().waitFor();
    },
  },
  {
    name: 'packet-value',
    show: async (app) => {
      await app.packet.openValueMenu();
      await app.page.getByRole('menuitem', { name: 'Copy as a filter' }).waitFor();
    },
  },
  {
    name: 'filter-offers',
    show: async (app) => {
      await app.page.keyboard.press('Escape');
      await app.filter.fill('tcp.flags.');
      await app.filterField.offer('tcp.flags.reset').waitFor();
    },
  },
  {
    name: 'filter-kept',
    show: async (app) => {
      await app.filter.fill('tcp.flags.reset == 1');
      await app.filter.press('Enter');
      await app.filterField.saveAs('every reset');
      await app.filterField.keptButton.click();
      await app.filterField.kept.getByText('every reset').waitFor();
    },
  },
  {
    name: 'timeline-brushed',
    show: async (app) => {
      await app.page.keyboard.press('Escape');
      await app.go('Resets');
      await app.timeline.begin.focus();
      await app.page.keyboard.press('ArrowRight');
      await app.timeline.showAll.waitFor();
    },
  },
  {
    name: 'addresses',
    show: async (app) => {
      await app.timeline.showAll.click();
      await app.go('Addresses');
      await app.addresses.row(1).click();
    },
  },
  {
    name: 'conversations',
    show: async (app) => {
      await app.page.getByRole('button', { name: 'Conversations', exact: true }).click();
      await app.conversations.row(1).click();
    },
  },
  {
    name: 'names',
    show: async (app) => {
      await app.page.keyboard.press('Control+k');
      await app.page.keyboard.type('names of addresses');
      await app.page.keyboard.press('Enter');
      await app.names.address.fill('203.0.113.11');
      await app.names.name.fill('payment front end');
      await app.names.save.click();
      await app.names.list.getByText('payment front end').waitFor();
    },
  },
  {
    name: 'files',
    varies: true,
    show: async (app) => {
      await app.names.close();
      await app.go('Files');
      await app.files.getByText('truncated-packet').waitFor();
    },
  },
  {
    name: 'palette',
    show: async (app) => {
      // The files behind it would vary.
      await app.go('Overview');
      await app.ready();
      await app.page.keyboard.press('Control+k');
      // All commands would name the interfaces of this machine.
      await app.page.keyboard.type('what');
      await app.palette.getByText('What matters').first().waitFor();
    },
  },
  {
    name: 'help',
    varies: true,
    show: async (app) => {
      await app.palette.press('Escape');
      await app.palette.waitFor({ state: 'detached' });
      await app.page.keyboard.press('?');
      await app.help.getByText('Reading a verdict').waitFor();
    },
  },
];

/** A view that does not come is told by its name. */
async function step(name: string, shown: Promise<unknown>): Promise<void> {
  try {
    await shown;
  } catch (cause) {
    throw new Error(`${name} does not come: ${String(cause)}`, { cause });
  }
}

/** So many views are several tests in one page. */
const TOUR = { timeout: 3 * TEST_PATIENCE_MS };

test.for(['light', 'dark'] as const)('the open capture, %s', TOUR, async (theme, { open, captures }) => {
  const app = await open({ files: [captures.truncated], theme, scripts: [AXE] });
  const found: string[] = [];
  for (const { name, show, isSeen, varies } of LOOKS) {
    await step(name, show(app));
    found.push(...(await look(app, name, theme, { isSeen, varies })));
  }
  expect(found).toEqual([]);
  expect(await app.page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
});

test.for(['light', 'dark'] as const)('the start page, %s', async (theme, { open, captures }) => {
  const app = await open({ recent: [captures.mixed, captures.quiet], theme, scripts: [AXE] });
  await app.recent('mixed.pcap').waitFor();
  await app.openButton.and(app.page.locator(':enabled')).waitFor();
  const found = await look(app, 'start', theme, { varies: true });
  const broken = await open({ files: [captures.broken], theme, scripts: [AXE] });
  await broken.alert.waitFor();
  found.push(...(await look(broken, 'start-error', theme, { varies: true })));
  const quiet = await open({ files: [captures.quiet], theme, scripts: [AXE] });
  await quiet.ready();
  found.push(...(await look(quiet, 'no-resets', theme)));
  await quiet.go('Failures');
  await quiet.page.getByText(/failed without a reset, as far as/).waitFor();
  found.push(...(await look(quiet, 'no-failures', theme)));
  expect(found).toEqual([]);
});

test.for(['light', 'dark'] as const)('failures, %s', async (theme, { open, captures }) => {
  const app = await open({ files: [captures.failing], theme, scripts: [AXE] });
  await app.ready();
  const found = await look(app, 'failures-overview', theme);
  await app.go('Failures');
  await app.failures.row(0).waitFor();
  found.push(...(await look(app, 'failures', theme)));
  await app.failures.row(0).click();
  await app.failure.summary.waitFor();
  found.push(...(await look(app, 'failure', theme)));
  await app.failure.packets.scrollIntoViewIfNeeded();
  found.push(...(await look(app, 'failure-packets', theme, { isSeen: true })));
  await app.filter.fill('ending:half-open side:server');
  await app.page.getByText('No failure passes this filter').waitFor();
  found.push(...(await look(app, 'failures-filtered', theme)));
  await app.go('Flows');
  await app.flows.row(0).waitFor();
  found.push(...(await look(app, 'flows-endings', theme)));
  await app.filter.fill('ending:cut-short');
  await expect.poll(() => app.flows.total()).toBe(1);
  await app.flows.row(0).dblclick();
  await app.connection.show('Stream');
  await app.connection.showStreamAs('http');
  await app.page.getByRole('region', { name: 'From the client' }).waitFor();
  found.push(...(await look(app, 'stream-http', theme)));
  expect(found).toEqual([]);
});

test.for(['light', 'dark'] as const)('a case of two captures, %s', async (theme, { open, captures }) => {
  const app = await open({ files: captures.forgedEnds, theme, scripts: [AXE] });
  await app.ready();
  const { page } = app;
  await page.getByRole('region', { name: /^Capture points/u }).waitFor();
  const found = await look(app, 'joined-overview', theme);
  await page.keyboard.press('2');
  await page.keyboard.press('n');
  await page.getByRole('button', { name: 'PROVEN' }).waitFor();
  await app.verdict.strip.waitFor();
  found.push(...(await look(app, 'joined-verdict', theme)));
  await page.getByRole('button', { name: 'PROVEN' }).click();
  await page.getByRole('region', { name: 'Where it was seen' }).and(page.locator(':focus')).waitFor();
  found.push(...(await look(app, 'joined-seen-at', theme, { isSeen: true })));
  await app.verdict.root.getByRole('button', { name: 'Packets of the flow' }).click();
  await page.getByText(/^order between columns/u).waitFor();
  found.push(...(await look(app, 'joined-ladder', theme)));
  await page.keyboard.press('5');
  // The list is where the reset of the steps before stands.
  await app.allPackets.selected.waitFor();
  await app.allPackets.root.press('Home');
  await page.getByRole('button', { name: /^Compare field by field with/u }).click();
  await page.getByRole('tree', { name: /^Fields at/u }).waitFor();
  found.push(...(await look(app, 'joined-packet', theme)));
  expect(found).toEqual([]);
});

/** How far the page scrolls sideways, and what of the window's frame lies outside of it. */
function sideways(app: AppPage): Promise<number> {
  return app.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const main = document.querySelector('main')?.getBoundingClientRect().right ?? 0;
    return Math.max(scrollWidth - clientWidth, Math.ceil(main - clientWidth));
  });
}

/** The views that a narrow window has to hold. */
const NARROW: readonly Look[] = [
  { name: 'overview', show: (app) => app.ready() },
  {
    name: 'resets',
    show: async (app) => {
      await app.page.keyboard.press('2');
      await app.page.keyboard.press('n');
      await app.verdict.strip.waitFor();
    },
  },
  {
    name: 'ladder',
    show: async (app) => {
      await app.verdict.root.getByRole('button', { name: 'Packets of the flow' }).click();
      await app.connection.marked.waitFor({ state: 'attached' });
    },
  },
  {
    name: 'graphs',
    show: async (app) => {
      await app.page.keyboard.press('Shift+G');
      await app.page.getByRole('img', { name: /^Graphs of the data/u }).waitFor();
    },
  },
  {
    name: 'stream',
    show: async (app) => {
      await app.page.keyboard.press('Shift+S');
      // Text that is chosen before the bytes are here scrolls to the packet that is selected.
      await app.page.locator('.exchange').first().waitFor();
      await app.page.locator('.segment-text').click();
      await app.page.getByRole('region', { name: 'From the client' }).first().waitFor();
    },
  },
  {
    name: 'failures',
    show: async (app) => {
      await app.page.keyboard.press('3');
      await app.page.getByText('No failures', { exact: true }).or(app.failures.row(0)).waitFor();
    },
  },
  {
    name: 'flows',
    show: async (app) => {
      await app.page.keyboard.press('4');
      await app.flows.row(0).waitFor();
    },
  },
  {
    name: 'packets',
    show: async (app) => {
      await app.page.keyboard.press('5');
      // The list is where the reset of the steps before stands.
      await app.allPackets.selected.waitFor();
      await app.allPackets.root.press('Home');
      await app.packet.title.getByText('Frame 1', { exact: true }).waitFor();
      await app.packet.line('Transmission Control Protocol').waitFor();
    },
  },
  {
    name: 'endpoints',
    show: async (app) => {
      await app.page.keyboard.press('6');
      await app.addresses.row(0).waitFor();
    },
  },
];

test.for([
  [1024, 'light'],
  [640, 'dark'],
] as const)('a window of %d px', TOUR, async ([width, theme], { open, captures }) => {
  const app = await open({
    files: [captures.mixed],
    viewport: { width, height: 720 },
    theme,
    scripts: [AXE],
  });
  const found: string[] = [];
  for (const { name, show } of NARROW) {
    await step(name, show(app));
    found.push(...(await look(app, `${width}-${name}`, theme)));
    const off = await sideways(app);
    if (off > 0) found.push(`${name} at ${width} px: ${off} px lie outside`);
  }
  expect(found).toEqual([]);
});

test('pictures are compared', async ({ open, captures, skip }) => {
  const app = await open({ files: [captures.quiet] });
  if (!(await hasApprovedFonts(app.page))) skip('other fonts than those of the approved pictures');
});

test('the chosen theme outlives the system’s, and a reload', async ({ open, captures }) => {
  const app = await open({ files: [captures.mixed], theme: 'light' });
  await app.ready();
  const theme = (): Promise<string | undefined> =>
    app.page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe('light');
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(theme).toBe('dark');
  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('light theme');
  await app.page.keyboard.press('Enter');
  await expect.poll(theme).toBe('light');
  await app.page.reload();
  await app.ready();
  expect(await theme()).toBe('light');
});
