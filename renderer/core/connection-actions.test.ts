import { expect, it, vi } from 'vitest';
import type { Feeds } from '../state/feeds.ts';
import type { Link } from '../state/link.ts';
import { createAppStore } from '../state/store.ts';
import type { AppState } from '../state/store.ts';
import { createConnectionActions, hasConnection } from './connection-actions.ts';

/** What is asked of the engine, and where the page goes, when the ladder of the selection is asked for. */
async function shown(state: Partial<AppState>, answers: Readonly<Record<string, unknown>> = {}) {
  const store = createAppStore(state);
  const call = vi.fn((method: string) => Promise.resolve(answers[method]));
  const rows = new Map([[3, { flow: 8 }]]);
  const feeds = { packets: { getState: () => ({ shown: rows }) } } as unknown as Feeds;
  const notice = vi.fn();
  const showPackets = vi.fn();
  const showConnectionTab = vi.fn();
  const tools = { notice, showPackets, showConnectionTab };
  await createConnectionActions(store, { call } as unknown as Link, feeds, tools).showConnection('ladder');
  return { notice, showPackets, showConnectionTab };
}

it('opens the connection of the selected reset, and leaves the packet to its verdict', async () => {
  const { showPackets, showConnectionTab } = await shown(
    { view: 'resets', reset: 4 },
    { 'resets.detail': { flow: { id: 6 } } },
  );
  expect(showPackets).toHaveBeenCalledWith(6, null);
  expect(showConnectionTab).toHaveBeenCalledWith('ladder');
});

it('opens the connection of a failure at the packet where it failed', async () => {
  const packets = [
    { file: 1, frame: 9, packet: 20 },
    { file: 0, frame: 9, packet: 21 },
  ];
  const { showPackets } = await shown(
    { view: 'failures', failure: 5 },
    { 'failures.detail': { row: { file: 0, frame: 9 }, packets } },
  );
  expect(showPackets).toHaveBeenCalledWith(5, 21);
});

it('opens the connection of the packet under the cursor at that packet', async () => {
  const { showPackets } = await shown({ view: 'packets', packet: 70, packetCursor: 3 });
  expect(showPackets).toHaveBeenCalledWith(8, 70);
});

it('says of a packet without a connection that it has none, and stays', async () => {
  const { notice, showPackets, showConnectionTab } = await shown({
    view: 'packets',
    packet: 71,
    packetCursor: 4,
  });
  expect(notice).toHaveBeenCalledWith('This packet belongs to no connection.');
  expect(showPackets).not.toHaveBeenCalled();
  expect(showConnectionTab).not.toHaveBeenCalled();
});

it('only changes the tab of a connection that is shown', async () => {
  const { showPackets, showConnectionTab } = await shown({ view: 'connection', packetsFlow: 2 });
  expect(showPackets).not.toHaveBeenCalled();
  expect(showConnectionTab).toHaveBeenCalledWith('ladder');
});

it('is offered where something is selected, and nowhere else', () => {
  const offered = (state: Partial<AppState>) => hasConnection(createAppStore(state).getState());
  expect(offered({ view: 'resets', reset: null, flow: 3 })).toBe(false);
  expect(offered({ view: 'flows', flow: 3 })).toBe(true);
  expect(offered({ view: 'overview', reset: 1 })).toBe(false);
});
