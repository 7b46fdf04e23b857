/** The whole interface over the real RPC, with a fake engine behind it. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RpcError } from '../../shared/contract/errors.ts';
import { SAMPLES } from '../../shared/model/sample.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import { NO_ENDINGS } from '../../shared/model/failure.ts';
import {
  sampleEndings,
  sampleFailedEndings,
  sampleFailure,
  sampleFailureDetail,
  sampleFailureGroup,
  sampleFinding,
  sampleFlow,
  sampleIcmpError,
  sampleOverview,
  samplePacket,
  sampleProgress,
  sampleReset,
  sampleSummary,
} from '../testing/sample.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { Root } from './root.tsx';

let engine: FakeEngine;
let app: App;

/** happy-dom lays nothing out: lists would be 0 px high and draw no row. */
vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);

const NO_RESETS = sampleOverview({
  byOrigin: { endpoint: 0, middlebox: 0, unknown: 0 },
  byCause: [],
  findings: { list: [], total: 0, noise: { findings: 0, resets: 0 } },
});

async function start(open = true, headline = '15 of 30 resets matter'): Promise<void> {
  engine.resets = Array.from({ length: 30 }, (_, id) => sampleReset(id));
  engine.flows = Array.from({ length: 40 }, (_, id) => sampleFlow(id));
  engine.packets = Array.from({ length: 12 }, (_, packet) => samplePacket(packet));
  if (open) engine.state = sampleProgress();
  app = createApp(engine.platform);
  render(
    <AppProvider value={app}>
      <Root />
    </AppProvider>,
  );
  await waitFor(() => {
    expect(app.store.getState().capabilities).not.toBeNull();
  });
  if (open) await screen.findByText(headline);
}

function press(key: string, target: Element | Window = document.activeElement ?? window): void {
  fireEvent.keyDown(target, { key });
}

beforeEach(() => {
  localStorage.clear();
  engine = new FakeEngine();
});

afterEach(() => {
  cleanup();
  app.dispose();
});

describe('without a capture', () => {
  it('offers to open one, and recent files', async () => {
    engine.recent = [{ path: '/captures/monday.pcapng', openedMs: Date.now(), sizeBytes: 2_500_000 }];
    await start(false);
    expect(screen.getByText('Drop a capture here')).toBeTruthy();
    fireEvent.click(screen.getByText('monday.pcapng'));
    await waitFor(() => {
      expect(engine.opened).toEqual([['/captures/monday.pcapng']]);
    });
    expect(screen.getByText('2.5 MB')).toBeTruthy();
  });

  it('says why a file could not be opened, and tries again', async () => {
    await start(false);
    engine.openError = new RpcError('unreadable', '/captures/x.txt: it looks like text');
    await act(() => app.actions.openPaths(['/captures/x.txt']));
    const alert = screen.getByRole('alert');
    expect(within(alert).getByText('x.txt could not be opened')).toBeTruthy();
    expect(within(alert).getByText('It looks like text')).toBeTruthy();
    engine.openError = null;
    fireEvent.click(within(alert).getByText('Try again'));
    await waitFor(() => {
      expect(engine.opened).toEqual([['/captures/x.txt']]);
    });
  });

  it('says nothing of a file that another one was opened instead of', async () => {
    await start(false);
    engine.openError = new RpcError('cancelled', 'something else was opened meanwhile');
    await act(() => app.actions.openPaths(['/captures/x.pcap']));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('sends dropped files to the host and opens them there', async () => {
    await start(false);
    await act(() => app.actions.openFiles([new File(['x'], 'drop.pcap')]));
    expect(engine.opened).toEqual([['/uploads/drop.pcap']]);
  });
});

describe('the overview', () => {
  it('leads from a cause to its resets', async () => {
    await start();
    fireEvent.click(screen.getAllByText('Connection refused')[0]);
    expect(app.store.getState()).toMatchObject({
      view: 'resets',
      resetQuery: { filter: 'cause:connection-refused' },
    });
  });

  it('folds harmless findings away', async () => {
    await start();
    expect(screen.queryByText(/health check\./)).toBeNull();
    fireEvent.click(screen.getByText('Show 12 harmless resets in 1 group'));
    expect(screen.getByText(/health check\./)).toBeTruthy();
    fireEvent.click(screen.getByText('Fold 12 harmless resets in 1 group'));
    expect(screen.queryByText(/health check\./)).toBeNull();
  });

  it('shows the first findings, and all when asked', async () => {
    // Those that differ in nothing but the server are one row.
    const list = CAUSE_CODES.slice(0, 11).map((cause, id) =>
      sampleFinding({ examples: [id], cause, sentence: `finding number ${id}` }),
    );
    engine.overview = sampleOverview({
      findings: { list, total: 11, noise: { findings: 0, resets: 0 } },
    });
    await start();
    expect(screen.getAllByText(/^finding number/)).toHaveLength(8);
    fireEvent.click(screen.getByText('Show 3 more findings'));
    expect(screen.getAllByText(/^finding number/)).toHaveLength(11);
  });

  it('lists harmless findings where there are no others', async () => {
    const [, harmless] = sampleOverview().findings.list;
    engine.overview = sampleOverview({
      findings: { list: [harmless], total: 3, noise: { findings: 3, resets: 14 } },
    });
    await start();
    expect(screen.getByText(/health check\./)).toBeTruthy();
    expect(screen.queryByText(/^Show .* harmless/)).toBeNull();
    expect(screen.getByText('List 2 of 2 smaller findings')).toBeTruthy();
  });

  it('leads from an ICMP error to the packets of its flow', async () => {
    const groups = [{ example: sampleIcmpError(), count: 4, lastNs: 9e9 }];
    engine.overview = sampleOverview({ icmpErrors: { total: 4, groups, moreGroups: 0 } });
    await start();
    fireEvent.click(screen.getByText('UDP: Port unreachable, says the host itself.'));
    expect(app.store.getState()).toMatchObject({ view: 'connection', packetsFlow: 5 });
  });

  it('opens the example of a finding', async () => {
    await start();
    fireEvent.click(screen.getByText(/^18 resets in the server’s name/));
    await waitFor(() => {
      expect(app.store.getState()).toMatchObject({ view: 'resets', reset: 6, resetCursor: 6 });
    });
  });

  it('is glad only where every connection ended well', async () => {
    engine.summary = sampleSummary({ resets: 0, resetsThatMatter: 0 });
    engine.overview = NO_RESETS;
    engine.endings = sampleEndings({
      counts: { ...NO_ENDINGS.counts, clean: 38 },
      headline: 'All 38 connections ended well',
      allWell: true,
    });
    await start(true, 'All 38 connections ended well');
    expect(screen.getByText(/^290 TCP packets in 38 connections were checked/)).toBeTruthy();
    expect(document.querySelector('.headline.tone-good')).not.toBeNull();
  });

  it('tells failures where there is no reset, and leads to them', async () => {
    engine.summary = sampleSummary({ resets: 0, resetsThatMatter: 0 });
    engine.overview = NO_RESETS;
    engine.endings = sampleFailedEndings({ headline: 'No resets, but 4 of 38 connections failed' });
    engine.failures = [2, 3, 4].map((id) => sampleFailure(id));
    await start(true, 'No resets, but 4 of 38 connections failed');
    expect(document.querySelector('.headline.tone-good')).toBeNull();
    expect(screen.queryByText('Resets over time')).toBeNull();
    fireEvent.click(screen.getByText(/^5 connections of one client/));
    await waitFor(() => {
      expect(app.store.getState()).toMatchObject({
        view: 'failures',
        failure: 2,
        failureCursor: 0,
        failureQuery: { filter: 'ending:no-answer server:"192.0.2.8:443" recovered:no matters:yes' },
      });
    });
  });

  it('lists findings of resets and of failures in the order of their weight', async () => {
    engine.endings = sampleFailedEndings({
      groups: [
        sampleFailureGroup({ matters: 40, count: 40, sentence: 'a large failure' }),
        sampleFailureGroup({ kind: 'stalled', matters: 1, count: 1, sentence: 'a small failure' }),
        sampleFailureGroup({ kind: 'half-open', matters: 0, count: 3, sentence: 'a harmless failure' }),
      ],
    });
    await start();
    const told = (): string[] =>
      Array.from(document.querySelectorAll('.finding-open'), (element) => element.textContent);
    expect(told()).toEqual([
      'No answer: a large failure',
      expect.stringMatching(/^18 resets/) as string,
      'Stalled: a small failure',
    ]);
    fireEvent.click(screen.getByText('Show 12 harmless resets in 1 group and 3 harmless failures'));
    expect(told()).toHaveLength(5);
  });

  it('leads from an ending to its connections', async () => {
    engine.endings = sampleFailedEndings();
    await start();
    fireEvent.click(screen.getByRole('button', { name: /^Stalled/ }));
    expect(app.store.getState()).toMatchObject({
      view: 'failures',
      failureQuery: { filter: 'ending:stalled' },
    });
    act(() => {
      app.actions.go('overview');
    });
    fireEvent.click(await screen.findByRole('button', { name: /^Ended well/ }));
    expect(app.store.getState()).toMatchObject({ view: 'flows', flowQuery: { filter: 'ending:clean' } });
  });

  it('follows the engine while it reads', async () => {
    await start();
    engine.overview = sampleOverview();
    engine.summary = sampleSummary({ resets: 31, resetsThatMatter: 16 });
    engine.endings = sampleEndings({ headline: '16 of 31 resets matter' });
    act(() => {
      engine.push({ phase: 'following', revision: 2, packets: 310, resets: 31 });
    });
    await screen.findByText('16 of 31 resets matter');
    expect(screen.getByText('Following · 310 packets')).toBeTruthy();
  });
});

describe('the list of resets', () => {
  async function openList(): Promise<HTMLElement> {
    await start();
    press('2', window);
    const grid = await screen.findByRole('grid', { name: 'Resets' });
    await within(grid).findAllByText('10.0.0.1:40000');
    act(() => {
      grid.focus();
    });
    return grid;
  }

  it('is walked by keys, and shows the verdict on the row of the cursor', async () => {
    const grid = await openList();
    expect(grid.getAttribute('aria-rowcount')).toBe('31');
    press('ArrowDown');
    press('ArrowDown');
    expect(app.store.getState()).toMatchObject({ reset: 1, resetCursor: 1 });
    await screen.findByRole('heading', { name: /^A device two hops in front of the server — injected/ });
    press('End');
    expect(app.store.getState()).toMatchObject({ reset: 29, resetCursor: 29 });
    press('Home');
    expect(app.store.getState().reset).toBe(0);
    press('j', window);
    expect(app.store.getState().reset).toBe(1);
  });

  it('points assistive technology at the active row', async () => {
    const grid = await openList();
    press('ArrowDown');
    const active = await waitFor(() => {
      const id = grid.getAttribute('aria-activedescendant');
      expect(id).not.toBeNull();
      return document.getElementById(id ?? '');
    });
    expect(active?.getAttribute('aria-selected')).toBe('true');
    expect(active?.getAttribute('aria-rowindex')).toBe('2');
  });

  it('sorts by its titles', async () => {
    const grid = await openList();
    fireEvent.click(within(grid).getByRole('button', { name: 'Cause' }));
    expect(app.store.getState().resetQuery).toMatchObject({ sort: 'cause', direction: 'ascending' });
    fireEvent.click(within(grid).getByRole('button', { name: 'Cause' }));
    expect(app.store.getState().resetQuery).toMatchObject({ sort: 'cause', direction: 'descending' });
    expect(within(grid).getByRole('columnheader', { name: 'Cause' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
  });

  it('filters, says how many pass, and shows a typo below the field without losing the list', async () => {
    const grid = await openList();
    const field = screen.getByRole('combobox', { name: 'Filter resets' });
    fireEvent.change(field, { target: { value: 'matters:yes' } });
    await screen.findByText('15 of 30');
    fireEvent.change(field, { target: { value: 'origin:nonsense' } });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('nonsense');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(within(grid).getAllByText('10.0.0.1:40000').length).toBeGreaterThan(0);
    fireEvent.change(field, { target: { value: 'server:203.0.113.9' } });
    await screen.findByText('No reset passes this filter');
  });

  it('takes terms from the help and gives them back', async () => {
    await openList();
    fireEvent.click(screen.getByRole('button', { name: 'How to filter' }));
    const chip = await screen.findByRole('button', { name: 'matters:yes' });
    fireEvent.click(chip);
    await screen.findByText('15 of 30');
    fireEvent.click(chip);
    await waitFor(() => {
      expect(app.store.getState().resetQuery.filter).toBe('');
    });
  });

  it('keeps letters for the field that is typed into', async () => {
    await openList();
    const field = screen.getByRole('combobox');
    act(() => {
      field.focus();
    });
    press('3', field);
    expect(app.store.getState().view).toBe('resets');
    act(() => {
      app.actions.setLetterKeys(false);
      field.blur();
    });
    press('3', window);
    expect(app.store.getState().view).toBe('resets');
  });
});

describe('the verdict', () => {
  it('marks the packet that evidence rests on', async () => {
    await start();
    await act(() => app.actions.showReset(0));
    const link = await screen.findByRole('button', { name: '#3' });
    fireEvent.click(link);
    const option = screen.getByRole('option', { name: /frame 3,/ });
    expect(option.getAttribute('aria-selected')).toBe('true');
    fireEvent.keyDown(screen.getByRole('listbox'), { key: 'ArrowDown' });
    expect(screen.getByRole('option', { name: /frame 4,/ }).getAttribute('aria-selected')).toBe('true');
  });

  it('closes by Escape and comes back by Enter', async () => {
    await start();
    await act(() => app.actions.showReset(2));
    const pane = await screen.findByRole('region', { name: 'Verdict' });
    fireEvent.keyDown(pane, { key: 'Escape' });
    expect(screen.queryByRole('region', { name: 'Verdict' })).toBeNull();
    const grid = screen.getByRole('grid', { name: 'Resets' });
    await within(grid).findAllByText('10.0.0.1:40002');
    fireEvent.keyDown(grid, { key: 'Enter' });
    expect(await screen.findByRole('region', { name: 'Verdict' })).toBeTruthy();
  });
});

describe('failures', () => {
  async function openFailures(): Promise<HTMLElement> {
    engine.endings = sampleFailedEndings({ failures: 30, failuresThatMatter: 15 });
    engine.failures = Array.from({ length: 30 }, (_, id) => sampleFailure(id));
    await start();
    press('3', window);
    const grid = await screen.findByRole('grid', { name: 'Failures' });
    await within(grid).findAllByText('10.0.0.1:50000');
    act(() => {
      grid.focus();
    });
    return grid;
  }

  it('are walked by keys, and the one of the cursor is shown', async () => {
    const grid = await openFailures();
    expect(grid.getAttribute('aria-rowcount')).toBe('31');
    press('ArrowDown');
    press('ArrowDown');
    expect(app.store.getState()).toMatchObject({ failure: 1, failureCursor: 1 });
    await screen.findByText(/^SYN number 1 to/);
    press('j', window);
    expect(app.store.getState()).toMatchObject({ failure: 2, view: 'failures' });
    press('k', window);
    expect(app.store.getState().failure).toBe(1);
    press('Escape', await screen.findByRole('region', { name: 'Failure' }));
    expect(screen.queryByRole('region', { name: 'Failure' })).toBeNull();
  });

  it('have evidence that marks its packets, a next step, and a way to all packets', async () => {
    await openFailures();
    await act(() => app.actions.showFailure(4));
    const pane = await screen.findByRole('region', { name: 'Failure' });
    fireEvent.click(await within(pane).findByRole('button', { name: '#2' }));
    const packet = within(pane).getByRole('option', { name: /frame 2,/ });
    expect(packet.getAttribute('aria-selected')).toBe('true');
    expect(within(pane).getByText('Capture at the server: does the SYN arrive?')).toBeTruthy();
    expect(within(pane).getByText('likely')).toBeTruthy();
    fireEvent.click(within(pane).getByText('Packets of the flow'));
    expect(app.store.getState()).toMatchObject({ view: 'connection', packetsFlow: 4 });
  });

  it('are filtered and sorted', async () => {
    const grid = await openFailures();
    fireEvent.change(screen.getByRole('combobox', { name: 'Filter failures' }), {
      target: { value: 'matters:yes' },
    });
    await screen.findByText('15 of 30');
    fireEvent.click(within(grid).getByRole('button', { name: 'Tries' }));
    expect(app.store.getState().failureQuery).toMatchObject({ sort: 'tries', direction: 'descending' });
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'ending:stalled' } });
    await screen.findByText('No failure passes this filter');
    fireEvent.click(screen.getByText('Show all'));
    await waitFor(() => {
      expect(app.store.getState().failureQuery.filter).toBe('');
    });
  });

  it('whose packets were let go lead nowhere', async () => {
    engine.failureDetail = (row) => sampleFailureDetail(row, { flow: null, packets: [] });
    await openFailures();
    await act(() => app.actions.showFailure(4));
    const pane = await screen.findByRole('region', { name: 'Failure' });
    await within(pane).findByText(/^SYN number 4 to/);
    expect(within(pane).queryByText('Packets of the flow')).toBeNull();
    expect(within(pane).queryByRole('listbox')).toBeNull();
  });

  it('that are none say how many connections were looked at', async () => {
    await start();
    press('3', window);
    expect(await screen.findByText(/None of 38 connections failed without a reset/)).toBeTruthy();
  });

  it('take the keys where there are no resets', async () => {
    engine.summary = sampleSummary({ resets: 0, resetsThatMatter: 0 });
    engine.overview = NO_RESETS;
    engine.endings = sampleFailedEndings({ headline: 'No resets, but 4 of 38 connections failed' });
    engine.failures = [sampleFailure(5)];
    engine.state = sampleProgress({ resets: 0 });
    app = createApp(engine.platform);
    render(
      <AppProvider value={app}>
        <Root />
      </AppProvider>,
    );
    await screen.findByText('No resets, but 4 of 38 connections failed');
    await waitFor(() => {
      expect(app.feeds.failures.getState().shown?.total).toBe(1);
    });
    press('n', window);
    await waitFor(() => {
      expect(app.store.getState()).toMatchObject({ view: 'failures', failure: 5 });
    });
  });
});

describe('flows', () => {
  it('lead to their packets and to their resets', async () => {
    await start();
    press('4', window);
    const grid = await screen.findByRole('grid', { name: 'Flows' });
    await within(grid).findAllByText('10.0.0.1:40003');
    for (let row = 0; row < 4; row++) fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: 'Enter' });
    const ladder = await screen.findByRole('listbox', { name: 'Packets of the connection' });
    expect(within(ladder).getAllByRole('option').length).toBeGreaterThan(1);
    fireEvent.keyDown(window, { key: 'P', shiftKey: true });
    const packets = await screen.findByRole('grid', { name: 'Packets of the flow' });
    await waitFor(() => {
      expect(packets.getAttribute('aria-rowcount')).toBe('13');
    });
    fireEvent.click(await screen.findByText('1 reset'));
    expect(app.store.getState()).toMatchObject({ view: 'resets', resetQuery: { filter: 'flow:3' } });
  });
});

describe('panes', () => {
  it('are gone through by F6, there and back', async () => {
    await start();
    await act(() => app.actions.showReset(2));
    await screen.findByRole('region', { name: 'Verdict' });
    act(() => {
      screen.getByRole('grid', { name: 'Resets' }).focus();
    });
    const pane = (): string | null | undefined =>
      document.activeElement?.closest('[data-pane]')?.getAttribute('aria-label');
    const visited = Array.from({ length: 3 }, () => {
      press('F6');
      return pane();
    });
    expect(visited).toEqual(['Verdict', 'Views', 'Resets']);
    fireEvent.keyDown(window, { key: 'F6', shiftKey: true });
    expect(pane()).toBe('Views');
  });
});

describe('commands', () => {
  it('are found in the palette by any of their words', async () => {
    await start();
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const field = await screen.findByPlaceholderText('What do you want to do?');
    fireEvent.change(field, { target: { value: 'dark' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => {
      expect(app.store.getState()).toMatchObject({ theme: 'dark', dialog: null });
    });
    expect(localStorage.getItem('resetscope.theme')).toBe('dark');
  });

  it('are joined by those that arrive while the palette is open', async () => {
    await start();
    app.store.setState({ samples: [] });
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    const field = await screen.findByPlaceholderText('What do you want to do?');
    fireEvent.change(field, { target: { value: 'try the sample forged' } });
    expect(await screen.findByText('No command by these words.')).toBeTruthy();
    app.store.setState({ samples: SAMPLES });
    await waitFor(() => {
      expect(screen.getByRole('option', { selected: true }).textContent).toContain('Forged by a device');
    });
  });

  it('are listed in the help', async () => {
    await start();
    press('?', window);
    const dialog = await screen.findByRole('dialog', { name: 'Help' });
    expect(within(dialog).getByText('Next reset')).toBeTruthy();
    expect(within(dialog).getByText('origin:')).toBeTruthy();
  });
});

describe('warnings', () => {
  it('say what was lost and where', async () => {
    await start();
    press('7', window);
    expect(await screen.findByText('The file ends inside of a packet.')).toBeTruthy();
    expect(screen.getByText('990')).toBeTruthy();
    expect(screen.getByText('something lost')).toBeTruthy();
  });
});

describe('the line to the engine', () => {
  it('comes back by itself after a loss', async () => {
    await start();
    act(() => {
      engine.drop();
    });
    await screen.findByText('The connection to the engine was lost.');
    await waitFor(() => {
      expect(app.store.getState().link).toBe('open');
    });
    expect(screen.queryByText('The connection to the engine was lost.')).toBeNull();
  });

  it('brings another capture, of which nothing old is left', async () => {
    await start();
    await act(() => app.actions.showReset(6));
    engine.resets = [sampleReset(0)];
    act(() => {
      engine.push({ phase: 'reading', revision: 1, packets: 2, resets: 1, bytesRead: 10 });
    });
    await waitFor(() => {
      expect(app.store.getState()).toMatchObject({ reset: null, summary: expect.anything() as unknown });
    });
    await waitFor(() => {
      expect(app.feeds.resets.getState().shown?.total).toBe(1);
    });
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('1');
  });
});
