/** What a fresh connection is told, in whatever order it arrives. */
import { expect, it } from 'vitest';
import type { Events, MethodName, RecentFile } from '../../shared/contract/methods.ts';
import type { Progress } from '../../shared/model/capture.ts';
import type { Client } from '../../shared/rpc/service.ts';
import { eventually } from '../../test/support/patience.ts';
import { sampleProgress, sampleOverview, sampleSummary } from '../testing/sample.ts';
import { createFeeds } from './feeds.ts';
import { Link } from './link.ts';
import { createAppStore } from './store.ts';
import { keepInStep } from './sync.ts';

it('does not take an answer for newer than what was pushed after the question', async () => {
  let answerProgress: (progress: Progress) => void = () => undefined;
  let push: (progress: Progress) => void = () => undefined;
  const recent: readonly RecentFile[] = [];
  const answers: Partial<Record<MethodName, () => unknown>> = {
    'capture.progress': () => new Promise((resolve) => (answerProgress = resolve)),
    'capture.summary': () => sampleSummary(),
    'capture.overview': () => sampleOverview(),
    'host.recent': () => recent,
    'host.samples': () => [],
    'host.lessons': () => [],
    'names.list': () => [],
    'capture.list': () => [],
  };
  const client = {
    call: (method: MethodName) => Promise.resolve(answers[method]?.() ?? null),
    on: (event: keyof Events, listener: (payload: never) => void) => {
      if (event === 'progress') push = listener as (progress: Progress) => void;
    },
    onClose: () => undefined,
    dispose: () => undefined,
  } as unknown as Client;
  const link = new Link(() => Promise.resolve(client));
  const store = createAppStore();
  const sync = keepInStep(store, link, createFeeds(link));
  await link.start();

  push(sampleProgress({ phase: 'done', revision: 9 }));
  answerProgress(sampleProgress({ phase: 'reading', revision: 3 }));
  await eventually(() => {
    expect(store.getState().recent).toBe(recent);
  });
  // What waited for a frame by then is shown in it, before what asks for one now.
  await new Promise(requestAnimationFrame);
  expect(store.getState().progress.phase).toBe('done');
  sync.dispose();
  link.dispose();
});
