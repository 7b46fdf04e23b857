/** Puts the selected reset into the clipboard. */
import { rowAsText, verdictAsText } from '../words/verdict-text.ts';
import type { Clock } from '../words/values.ts';
import type { App } from './app-context.ts';

function clockOf({ store }: App): Clock {
  const { summary, timeStyle } = store.getState();
  return {
    epochNs: typeof summary?.epochNs === 'string' ? BigInt(summary.epochNs) : null,
    firstNs: summary?.firstNs ?? 0,
    style: timeStyle,
  };
}

export async function copySelectedVerdict(app: App): Promise<void> {
  const { reset } = app.store.getState();
  if (reset === null) return;
  const detail = await app.link.call('resets.detail', { id: reset });
  await app.actions.copy(verdictAsText(detail, clockOf(app)), 'the verdict');
}

export async function copySelectedReset(app: App): Promise<void> {
  const { reset } = app.store.getState();
  if (reset === null) return;
  const { row } = await app.link.call('resets.detail', { id: reset });
  await app.actions.copy(rowAsText(row, clockOf(app)), 'the row');
}
