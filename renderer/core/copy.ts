/** Puts the selected reset or failure into the clipboard. */
import { failureAsText, failureRowAsText } from '../words/failure-text.ts';
import { rowAsText, verdictAsText } from '../words/verdict-text.ts';
import type { Clock } from '../words/values.ts';
import type { App } from './app-context.ts';
import { clockOf } from './clock.ts';

function clock({ store }: App): Clock {
  const { summary, timeStyle, selectedNs } = store.getState();
  return clockOf(summary, timeStyle, selectedNs);
}

export async function copySelectedVerdict(app: App): Promise<void> {
  const { reset } = app.store.getState();
  if (reset === null) return;
  const detail = await app.link.call('resets.detail', { id: reset });
  await app.actions.copy(verdictAsText(detail, clock(app)), 'the verdict');
}

export async function copySelectedReset(app: App): Promise<void> {
  const { reset } = app.store.getState();
  if (reset === null) return;
  const { row } = await app.link.call('resets.detail', { id: reset });
  await app.actions.copy(rowAsText(row, clock(app)), 'the row');
}

export async function copySelectedFailure(app: App): Promise<void> {
  const { failure } = app.store.getState();
  if (failure === null) return;
  const detail = await app.link.call('failures.detail', { id: failure });
  await app.actions.copy(failureAsText(detail, clock(app)), 'the failure');
}

export async function copySelectedFailureRow(app: App): Promise<void> {
  const { failure } = app.store.getState();
  if (failure === null) return;
  const { row } = await app.link.call('failures.detail', { id: failure });
  await app.actions.copy(failureRowAsText(row, clock(app)), 'the row');
}
