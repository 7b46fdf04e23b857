/** Several captures of one path over the real RPC, with a fake engine behind it. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenCapture } from '../../shared/contract/methods.ts';
import type { App } from '../core/app-context.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleJoin, sampleJourney, samplePlaces } from '../testing/sample-joined.ts';
import {
  sampleDetail,
  sampleFlow,
  samplePacket,
  sampleProgress,
  sampleReset,
  sampleSummary,
} from '../testing/sample.ts';
import { Root } from './root.tsx';

let engine: FakeEngine;
let app: App;

vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(1200);

const CLIENT = '/captures/client.pcap';
const SERVER = '/captures/server.pcap';

function tab(capture: number, paths: readonly string[], isShown: boolean): OpenCapture {
  return {
    ...{ capture, paths, isShown, isLive: false, phase: 'done' },
    ...{ bytesRead: 1, bytesTotal: 1, packets: 1 },
  };
}

async function start(): Promise<void> {
  engine.resets = Array.from({ length: 3 }, (_, id) =>
    sampleReset(id, { seenAt: 1, points: 2, proven: id === 0 }),
  );
  engine.flows = Array.from({ length: 3 }, (_, id) => sampleFlow(id));
  engine.packets = Array.from({ length: 12 }, (_, packet) => samplePacket(packet));
  engine.details = (id) => sampleDetail(id, { journey: sampleJourney() });
  engine.state = sampleProgress({ capture: 1 });
  app = createApp(engine.platform);
  render(
    <AppProvider value={app}>
      <Root />
    </AppProvider>,
  );
  await waitFor(() => {
    expect(app.store.getState().endings).not.toBeNull();
  });
}

function dropOn(target: Element): void {
  const dataTransfer = { types: ['Files'], files: [new File(['x'], 'server.pcap')] };
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
  target.dispatchEvent(event);
}

beforeEach(() => {
  localStorage.clear();
  engine = new FakeEngine();
  const [file] = sampleSummary().files;
  engine.summary = sampleSummary({ files: [{ ...file, path: CLIENT }] });
  engine.captures = [tab(1, [CLIENT], true)];
});

afterEach(() => {
  cleanup();
  app.dispose();
});

describe('captures of one path', () => {
  it('are one case with what another tab holds', async () => {
    engine.captures = [tab(1, [CLIENT], true), tab(2, [SERVER], false)];
    await start();
    fireEvent.click(screen.getByRole('button', { name: 'Compare' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'server.pcap' }));
    await waitFor(() => {
      expect(engine.opened).toEqual([[CLIENT, SERVER]]);
    });
    expect(engine.openedHow).toEqual([{ replace: true, join: true }]);
  });

  it('are one case with a file that is dropped to be compared, or open beside each other', async () => {
    await start();
    const enter = new Event('dragenter', { bubbles: true });
    Object.defineProperty(enter, 'dataTransfer', { value: { types: ['Files'] } });
    document.body.dispatchEvent(enter);
    dropOn(await screen.findByText('Compare with this capture'));
    await waitFor(() => {
      expect(engine.opened).toEqual([[CLIENT, '/uploads/server.pcap']]);
    });
    dropOn(document.body);
    await waitFor(() => {
      expect(engine.opened.at(-1)).toEqual(['/uploads/server.pcap']);
    });
    expect(engine.openedHow.at(-1)).toEqual({ replace: false, join: true });
  });

  it('say where they were made, and are kept apart when asked to', async () => {
    engine.captures = [tab(1, [CLIENT, SERVER], true)];
    engine.join = sampleJoin();
    await start();
    const points = await screen.findByRole('region', { name: /^Capture points/ });
    expect(within(points).getByText('+31.204 s')).toBeTruthy();
    expect(within(points).getByText('18 ppm fast')).toBeTruthy();
    expect(within(points).getByText('same packets')).toBeTruthy();
    expect(within(points).getByText('addresses of the clients are translated')).toBeTruthy();
    expect(screen.getByText('client + server')).toBeTruthy();
    fireEvent.click(within(points).getByRole('button', { name: 'Keep apart' }));
    await waitFor(() => {
      expect(engine.openedHow).toEqual([{ replace: true, join: false }]);
    });
  });

  it('say so where nothing could be joined, with what to check', async () => {
    const [file] = engine.summary.files;
    engine.summary = sampleSummary({
      files: [
        { ...file, path: CLIENT, first: '2026-01-01T00:00:00Z', last: '2026-01-01T00:10:00Z' },
        { ...file, path: SERVER, first: '2026-01-01T00:05:00Z', last: '2026-01-01T00:20:00Z' },
      ],
    });
    await start();
    expect(await screen.findByText(/no connection of one was found in another/)).toBeTruthy();
    expect(screen.getByText(/they ran at the same time/)).toBeTruthy();
  });

  it('are joined before the user’s eyes, and that can be stopped', async () => {
    const [file] = engine.summary.files;
    engine.summary = sampleSummary({ files: [CLIENT, SERVER].map((path) => ({ ...file, path })) });
    await start();
    engine.push({ phase: 'joining', revision: engine.state.revision + 1 });
    const joining = await screen.findByRole('region', { name: 'Joining' });
    fireEvent.click(within(joining).getByRole('button', { name: 'Stop' }));
    await waitFor(() => {
      expect(engine.state.phase).toBe('cancelled');
    });
    expect(await screen.findByText('Stopped before the captures were joined')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Join them' }));
    await waitFor(() => {
      expect(engine.openedHow).toEqual([{ replace: true, join: true }]);
    });
  });

  it('tell of a reset where it was seen and where not, and what that proves', async () => {
    engine.join = sampleJoin();
    await start();
    fireEvent.keyDown(window, { key: '2' });
    fireEvent.keyDown(window, { key: 'n' });
    const section = await screen.findByRole('region', { name: 'Where it was seen' });
    expect(within(section).getByRole('button', { name: '#14' })).toBeTruthy();
    expect(within(section).getByText(/at most 0\.30 % of what passed here was missed/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'PROVEN' }).title).toMatch(/Seen at client/);
    expect(screen.getAllByText(/seen at 1 of 2 capture points; proven/).length).toBeGreaterThan(0);
  });

  it('have one packet at two places, field by field', async () => {
    engine.join = sampleJoin();
    engine.places = (packet) => samplePlaces(packet, packet + 1);
    await start();
    app.actions.showPacket(4);
    fireEvent.click(await screen.findByRole('button', { name: 'Compare field by field with server' }));
    const tree = await screen.findByRole('tree', { name: 'Fields at client and at server' });
    expect(within(tree).getByRole('treeitem', { name: /^Internet Protocol Version 4/ })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Stop comparing' }));
    expect(await screen.findByRole('tree', { name: 'Layers and fields of the packet' })).toBeTruthy();
  });
});
