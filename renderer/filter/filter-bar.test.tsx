/** The filter bar over the real RPC, with a fake engine behind it. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { FilterBar } from './filter-bar.tsx';

let app: App;
const onFilter = vi.fn<(filter: string) => void>();
const onStop = vi.fn<() => void>();
const onLeave = vi.fn<() => void>();

function Bar() {
  const [filter, setFilter] = useState('tcp');
  return (
    <FilterBar
      of="packets"
      filter={filter}
      onFilter={(next) => {
        onFilter(next);
        setFilter(next);
      }}
      placeholder="Filter"
      chips={[]}
      total={3}
      all={10}
      busy={false}
      looked={{ done: 5, of: 10 }}
      onStop={onStop}
      refused={null}
      onLeave={onLeave}
    />
  );
}

beforeEach(() => {
  app = createApp(new FakeEngine().platform);
  render(
    <AppProvider value={app}>
      <Bar />
    </AppProvider>,
  );
});

afterEach(() => {
  cleanup();
  app.dispose();
  localStorage.clear();
  vi.clearAllMocks();
});

function field(): HTMLElement {
  return screen.getByRole('combobox', { name: 'Filter packets' });
}

function type(text: string): void {
  fireEvent.change(field(), { target: { value: text } });
}

describe('the filter bar', () => {
  it('offers while one types, and no longer once the filter is taken', async () => {
    field().focus();
    type('udp');
    await waitFor(() => {
      expect(screen.getByRole('listbox', { name: 'What can stand here' })).toBeTruthy();
    });
    fireEvent.keyDown(field(), { key: 'Enter' });
    await waitFor(() => {
      expect(screen.queryByRole('listbox', { name: 'What can stand here' })).toBeNull();
    });
  });

  it('asks for what can be read, and says how far the looking is', async () => {
    type('tcp.port == 443');
    await waitFor(() => {
      expect(onFilter).toHaveBeenCalledWith('tcp.port == 443');
    });
    expect(screen.getByText(/50 % looked at/u)).toBeDefined();
    expect(screen.getByRole('status').textContent).toBe('3 of 10');
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(onStop).toHaveBeenCalledOnce();
  });

  it('leaves the last filter in force while a wrong one stands there, and mends it by Enter', async () => {
    type('tcp.prot == 443');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('tcp.port');
    expect(alert.textContent).toContain('Still shown: tcp');
    expect(onFilter).not.toHaveBeenCalled();
    expect(field().getAttribute('aria-invalid')).toBe('true');
    fireEvent.keyDown(field(), { key: 'Enter' });
    await waitFor(() => {
      expect(onFilter).toHaveBeenCalledWith('tcp.port == 443');
    });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('leaves the field on the first Escape', () => {
    type('tcp.port == ');
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it('keeps what was gone on with, and saves it under a name', async () => {
    type('udp');
    fireEvent.keyDown(field(), { key: 'Enter' });
    fireEvent.click(screen.getByRole('button', { name: 'Recent and saved filters' }));
    fireEvent.change(await screen.findByLabelText('Save the filter as'), { target: { value: 'Datagrams' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Datagrams')).toBeDefined();
    expect(JSON.parse(localStorage.getItem('resetscope.filters') ?? '')).toEqual({
      recent: ['udp'],
      saved: [{ name: 'Datagrams', text: 'udp' }],
    });
  });

  it('offers to put commas into a set', async () => {
    type('tcp.port in {80 443}');
    fireEvent.click(await screen.findByRole('button', { name: /with commas/u }));
    await waitFor(() => {
      expect(onFilter).toHaveBeenCalledWith('tcp.port in {80, 443}');
    });
  });
});
