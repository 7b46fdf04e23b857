import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventually } from '../../test/support/patience.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleFlow, sampleProgress, sampleReset } from '../testing/sample.ts';
import type { AddressBar } from './address-bar.ts';
import { memoryBar } from './address-bar.ts';
import type { App } from './app-context.ts';
import { createApp } from './app-context.ts';

let engine: FakeEngine;
let app: App;
let bar: AddressBar;
beforeEach(() => {
  engine = new FakeEngine();
  engine.resets = Array.from({ length: 9 }, (_, id) => sampleReset(id));
  engine.flows = Array.from({ length: 9 }, (_, id) => sampleFlow(id));
  engine.state = sampleProgress();
});
afterEach(() => {
  app.dispose();
});

function start(text = ''): void {
  bar = memoryBar(text);
  app = createApp(engine.platform, bar);
}

async function shows(text: string): Promise<void> {
  await eventually(() => {
    expect(bar.text).toBe(text);
    expect(app.store.getState().place).not.toBeNull();
  });
}

const frame = (id: number): number => engine.resets[id].frame;

it('puts what is shown into the address, and goes back and forward through it', async () => {
  start();
  await shows('/overview');
  await app.actions.showReset(3);
  await shows(`/reset/${frame(3)}`);
  app.actions.filterFailures('');
  await shows('/failures');
  expect(app.store.getState()).toMatchObject({ canGoBack: true, canGoForward: false });
  app.trail.back();
  await eventually(() => {
    expect(app.store.getState()).toMatchObject({ view: 'resets', reset: 3, canGoForward: true });
  });
  await shows(`/reset/${frame(3)}`);
  app.trail.back();
  await eventually(() => {
    expect(app.store.getState()).toMatchObject({ view: 'overview', canGoBack: false });
  });
  app.trail.forward();
  await eventually(() => {
    expect(app.store.getState()).toMatchObject({ view: 'resets', reset: 3 });
  });
});

it('forgets what was ahead once something else is looked at', async () => {
  start();
  await shows('/overview');
  app.actions.go('warnings');
  await shows('/warnings');
  app.trail.back();
  await shows('/overview');
  app.actions.go('flows');
  await shows('/flows');
  expect(app.store.getState()).toMatchObject({ canGoBack: true, canGoForward: false });
});

it('does not stop on the way back at what was only passed through', async () => {
  start();
  await shows('/overview');
  app.actions.go('flows');
  await shows('/flows');
  vi.useFakeTimers();
  app.store.setState({ view: 'overview', isPassing: true });
  // Longer than any place has to be shown to become one of the trail.
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  expect(bar.text).toBe('/flows');
  await app.actions.showReset(3);
  app.store.setState({ isPassing: false });
  await shows(`/reset/${frame(3)}`);
  app.trail.back();
  await shows('/flows');
});

it('brings the filter back', async () => {
  start();
  app.actions.filterResets('origin:middlebox');
  await shows('/resets?filter=origin%3Amiddlebox');
  app.actions.filterResets('');
  await shows('/resets');
  app.trail.back();
  await eventually(() => {
    expect(app.store.getState().resetQuery.filter).toBe('origin:middlebox');
  });
});

it('follows a link at the start', async () => {
  start(`/reset/${frame(5)}`);
  await eventually(() => {
    expect(app.store.getState()).toMatchObject({ view: 'resets', reset: 5, resetCursor: 5 });
  });
  await shows(`/reset/${frame(5)}`);
});

it('waits for a link’s frame while the capture is read', async () => {
  const late = engine.resets.splice(5);
  engine.state = sampleProgress({ phase: 'reading' });
  start(`/reset/${late[0].frame}`);
  await eventually(() => {
    expect(engine.calls).toContain('resets.at');
  });
  engine.resets.push(...late);
  engine.push({ revision: engine.state.revision + 1, packets: engine.state.packets + 1 });
  await eventually(() => {
    expect(app.store.getState()).toMatchObject({ view: 'resets', reset: 5 });
  });
});

it('says what a link leads to while nothing is open, and shows it later', async () => {
  engine.state = sampleProgress({ phase: 'empty', revision: 0, packets: 0 });
  start('/flow/4');
  await eventually(() => {
    expect(app.store.getState().notice?.text).toMatch(/No capture is open.*flow 4/u);
  });
  engine.push(sampleProgress());
  await eventually(() => {
    expect(app.store.getState()).toMatchObject({ view: 'flows', flow: 4 });
  });
});

it.each([
  ['/nowhere', /leads nowhere/u],
  ['/reset/99999', /Frame 99999 of this capture is no reset/u],
  ['javascript:alert(1)', /leads nowhere/u],
])('tells of %s, and stays', async (text, said) => {
  start(text);
  await eventually(() => {
    expect(app.store.getState().notice?.text).toMatch(said);
  });
  await eventually(() => {
    expect(bar.text).toMatch(/^\/(overview|resets)$/u);
  });
});

it('goes back into another of the open captures', async () => {
  const tab = {
    paths: ['/a'],
    isLive: false,
    phase: 'done',
    bytesRead: 1,
    bytesTotal: 1,
    packets: 1,
  } as const;
  const shown = (capture: number) =>
    [1, 2].map((one) => ({ ...tab, capture: one, isShown: one === capture }));
  engine.captures = shown(1);
  engine.state = sampleProgress({ capture: 1 });
  start();
  await shows('/overview?capture=1');
  app.actions.go('flows');
  await shows('/flows?capture=1');
  engine.pushCaptures(shown(2));
  engine.push({ capture: 2 });
  await shows('/overview?capture=2');
  app.trail.back();
  await eventually(() => {
    expect(engine.shown).toEqual([1]);
  });
  engine.pushCaptures(shown(1));
  engine.push({ capture: 1 });
  await shows('/flows?capture=1');
  await eventually(() => {
    expect(app.store.getState().view).toBe('flows');
  });
});
