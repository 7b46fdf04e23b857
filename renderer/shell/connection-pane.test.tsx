/** What stands beside a connection and beside the packets, over the real RPC with a fake engine behind it. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleFlow, samplePacket, sampleProgress, sampleReset } from '../testing/sample.ts';
import { Root } from './root.tsx';

/** happy-dom lays nothing out: lists would be 0 px high and draw no row. */
vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);

let engine: FakeEngine;
let app: App;

beforeEach(async () => {
  localStorage.clear();
  engine = new FakeEngine();
  engine.resets = [sampleReset(0)];
  engine.flows = [sampleFlow(0)];
  engine.packets = Array.from({ length: 8 }, (_, packet) => samplePacket(packet, { frame: packet + 1 }));
  engine.state = sampleProgress({ packets: 8, flows: 1, resets: 1 });
  app = createApp(engine.platform);
  render(
    <AppProvider value={app}>
      <Root />
    </AppProvider>,
  );
  await screen.findByRole('navigation', { name: 'Views' });
});

afterEach(() => {
  cleanup();
  app.dispose();
});

const go = (change: () => void): void => {
  act(change);
};

describe('the packet beside a connection', () => {
  it('opens at the field that evidence points at, and forgets it with the packet', async () => {
    go(() => {
      app.actions.showPackets(0, 3, 'ip.ttl');
    });
    const pane = await screen.findByRole('region', { name: 'The packet' });
    await within(pane).findByText('Hops that it has left');
    go(() => {
      app.actions.markPacket(4);
    });
    await within(pane).findByText('Choose a line or a byte to see what it means.');
    await within(pane).findByRole('heading', { name: 'Frame 5' });
  });

  it('gives way to the verdict where a reset is asked for', async () => {
    go(() => {
      app.actions.showPackets(0);
    });
    const choice = await screen.findByRole('group', { name: 'What is shown beside the connection' });
    expect(within(choice).getByRole('button', { name: 'Verdict' }).getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(within(choice).getByRole('button', { name: 'Packet' }));
    expect(screen.queryByRole('region', { name: 'The verdict' })).toBeNull();
    go(() => {
      app.actions.showPackets(0);
    });
    await screen.findByRole('region', { name: 'The verdict' });
  });
});

describe('a pane', () => {
  it('that was closed stays closed for its list alone, also in the next session', async () => {
    go(() => {
      app.actions.go('packets');
      app.actions.setPaneOpen('packets', false);
    });
    const next = createApp(engine.platform);
    expect(next.store.getState().openPanes).toEqual({
      resets: true,
      failures: true,
      packets: false,
      connection: true,
      fleet: true,
    });
    next.dispose();
  });

  it('closes by Escape, which leaves the focus in the list', async () => {
    go(() => {
      app.actions.go('packets');
      app.actions.markPacket(2);
    });
    const pane = await screen.findByRole('region', { name: 'The packet' });
    pane.focus();
    fireEvent.keyDown(pane, { key: 'Escape' });
    await waitFor(() => {
      expect(screen.queryByRole('region', { name: 'The packet' })).toBeNull();
    });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Packets');
  });
});

describe('a list that is opened by its key', () => {
  it.each([
    ['2', 'Resets'],
    ['4', 'Flows'],
    ['5', 'Packets'],
  ])('%s has the focus in %s at once', async (key, name) => {
    fireEvent.keyDown(document.body, { key });
    const list = await screen.findByRole('grid', { name });
    await waitFor(() => {
      expect(document.activeElement).toBe(list);
    });
  });
});
