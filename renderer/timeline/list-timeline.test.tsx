/** The timeline over the real RPC, with a fake engine behind it. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleProgress, sampleTimeline } from '../testing/sample.ts';
import { ListTimeline } from './list-timeline.tsx';

let engine: FakeEngine;
let app: App;

/** happy-dom lays nothing out; nothing is asked for before a width is known. */
vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 300, 62));

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
  render(
    <AppProvider value={app}>
      <ListTimeline list="resets" />
    </AppProvider>,
  );
  await waitFor(() => {
    expect(engine.calls).toContain('capture.timeline');
  });
}

const range = () => app.store.getState().range;

it('tells the width of its bars and what it counted', async () => {
  await show();
  expect(await screen.findByText('bars of 1 s')).toBeTruthy();
  expect(screen.getByText('65 packets')).toBeTruthy();
});

it('selects time by dragging, and gives it back', async () => {
  await show();
  const strip = (await screen.findByLabelText('Begin of the selected time')).parentElement as HTMLElement;
  fireEvent.pointerDown(strip, { clientX: 110, button: 0, pointerId: 1 });
  fireEvent.pointerMove(strip, { clientX: 190, pointerId: 1 });
  fireEvent.pointerUp(strip, { clientX: 190, pointerId: 1 });
  expect(range()).toEqual({ fromNs: 1e9, toNs: 2e9 });
  fireEvent.click(await screen.findByLabelText('Show all of the capture’s time'));
  expect(range()).toBeNull();
});

it('is moved, sized and zoomed by keys alone', async () => {
  await show();
  const end = await screen.findByLabelText('End of the selected time');
  fireEvent.keyDown(end, { key: 'ArrowLeft' });
  expect(range()).toEqual({ fromNs: 2e9, toNs: 3e9 });
  fireEvent.keyDown(end, { key: 'ArrowLeft' });
  expect(range()).toEqual({ fromNs: 1e9, toNs: 2e9 });
  fireEvent.keyDown(end, { key: 'ArrowRight', shiftKey: true });
  expect(range()).toEqual({ fromNs: 1e9, toNs: 3e9 });
  expect(end.getAttribute('aria-valuetext')).toContain('2 s');
  fireEvent.keyDown(end, { key: 'z' });
  expect(app.store.getState().zoom).toEqual({ fromNs: 1e9, toNs: 3e9 });
  fireEvent.keyDown(end, { key: 'Z', shiftKey: true });
  expect(app.store.getState().zoom).toBeNull();
  fireEvent.keyDown(end, { key: 'Escape' });
  expect(range()).toBeNull();
});

it('says where there is nothing', async () => {
  engine.timeline = sampleTimeline({ lastNs: 0, packets: [0, 0, 0] });
  await show();
  expect(await screen.findByText('No packets')).toBeTruthy();
});

it('shows what was counted while packets come faster than answers', async () => {
  await show();
  await screen.findByText('65 packets');
  const answers: (() => void)[] = [];
  engine.beforeTimeline = () => new Promise((answer) => answers.push(answer));
  engine.timeline = sampleTimeline({ packets: [60, 0, 7], passing: [60, 0, 7] });
  engine.push({ revision: 2 });
  await waitFor(() => expect(answers).toHaveLength(1));
  engine.push({ revision: 3 });
  await waitFor(() => expect(app.store.getState().progress.revision).toBe(3));
  answers[0]();
  expect(await screen.findByText('67 packets')).toBeTruthy();
  await waitFor(() => expect(answers).toHaveLength(2));
});
