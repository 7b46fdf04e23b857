/** Live capture in the whole interface, over the real RPC, with a fake engine that captures. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FilterCheck } from '../../shared/model/live.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import {
  sampleCase,
  sampleInterface,
  sampleLive,
  sampleOffer,
  sampleOptions,
  sampleProblem,
} from '../testing/sample-live.ts';
import {
  sampleDetail,
  sampleProgress,
  sampleReset,
  sampleEndings,
  sampleSummary,
} from '../testing/sample.ts';
import { DEFAULT_RULE } from '../state/catch-rule.ts';
import { AppProvider, createApp } from '../core/app-context.ts';
import type { App } from '../core/app-context.ts';
import { Root } from './root.tsx';

let engine: FakeEngine;
let app: App;

/** happy-dom lays nothing out: lists would be 0 px high and draw no row. */
vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);

function open(): void {
  app = createApp(engine.platform);
  render(
    <AppProvider value={app}>
      <Root />
    </AppProvider>,
  );
}

async function capturing(): Promise<void> {
  engine.live = sampleLive({ options: sampleOptions({ catch: DEFAULT_RULE }) });
  engine.resets = [sampleReset(0), sampleReset(1)];
  engine.state = sampleProgress({ phase: 'following', packets: 100, resets: 2 });
  open();
  await screen.findByRole('region', { name: 'Live capture' });
  await screen.findByText('15 of 30 resets matter');
}

const interfaces = (): Promise<HTMLElement> => screen.findByRole('listbox', { name: 'Interfaces' });

beforeEach(() => {
  localStorage.clear();
  engine = new FakeEngine();
});

afterEach(() => {
  cleanup();
  app.dispose();
});

describe('the title', () => {
  const title = (): string => document.querySelector('.title-file')?.textContent ?? '';
  const ringFile = (name: string): string => `${sampleLive().folder}/${name}`;
  const summaryOf = (...paths: string[]) => ({
    ...sampleSummary(),
    files: paths.map((path) => ({ ...sampleSummary().files[0], path })),
  });

  it('names the place of a capture, also when that is over', async () => {
    engine.summary = summaryOf(ringFile('eth0_00001.pcapng'), ringFile('eth0_00002.pcapng'));
    await capturing();
    expect(title()).toBe('eth0live');
    cleanup();
    app.dispose();
    engine.live = sampleLive({ phase: 'stopped', endedMs: 9 });
    open();
    await waitFor(() => expect(title()).toBe('eth02 files'));
  });

  it('names the file that is open instead of it', async () => {
    engine.live = sampleLive({ phase: 'stopped', endedMs: 9 });
    engine.summary = summaryOf(ringFile('cases/reset-1.pcapng'));
    engine.state = sampleProgress({ phase: 'done', packets: 100, resets: 2 });
    open();
    await waitFor(() => expect(title()).toBe('reset-1.pcapng'));
  });
});

describe('choosing an interface', () => {
  it('is walked by keys, and Enter starts with the options shown', async () => {
    open();
    const list = await interfaces();
    fireEvent.keyDown(list, { key: 'ArrowDown' });
    fireEvent.change(screen.getByLabelText('Capture filter'), { target: { value: 'tcp' } });
    fireEvent.keyDown(list, { key: 'Enter' });
    await screen.findByRole('region', { name: 'Live capture' });
    expect(engine.started).toMatchObject([{ interface: 'wlan0', source: 'auto', filter: 'tcp' }]);
    expect(app.store.getState()).toMatchObject({
      resetQuery: { sort: 'time', direction: 'ascending' },
      following: { resets: true },
    });
  });

  it('shows the first capture in the order of time, on a host that numbers captures', async () => {
    engine.nextNumber = 1;
    open();
    const list = await interfaces();
    fireEvent.keyDown(list, { key: 'Enter' });
    await screen.findByRole('region', { name: 'Live capture' });
    await waitFor(() => expect(app.store.getState().progress.capture).toBe(1));
    expect(app.store.getState()).toMatchObject({
      nextTab: null,
      resetQuery: { sort: 'time', direction: 'ascending' },
    });
  });

  it('over SSH wants a host, and shows the command before it runs', async () => {
    open();
    const list = await interfaces();
    fireEvent.keyDown(list, { key: 'End' });
    fireEvent.keyDown(list, { key: 'Enter' });
    expect(engine.started).toEqual([]);
    fireEvent.change(screen.getByLabelText('Host'), { target: { value: 'root@gw' } });
    await screen.findByText('ssh root@gw tcpdump -i any -w -');
    fireEvent.click(screen.getByRole('button', { name: 'Capture any on root@gw' }));
    await waitFor(() => {
      expect(engine.started).toMatchObject([{ source: 'ssh', host: 'root@gw', interface: 'any' }]);
    });
  });

  it('can be with a second place, which wants a host, and shows its command before it runs', async () => {
    open();
    await interfaces();
    fireEvent.change(screen.getByLabelText('Capture filter'), { target: { value: 'tcp' } });
    fireEvent.click(screen.getByRole('switch', { name: /^Also capture at a second place/ }));
    const second = screen.getByRole('group', { name: 'Second place' });
    const start = screen.getByRole('button', { name: 'Capture both places' });
    expect(start.hasAttribute('disabled')).toBe(true);
    screen.getByText(/ for each of the two places; when all are full/);
    fireEvent.change(within(second).getByLabelText('Host'), { target: { value: 'root@web' } });
    await within(second).findByText('ssh root@web tcpdump -i any -w - tcp');
    fireEvent.change(within(second).getByLabelText('Interface there'), { target: { value: 'eth1' } });
    fireEvent.click(start);
    await waitFor(() => {
      expect(engine.started).toMatchObject([
        {
          interface: 'eth0',
          source: 'auto',
          second: { source: 'ssh', host: 'root@web', interface: 'eth1', filter: 'tcp' },
        },
      ]);
    });
  });

  it('among hundreds is a search', async () => {
    engine.offer = sampleOffer({
      interfaces: Array.from({ length: 300 }, (_, index) => sampleInterface({ name: `veth${index}` })),
    });
    open();
    await interfaces();
    screen.getByText(/^240 more interfaces/);
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find an interface' }), {
      target: { value: 'veth299' },
    });
    expect(screen.getAllByRole('option')).toHaveLength(2);
  });

  it('says that it could not be asked, and asks again', async () => {
    const offer = vi.spyOn(engine, 'offer', 'get').mockImplementation(() => {
      throw new Error('the helper does not answer');
    });
    open();
    await screen.findByText('Interfaces could not be listed');
    offer.mockRestore();
    engine.offer = sampleOffer();
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await interfaces();
  });
});

describe('the permission doctor', () => {
  it('stands in place of an error, with one command, and looks again', async () => {
    const { diagnosis } = sampleOffer();
    engine.offer = sampleOffer({
      diagnosis: { ...diagnosis, canCapture: false, problems: [sampleProblem()] },
    });
    open();
    const doctor = await screen.findByRole('group', { name: 'What stands in the way of capturing' });
    expect(screen.queryByRole('alert')).toBeNull();
    within(doctor).getByText(/^sudo setcap/);
    within(doctor).getByRole('button', { name: 'Copy the command' });
    expect(screen.getByRole('button', { name: 'Capture eth0' }).hasAttribute('disabled')).toBe(true);
    fireEvent.keyDown(await interfaces(), { key: 'Enter' });
    expect(engine.started).toEqual([]);
    engine.offer = sampleOffer();
    fireEvent.click(within(doctor).getByRole('button', { name: 'Try again' }));
    await waitFor(() => {
      expect(screen.queryByText(/^sudo setcap/)).toBeNull();
    });
  });

  it('answers a start that failed', async () => {
    engine.startError = {
      code: 'no-permission',
      message: 'Operation not permitted',
      problem: sampleProblem(),
    };
    open();
    fireEvent.doubleClick(await interfaces());
    const alert = await screen.findByRole('alert');
    within(alert).getByText('Capturing needs a right that this account does not have');
    engine.startError = null;
    fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => {
      expect(screen.queryByRole('alert')).toBeNull();
    });
    fireEvent.doubleClick(await interfaces());
    await screen.findByRole('region', { name: 'Live capture' });
  });

  it('keeps quiet about what only limits', async () => {
    const { diagnosis } = sampleOffer();
    const problem = sampleProblem({ weight: 'limits', title: 'Losses are not counted' });
    engine.offer = sampleOffer({ diagnosis: { ...diagnosis, problems: [problem] } });
    open();
    await screen.findByText('Losses are not counted');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('a danger', () => {
  it.each([true, false])('is shown with its cure, whether captures work (%s) or not', async (canCapture) => {
    const { diagnosis } = sampleOffer();
    const problem = sampleProblem({
      weight: 'danger',
      title: 'Every user of this machine may capture its traffic',
      command: 'sudo chmod 750 helper',
    });
    engine.offer = sampleOffer({ diagnosis: { ...diagnosis, canCapture, problems: [problem] } });
    open();
    const told = await screen.findByText(problem.title);
    expect(told.closest('details')?.open).toBe(true);
    screen.getByText('sudo chmod 750 helper');
  });
});

describe('the capture filter', () => {
  it('shows what the compiler says about the last thing typed, whichever answer comes last', async () => {
    const answers = new Map<string, (check: FilterCheck) => void>();
    engine.check = (filter) => new Promise((resolve) => answers.set(filter, resolve));
    open();
    await interfaces();
    const field = screen.getByLabelText('Capture filter');
    fireEvent.change(field, { target: { value: 'prot 80' } });
    await waitFor(() => {
      expect(answers.has('prot 80')).toBe(true);
    });
    fireEvent.change(field, { target: { value: 'port 80' } });
    await waitFor(() => {
      expect(answers.has('port 80')).toBe(true);
    });
    await act(async () => {
      answers.get('port 80')?.({ ok: true, message: null });
      await Promise.resolve();
    });
    await screen.findByRole('img', { name: 'The filter is fine' });
    await act(async () => {
      answers.get('prot 80')?.({ ok: false, message: 'syntax error' });
      // What is asked after an answer is answered after it.
      await app.link.call('host.recent', {});
    });
    expect(screen.queryByText('syntax error')).toBeNull();
    screen.getByRole('img', { name: 'The filter is fine' });
  });

  it('with a typo does not start', async () => {
    engine.check = () => Promise.resolve({ ok: false, message: 'syntax error in filter expression' });
    open();
    await interfaces();
    fireEvent.change(screen.getByLabelText('Capture filter'), { target: { value: 'prot' } });
    await screen.findByText('syntax error in filter expression');
    expect(screen.getByLabelText('Capture filter').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('button', { name: 'Capture eth0' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('the bar of a running capture', () => {
  it('says quietly that nothing is lost, and loudly where something is', async () => {
    await capturing();
    screen.getByText('no losses');
    act(() => {
      engine.pushLive({ losses: { kernel: 1234, interface: 0, queue: 5, analysis: 0 } });
    });
    await screen.findByText('1,234 lost in the kernel');
    screen.getByText('5 lost in the queue');
    expect(screen.queryByText('no losses')).toBeNull();
  });

  it('shows how both places fare, each with its losses, and that one ended early', async () => {
    const options = sampleOptions({
      second: { source: 'ssh', host: 'web', interface: 'eth1', filter: '' },
    });
    const { phase, source, command, packets, bytes, packetsPerSecond, bytesPerSecond } = sampleLive();
    const { losses, filesGone, folder, error } = sampleLive();
    const second = {
      ...{
        phase,
        source,
        command,
        bytes,
        packetsPerSecond,
        bytesPerSecond,
        losses,
        filesGone,
        folder,
        error,
      },
      packets: packets / 2,
    };
    await capturing();
    expect(screen.queryByRole('group', { name: 'Second place' })).toBeNull();
    act(() => {
      engine.pushLive({ options, second: { ...second, losses: { ...losses, kernel: 7 } } });
    });
    const chip = await screen.findByRole('group', { name: 'Second place' });
    within(chip).getByText('eth1 on web');
    within(chip).getByText('6,000');
    within(chip).getByText('7 lost in the kernel');
    screen.getByText('no losses');
    const died = { code: 'remote', message: 'web: Connection closed', problem: null } as const;
    act(() => {
      engine.pushLive({ second: { ...second, phase: 'failed', error: died } });
    });
    expect((await within(chip).findByText('ended early; the first goes on')).title).toBe(died.message);
    act(() => {
      engine.pushLive({ phase: 'stopped', endedMs: Date.now() });
    });
    const end = await screen.findByRole('status', { name: 'The capture ended' });
    within(end).getByText('Stopped: eth0 + eth1 on web');
    within(end).getByText(/^eth1 on web: 6,000 packets, .* It ended early: web: Connection closed\.$/);
  });

  it('holds the view while the capture goes on', async () => {
    await capturing();
    fireEvent.keyDown(window, { key: 'f' });
    engine.resets = [sampleReset(0), sampleReset(1), sampleReset(2)];
    engine.summary = sampleSummary({ resets: 31, resetsThatMatter: 16 });
    engine.endings = sampleEndings({ headline: '16 of 31 resets matter' });
    act(() => {
      engine.push({ revision: 5, packets: 150, resets: 3 });
      engine.pushLive({ packets: 12_345 });
    });
    await screen.findByText('50 packets, 1 reset new');
    screen.getByText('12,345');
    screen.getByText('15 of 30 resets matter');
    expect(app.feeds.resets.getState().shown?.total).toBe(2);
    fireEvent.click(screen.getByRole('button', { name: 'Resume' }));
    await screen.findByText('16 of 31 resets matter');
    await waitFor(() => {
      expect(app.feeds.resets.getState().shown?.total).toBe(3);
    });
  });

  it('stops, and offers to save and to go on', async () => {
    await capturing();
    fireEvent.keyDown(window, { key: 'e', ctrlKey: true });
    const end = await screen.findByRole('status', { name: 'The capture ended' });
    within(end).getByText(/^12,000 packets/);
    fireEvent.click(within(end).getByRole('button', { name: 'Save as…' }));
    const field = await screen.findByLabelText('File on the machine that Resetscope runs on');
    fireEvent.change(field, { target: { value: '/data/x.pcapng' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText('Saved x.pcapng.');
    expect(engine.saved).toEqual(['/data/x.pcapng']);
    fireEvent.click(within(end).getByRole('button', { name: 'Capture again' }));
    await screen.findByRole('region', { name: 'Live capture' });
    expect(engine.started).toHaveLength(1);
  });

  it('says why it ended by itself, what is kept, and what is lost', async () => {
    await capturing();
    act(() => {
      engine.pushLive({
        phase: 'failed',
        endedMs: Date.now(),
        error: { code: 'interface-gone', message: 'eth0 disappeared.', problem: null },
      });
    });
    const alert = await screen.findByRole('alert', { name: 'The capture ended' });
    within(alert).getByText('The interface is gone: eth0');
    within(alert).getByText(/kept and analysed\. Packets that nobody could read any more are lost/);
    fireEvent.click(within(alert).getByRole('button', { name: 'Put this message away' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('goes on while a file is opened beside it, and is not closed by a wrong click', async () => {
    await capturing();
    await act(() => app.actions.openPaths(['/captures/x.pcap']));
    expect(engine.opened).toEqual([['/captures/x.pcap']]);
    expect(engine.live.phase).toBe('capturing');
    await act(() => app.actions.closeCapture());
    expect(engine.calls).not.toContain('capture.close');
    const dialog = await screen.findByRole('dialog', { name: 'Stop capturing eth0?' });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Stop and close' }));
    await waitFor(() => {
      expect(engine.calls).toContain('capture.close');
    });
    expect(engine.live.phase).toBe('stopped');
    expect(screen.queryByLabelText('The capture ended')).toBeNull();
  });

  it('that cannot start again says why over what is open', async () => {
    await capturing();
    engine.startError = { code: 'interface-gone', message: 'eth0 is gone.', problem: null };
    fireEvent.click(screen.getByRole('button', { name: 'Restart the capture' }));
    const dialog = await screen.findByRole('dialog', { name: 'Capture live' });
    await within(dialog).findByText('eth0 is gone.');
  });
});

describe('catching', () => {
  it('tells of a caught reset once, and not of those that were there before', async () => {
    engine.live = sampleLive();
    await capturing();
    act(() => {
      engine.pushLive({ cases: [sampleCase(0, { path: null })] });
    });
    act(() => {
      engine.pushLive({ cases: [sampleCase(0)] });
    });
    const log = screen.getByRole('log', { name: 'Caught resets' });
    await within(log).findByText('Caught a reset.');
    act(() => {
      engine.pushLive({ cases: [sampleCase(0)], packets: 13_000 });
    });
    fireEvent.click(within(log).getByRole('button', { name: 'Show' }));
    const view = await screen.findByRole('region', { name: 'Caught resets' });
    within(view).getByText('Waiting for the next reset that matters');
    within(view).getByText(/case-0\.pcapng · 214 packets/);
    expect(within(log).queryByText('Caught a reset.')).toBeNull();
  });

  it('changes its rule while the capture runs, and refuses a filter with a typo', async () => {
    await capturing();
    fireEvent.keyDown(window, { key: 'j', ctrlKey: true });
    const dialog = await screen.findByRole('dialog', { name: 'Catch the next reset' });
    const save = within(dialog).getByRole('button', { name: 'Change the rule' });
    const field = within(dialog).getByLabelText('Only those that pass');
    fireEvent.change(field, { target: { value: 'origin:nonsense' } });
    expect(save.hasAttribute('disabled')).toBe(true);
    fireEvent.change(field, { target: { value: 'server:10.0.0.9' } });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Device on the path' }));
    fireEvent.click(save);
    await waitFor(() => {
      expect(engine.rules).toEqual([{ ...DEFAULT_RULE, origins: ['middlebox'], filter: 'server:10.0.0.9' }]);
    });
    await screen.findByText(/from a device on the path, that passes server:10\.0\.0\.9/);
  });
});

it('shows what the kernel said before all inference, and who the ends are', async () => {
  engine.details = (id) =>
    sampleDetail(id, {
      witness: { word: 'sent', reason: 'NO_SOCKET', process: { name: 'nginx', pid: 812, cgroup: null } },
      owners: { client: { name: 'curl', pid: 9, cgroup: null }, server: null },
    });
  await capturing();
  await act(() => app.actions.showReset(0));
  const card = await screen.findByRole('region', { name: 'This machine’s kernel sent this reset' });
  within(card).getByText('NO_SOCKET');
  within(card).getByText('nginx[812]');
  screen.getByText('curl[9]');
});
