/** The stream over the real RPC, with a fake engine behind it. */
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RpcError } from '../../shared/contract/errors.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleProgress, sampleStream } from '../testing/sample.ts';
import { Stream } from './stream.tsx';

let engine: FakeEngine;
let app: App;

beforeEach(() => {
  engine = new FakeEngine();
  engine.state = sampleProgress();
});
afterEach(() => {
  cleanup();
  app.dispose();
});

async function show(): Promise<void> {
  app = createApp(engine.platform);
  await waitFor(() => {
    expect(app.store.getState().link).toBe('open');
  });
  render(
    <AppProvider value={app}>
      <Stream flow={0} />
    </AppProvider>,
  );
}

it('shows the bytes, and the reset in its place with what was in flight', async () => {
  engine.stream = sampleStream({ looksLike: null });
  await show();
  const bytes = await screen.findByText(/GET \/ HTTP/);
  expect(bytes.className).toContain('is-unacknowledged');
  expect(screen.getByText('A device on the path')).toBeTruthy();
  expect(
    screen.getByText('These 18 bytes of the client had not been acknowledged when the reset came.'),
  ).toBeTruthy();
});

it('marks the packet of a byte that is clicked, and shows the packet that is marked elsewhere', async () => {
  engine.stream = sampleStream({ looksLike: null });
  await show();
  fireEvent.click(await screen.findByText(/GET \/ HTTP/));
  expect(app.store.getState().packet).toBe(3);
  await waitFor(() => {
    expect(document.querySelector('.packet-bytes.is-selected')).not.toBeNull();
  });
  const asked = engine.calls.filter((method) => method === 'flows.stream').length;
  act(() => {
    app.actions.markPacket(99);
  });
  await waitFor(() => {
    expect(engine.calls.filter((method) => method === 'flows.stream').length).toBeGreaterThan(asked);
  });
});

it('opens what looks like HTTP as HTTP, and searches where bytes are shown', async () => {
  engine.hits = { total: 1, hits: [{ from: 'client', offset: 0, length: 3, place: 0 }], looked: 18, of: 18 };
  await show();
  expect(await screen.findByText('No HTTP/1 message begins in it.')).toBeTruthy();
  expect(screen.queryByRole('search')).toBeNull();
  fireEvent.click(screen.getByText('Hex'));
  fireEvent.change(await screen.findByLabelText('Search the stream'), { target: { value: 'get' } });
  expect(await screen.findByText('1 of 1')).toBeTruthy();
  const [hit] = document.querySelectorAll('mark.is-current');
  expect(hit.textContent.trim()).toBe('47 45 54');
});

it('says what is missing, and that nothing was sent', async () => {
  engine.stream = sampleStream({
    looksLike: null,
    pieces: [{ kind: 'gap', from: 'server', place: 0, offset: 0, length: 1448, reason: 'lost' }],
    totals: {
      client: { bytes: 0, missing: 0, repeated: 0 },
      server: { bytes: 1448, missing: 1448, repeated: 0 },
    },
  });
  await show();
  expect(await screen.findByText(/^1,448 bytes from the server were lost/)).toBeTruthy();
  cleanup();
  app.dispose();
  engine.stream = sampleStream({ looksLike: null, pieces: [], total: 0, next: 0 });
  await show();
  expect(await screen.findByText('This connection carried no data')).toBeTruthy();
});

it('says why the bytes could not be had', async () => {
  engine.streamError = new RpcError('not-found', 'flow number 0 was let go to keep memory bounded');
  await show();
  expect(await screen.findByText('flow number 0 was let go to keep memory bounded')).toBeTruthy();
});
