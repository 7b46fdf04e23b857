/** The fleet in the whole interface, over the real RPC, with a fake engine behind it. */
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RpcError } from '../../shared/contract/errors.ts';
import { memoryBar } from '../core/address-bar.ts';
import type { AddressBar } from '../core/address-bar.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleProgress, sampleReset, sampleSummary } from '../testing/sample.ts';
import { FLEET_FROM_MS, FLEET_TO_MS, sampleCoverage, sampleFleetJoin } from '../testing/sample-fleet.ts';
import { Root } from './root.tsx';

const PLACE = '/srv/fleet';
const HOUR = 3_600_000;
let engine: FakeEngine;
let app: App;
let bar: AddressBar;

// Looking whether each element is hidden asks for the style of all that it lies in, which takes minutes here.
configure({ defaultHidden: true });

/** happy-dom lays nothing out: the bars would have no width. */
vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
  return new DOMRect(0, 0, this.classList.contains('fleet-plot-bars') ? 1200 : 0, 600);
});

beforeEach(() => {
  engine = new FakeEngine();
  engine.fleet.places = [{ place: PLACE, store: 'folder', openedMs: null }];
});
afterEach(() => {
  cleanup();
  app.dispose();
});

function start(address = ''): void {
  bar = memoryBar(address);
  app = createApp(engine.platform, bar);
  render(
    <AppProvider value={app}>
      <Root />
    </AppProvider>,
  );
}

/** Findings are there; the choice of a cause has all causes from the beginning. */
async function answered(): Promise<void> {
  await waitFor(() => finding('Connection refused'));
}

async function open(): Promise<void> {
  engine.fleet.start = PLACE;
  start();
  await answered();
}

/** A row of the findings, by its cause. */
function finding(cause: string): HTMLElement {
  return within(screen.getByRole('region', { name: /^Findings/u })).getByRole('button', {
    name: new RegExp(cause, 'u'),
  });
}

async function shows(text: RegExp): Promise<void> {
  await waitFor(() => {
    expect(decodeURIComponent(bar.text)).toMatch(text);
  });
}

describe('the way to it', () => {
  it('is there without any capture, and says how a fleet is made', async () => {
    engine.fleet.places = [];
    start();
    fireEvent.click(await screen.findByText('Look at a fleet…'));
    await screen.findByRole('heading', { name: 'Look at a fleet' });
    expect(screen.getByText(/analyze capture\.pcapng --parquet/u)).not.toBeNull();
    expect(screen.getByText(/live -i eth0 --catch --spool/u)).not.toBeNull();
    expect(screen.getByText('resetscope open --fleet /srv/fleet')).not.toBeNull();
  });

  it('is what a program began with that named one', async () => {
    await open();
    await shows(/^\/fleet\?store=\/srv\/fleet$/u);
    expect(screen.getByRole('button', { name: /3 hosts at 2 sites/u })).not.toBeNull();
  });

  it('is not taken by a page that has another address', async () => {
    engine.fleet.start = PLACE;
    engine.state = sampleProgress();
    engine.resets = [sampleReset(0)];
    start('/resets');
    await waitFor(() => {
      expect(app.store.getState().view).toBe('resets');
    });
    expect(app.store.getState().fleets?.start).toBe(PLACE);
    expect(engine.fleet.scopesOf('fleet.open')).toEqual([]);
  });

  it('takes the typed address of a server, and shows its password nowhere', async () => {
    engine.fleet.canType = true;
    start('/fleet');
    const field = await screen.findByRole('textbox', { name: /ClickHouse/u });
    fireEvent.change(field, { target: { value: 'ann:secret@db.example/fleet' } });
    fireEvent.click(screen.getByRole('button', { name: 'Connect' }));
    await answered();
    expect(engine.fleet.scopesOf('fleet.open')).toEqual([
      { place: 'clickhouse://ann:secret@db.example/fleet' },
    ]);
    await shows(/clickhouse:\/\/ann@db\.example\/fleet/u);
    expect(document.body.textContent).not.toContain('secret');
    expect(JSON.stringify(app.store.getState())).not.toContain('secret');
  });
});

describe('opening', () => {
  it('can be stopped', async () => {
    engine.fleet.before = () => new Promise(() => undefined);
    start('/fleet?store=/srv/fleet');
    fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    await screen.findByText('Opening was stopped.');
    await waitFor(() => {
      expect(engine.fleet.stopped).toBe(1);
    });
  });

  it('says what stands in the way, and tries again', async () => {
    engine.fleet.openError = new RpcError('unreadable', '/srv/fleet has no tables of a fleet.');
    start('/fleet?store=/srv/fleet&site=berlin');
    await screen.findByText('/srv/fleet has no tables of a fleet.');
    engine.fleet.openError = null;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await answered();
    expect(engine.fleet.scopesOf('fleet.findings').at(-1)).toEqual({ site: 'berlin' });
  });

  it('happens again where the host has let go of the place', async () => {
    await open();
    engine.fleet.askError = new RpcError('not-found', 'the fleet is not open');
    act(() => {
      app.actions.changeScope({ site: 'tokyo' });
    });
    await waitFor(() => {
      expect(engine.fleet.scopesOf('fleet.open')).toHaveLength(2);
    });
    engine.fleet.askError = null;
    fireEvent.click((await screen.findAllByRole('button', { name: 'Ask again' }))[0]);
    await answered();
  });
});

describe('what is asked for', () => {
  it('is chosen, stands in the address, and comes back with it', async () => {
    await open();
    fireEvent.change(screen.getByLabelText('Site'), { target: { value: 'tokyo' } });
    fireEvent.change(screen.getByLabelText('Sent by'), { target: { value: 'middlebox' } });
    fireEvent.click(screen.getByLabelText('Only what matters'));
    await shows(/site=tokyo&origin=middlebox&matters=yes/u);
    const scope = { site: 'tokyo', origin: 'middlebox', onlyMatters: true };
    for (const method of ['fleet.findings', 'fleet.timeline', 'fleet.talkers', 'fleet.resets'] as const)
      expect(engine.fleet.scopesOf(method).at(-1)).toEqual(scope);
    fireEvent.change(screen.getByLabelText('Host'), { target: { value: 'server-host' } });
    await shows(/host=server-host/u);
    app.trail.back();
    await waitFor(() => {
      expect(app.store.getState().fleetScope).toEqual(scope);
    });
    fireEvent.click(screen.getByRole('button', { name: 'Ask for all' }));
    await shows(/^\/fleet\?store=\/srv\/fleet$/u);
  });

  it('is a server by its name and port, with Enter', async () => {
    await open();
    const field = screen.getByRole('textbox', { name: 'Server' });
    fireEvent.change(field, { target: { value: 'shop.example:443' } });
    expect(app.store.getState().fleetScope).toEqual({});
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(app.store.getState().fleetScope).toEqual({ server: 'shop.example', serverPort: 443 });
  });

  it('is given up when something else is asked for, and when the user stops', async () => {
    await open();
    engine.fleet.before = () => new Promise(() => undefined);
    act(() => {
      app.actions.changeScope({ site: 'berlin' });
    });
    await waitFor(() => {
      expect(engine.fleet.scopesOf('fleet.resets').at(-1)).toEqual({ site: 'berlin' });
    });
    act(() => {
      app.actions.changeScope({ site: 'tokyo' });
    });
    await waitFor(() => {
      expect(engine.fleet.stopped).toBe(4);
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    await screen.findByText(/^Stopped: what is shown may be of another scope/u);
    await waitFor(() => {
      expect(engine.fleet.stopped).toBe(8);
    });
    // What was there before stays to be looked at.
    expect(finding('Connection refused')).not.toBeNull();
    engine.fleet.before = () => Promise.resolve();
    fireEvent.click(screen.getByRole('button', { name: 'Ask again' }));
    await waitFor(() => {
      expect(screen.queryByText(/^Stopped/u)).toBeNull();
    });
    expect(engine.fleet.scopesOf('fleet.resets').at(-1)).toEqual({ site: 'tokyo' });
  });

  it('is a time that is dragged over, or chosen by keys', async () => {
    await open();
    const begin = await screen.findByRole('slider', { name: /^Begin/u });
    const plot = begin.parentElement as HTMLElement;
    // A day in hours over 1200 px: 50 px each.
    fireEvent.pointerDown(plot, { button: 0, clientX: 110 });
    fireEvent.pointerMove(plot, { clientX: 290 });
    fireEvent.pointerUp(plot, { clientX: 290 });
    expect(app.store.getState().fleetScope).toEqual({
      fromMs: FLEET_FROM_MS + 2 * HOUR,
      toMs: FLEET_FROM_MS + 6 * HOUR,
    });
    fireEvent.click(await screen.findByRole('button', { name: 'All time' }));
    const first = await screen.findByRole('slider', { name: /^Begin/u });
    fireEvent.keyDown(first, { key: 'ArrowRight' });
    fireEvent.keyDown(screen.getByRole('slider', { name: /^End/u }), { key: 'ArrowLeft' });
    expect(app.store.getState().fleetScope).toEqual({});
    fireEvent.keyDown(first, { key: 'Enter' });
    expect(app.store.getState().fleetScope).toEqual({
      fromMs: FLEET_FROM_MS + HOUR,
      toMs: FLEET_TO_MS - HOUR,
    });
  });

  it('leaves what could not be answered to be asked again', async () => {
    await open();
    engine.fleet.askError = new RpcError('failed', 'Shard db2 closed the connection.');
    act(() => {
      app.actions.changeScope({ site: 'tokyo' });
    });
    expect(await screen.findAllByText('Shard db2 closed the connection.')).toHaveLength(4);
    engine.fleet.askError = null;
    fireEvent.click(screen.getAllByRole('button', { name: 'Ask again' })[0]);
    await answered();
  });
});

describe('coverage', () => {
  it('is always told, with hosts, gaps and what cures them', async () => {
    await open();
    const line = screen.getByRole('button', { name: /1 of them has a gap/u });
    expect(line.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(line);
    expect(
      screen.getByRole('img', { name: /nothing from 2026-11-28 09:00:00 for 2 h 30 min/u }),
    ).not.toBeNull();
    expect(screen.getByText('1,204 lost')).not.toBeNull();
    expect(screen.getByText('clock not known')).not.toBeNull();
    expect(screen.getByText(/look into its spool and ship it/u)).not.toBeNull();
  });

  it('tells a dead shard as missing', async () => {
    engine.fleet.coverage = sampleCoverage({
      shards: { answered: 1, total: 2 },
      missing: [{ kind: 'shard', name: 'db2:9000', why: 'connection refused' }],
      sentence: '3 hosts; shard 2 of 2 did not answer.',
    });
    await open();
    fireEvent.click(screen.getByRole('button', { name: /shard 2 of 2 did not answer/u }));
    const missing = screen.getByRole('list', { name: 'Missing' });
    expect(missing.textContent).toContain('1 of 2 shards answered');
    expect(missing.textContent).toContain('db2:9000: connection refused');
    expect(screen.getByText(/Rows of it are missing in every number here/u)).not.toBeNull();
  });
});

describe('a reset', () => {
  it('is held against all other hosts in a pane, which is in the address and closes', async () => {
    await open();
    fireEvent.click(finding('Injected by a device'));
    const pane = await screen.findByRole('region', { name: 'Reset' });
    await within(pane).findByRole('heading', { name: 'Proven: forged' });
    const path = within(pane).getByRole('list', { name: /^From who received the reset/u });
    expect(
      within(path)
        .getAllByRole('listitem')
        .map((item) => item.textContent),
    ).toEqual([
      'receiver10.0.0.1:40000',
      'client-hostberlinreceived it',
      'firewallberlinsaw it',
      '✕ made here',
      'server-hosttokyonever saw it',
      'claimed sender192.0.2.7:443',
    ]);
    expect(pane.textContent).toContain(
      'resetscope fleet join --reset -4611686018427387904/0/0 --store /srv/fleet',
    );
    await shows(/reset=-4611686018427387904\/0\/0/u);
    fireEvent.keyDown(pane, { key: 'Escape' });
    await waitFor(() => {
      expect(screen.queryByRole('region', { name: 'Reset' })).toBeNull();
    });
    await shows(/^\/fleet\?store=\/srv\/fleet$/u);
  });

  it('of which nobody else knows anything says so', async () => {
    engine.fleet.join = sampleFleetJoin({
      witnesses: [],
      verdict: 'open',
      between: null,
      sentence: 'No other host captured this connection.',
    });
    await open();
    fireEvent.click(finding('Cause unknown'));
    await screen.findByRole('heading', { name: 'Not proven by other hosts' });
    expect(screen.getByText(/rests on the packets of client-host alone/u)).not.toBeNull();
  });

  it('leads to its packets, and the way back leads to the fleet', async () => {
    await open();
    // What is left before it has settled is no place of the way back.
    await shows(/^\/fleet/u);
    const time = engine.fleet.resets[0].timeMs;
    engine.resets = [
      sampleReset(0, { claimed: 'client', timeNs: 1e9 }),
      sampleReset(1, { timeNs: 5e9 }),
      sampleReset(2, { timeNs: 9e9 }),
    ];
    engine.summary = sampleSummary({ epochNs: String(BigInt(time) * 1_000_000n - 5_000_000_000n) });
    fireEvent.click(screen.getAllByRole('button', { name: /^Open the capture of the reset/u })[0]);
    await waitFor(() => {
      expect(app.store.getState()).toMatchObject({ view: 'overview', isPassing: true });
    });
    act(() => {
      engine.push(sampleProgress({ capture: 1 }));
    });
    await waitFor(() => {
      expect(app.store.getState()).toMatchObject({ view: 'resets', reset: 1, isPassing: false });
    });
    await shows(/^\/reset\/14$/u);
    app.trail.back();
    await answered();
    expect(app.store.getState().view).toBe('fleet');
    // The capture is still there, and so is the way to it.
    const rail = screen.getByRole('navigation', { name: 'Views' });
    fireEvent.click(within(rail).getByRole('button', { name: /^Resets/u }));
    await waitFor(() => {
      expect(app.store.getState().view).toBe('resets');
    });
  });

  it('whose capture is not here says where it is', async () => {
    engine.fleet.opened = { opened: null, paths: [], frame: null, why: 'It lies on client-host.' };
    await open();
    fireEvent.click(finding('Injected by a device'));
    fireEvent.click(await screen.findByRole('button', { name: 'Open its capture' }));
    await screen.findByText('It lies on client-host.');
    expect(app.store.getState().view).toBe('fleet');
  });

  it('asks for its server alone', async () => {
    await open();
    fireEvent.click(finding('Injected by a device'));
    fireEvent.click(await screen.findByRole('button', { name: 'Only this server' }));
    expect(app.store.getState().fleetScope).toEqual({ server: '192.0.2.7', serverPort: 443 });
  });
});

describe('tables', () => {
  it('sort by their titles, and come back in their own order', async () => {
    await open();
    const causes = (): (string | null)[] =>
      within(screen.getByRole('region', { name: /^Findings/u }))
        .getAllByRole('row')
        .slice(1)
        .map((row) => row.querySelector('b')?.textContent ?? null);
    const before = causes();
    const title = screen.getByRole('button', { name: 'What happened' });
    fireEvent.click(title);
    expect(causes()).toEqual(['Cause unknown', 'Connection refused', 'Injected by a device on the path']);
    fireEvent.click(title);
    expect(causes()).toEqual(['Injected by a device on the path', 'Connection refused', 'Cause unknown']);
    fireEvent.click(title);
    expect(causes()).toEqual(before);
  });

  it('are walked by arrows', async () => {
    await open();
    const first = finding('Injected by a device');
    first.focus();
    fireEvent.keyDown(first, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(finding('Connection refused'));
    fireEvent.keyDown(finding('Connection refused'), { key: 'End' });
    expect(document.activeElement).toBe(finding('Cause unknown'));
  });

  it('list a bounded number, and say how many there are', async () => {
    engine.fleet.totalFindings = 1_234;
    await open();
    expect(screen.getByText(/The 3 that matter most of 1,234/u)).not.toBeNull();
    fireEvent.click(screen.getByRole('button', { name: /^Show 992 more of 1,536/u }));
    await screen.findByText(/^The newest 8 of 1,536/u);
  });

  it('show what tables hold as text alone', async () => {
    const [one, ...others] = engine.fleet.findings;
    engine.fleet.findings = [
      { ...one, serverName: '<img src=x onerror=alert(1)>\u202egnp.exe', sites: ['ber\u0007lin'] },
      ...others,
    ];
    await open();
    const row = finding('Injected by a device');
    expect(row.textContent).toContain('<img src=x onerror=alert(1)>');
    expect(row.querySelector('img')).toBeNull();
    expect(document.body.textContent).not.toMatch(/[\u202e\u0007]/u);
  });
});
