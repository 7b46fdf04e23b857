/** The dialog over the real RPC, with a fake engine behind it. */
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import type { HandOverPart, HandOverSubject } from '../state/hand-over-slice.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { sampleFlow, sampleProgress, sampleReset } from '../testing/sample.ts';
import { HandOverDialog } from './hand-over-dialog.tsx';

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

async function show(part: HandOverPart, subject?: HandOverSubject): Promise<void> {
  app = createApp(engine.platform);
  await waitFor(() => {
    expect(app.store.getState().link).toBe('open');
    expect(app.store.getState().progress.phase).not.toBe('empty');
  });
  render(
    <AppProvider value={app}>
      <HandOverDialog />
    </AppProvider>,
  );
  await act(() => app.actions.handOver(part, subject));
}

/** Holds up exports until they are given up; tells how many were begun, and how many were given up. */
function holdExports(): { begun: number; givenUp: number } {
  const held = { begun: 0, givenUp: 0 };
  engine.beforeExport = (signal) =>
    new Promise((_, reject) => {
      held.begun++;
      signal.addEventListener('abort', () => {
        held.givenUp++;
        reject(new Error('given up'));
      });
    });
  return held;
}

it('shows what the report says, and why there is no PDF', async () => {
  await show('report');
  await screen.findByRole('heading', { name: 'Report' });
  expect(screen.getByLabelText<HTMLInputElement>('PDF').disabled).toBe(true);
  expect(screen.getByText(/needs Chromium/u)).toBeTruthy();
  expect(screen.queryByText(/cannot hide/u)).toBeNull();
  fireEvent.click(screen.getByRole('switch', { name: /^Anonymised/u }));
  expect(screen.getByText(/cannot hide times/u)).toBeTruthy();
});

it('calls resets by their frames, and connections by their ends', async () => {
  const row = sampleReset(0);
  const flow = sampleFlow(row.flow);
  engine.resets = [row];
  engine.flows = [flow];
  await show('packets', { kind: 'flow', id: flow.id, ends: null });
  const names = screen.getAllByRole('option').map(({ textContent }) => textContent);
  expect(names).toContain(`The connection ${flow.client} → ${flow.server}`);
  expect(names).toContain(`The reset in frame ${row.frame}`);
});

it('tells what an export of packets has, and that its verdict came out otherwise', async () => {
  engine.exported = {
    ...engine.exported,
    told: { ...engine.exported.told!, changed: 1, replaced: [{ kind: 'names', count: 7 }] },
    missing: 2,
  };
  await show('packets', { kind: 'finding', key: 'some', reset: 0 });
  fireEvent.click(screen.getByRole('button', { name: 'Make the file' }));
  await screen.findByText('12 of 4,000 packets');
  expect(screen.getByText(/^1 of 1 verdict comes out otherwise/u)).toBeTruthy();
  expect(screen.getByText('Replaced: names 7.')).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('2 packets could not be read again');
  await waitFor(() => {
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Save some-reset-3.pcapng');
  });
  expect(engine.calls).toContain('export.stop');
});

it('gives up an export that is cancelled, and can make it again', async () => {
  const held = holdExports();
  await show('packets');
  fireEvent.click(screen.getByRole('button', { name: 'Make the file' }));
  const cancel = await screen.findByRole('button', { name: 'Cancel' });
  await waitFor(() => {
    expect([held, document.activeElement]).toEqual([{ begun: 1, givenUp: 0 }, cancel]);
  });
  expect(screen.getByText(/^Choosing packets/u)).toBeTruthy();
  fireEvent.click(cancel);
  await waitFor(() => {
    expect(held.givenUp).toBe(1);
    expect(engine.calls).toContain('export.stop');
  });
  expect(screen.queryByRole('alert')).toBeNull();
  const again = screen.getByRole('button', { name: 'Make the file' });
  expect(document.activeElement).toBe(again);
  engine.beforeExport = () => Promise.resolve();
  fireEvent.click(again);
  await screen.findByText('12 of 4,000 packets');
});

it('gives up an export with the dialog', async () => {
  const held = holdExports();
  await show('packets');
  fireEvent.click(screen.getByRole('button', { name: 'Make the file' }));
  await waitFor(() => {
    expect(held.begun).toBe(1);
  });
  act(() => {
    app.actions.setDialog(null);
  });
  await waitFor(() => {
    expect(held.givenUp).toBe(1);
    expect(engine.calls).toContain('export.stop');
  });
});

it('gives up a PDF that is cancelled', async () => {
  engine.canPdf = true;
  const held = holdExports();
  await show('report');
  await screen.findByRole('heading', { name: 'Report' });
  fireEvent.click(screen.getByLabelText('PDF'));
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('Printing …');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => {
    expect(held).toEqual({ begun: 1, givenUp: 1 });
  });
  expect(screen.queryByText('Printing …')).toBeNull();
  expect(screen.queryByText(/could not be saved/u)).toBeNull();
});

it('tells how many rows a table has', async () => {
  engine.exported = { ...engine.exported, rows: { written: 3, leftOut: 4000, gone: 1 } };
  await show('table');
  fireEvent.click(screen.getByRole('button', { name: 'Make the table' }));
  await screen.findByText('3 rows written.');
  expect(screen.getByText('1 row more is counted but not kept one by one.')).toBeTruthy();
});

it('says what can be reproduced where there is no reset', async () => {
  await show('reproduce');
  expect(screen.getByText('Only a reset can be reproduced')).toBeTruthy();
});
