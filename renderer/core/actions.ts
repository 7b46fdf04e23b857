/** Everything a user can do. Components and commands call these; they never change the store themselves. */
import { errorText } from '../../shared/format/error.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { EndpointGroup } from '../../shared/contract/methods.ts';
import type { Ending } from '../../shared/model/failure.ts';
import type { Language } from '../../shared/texts/program-errors.ts';
import { upperFirst } from '../../shared/format/text.ts';
import type { FrameAddress } from '../../shared/contract/methods.ts';
import type { Sample } from '../../shared/model/sample.ts';
import type { Platform } from '../platform/platform.ts';
import { copyText } from '../platform/clipboard.ts';
import { writePreference } from '../platform/preferences.ts';
import type { Feeds } from '../state/feeds.ts';
import { leavingFleet } from '../state/fleet-slice.ts';
import type { Link } from '../state/link.ts';
import type { TimeRange } from '../state/range-slice.ts';
import { narrowed } from '../state/range-slice.ts';
import type { FilteredList, ListQuery, RowOf, SortOf } from '../state/lists-slice.ts';
import { queryOf, withQuery } from '../state/lists-slice.ts';
import { CURSOR, SELECTED } from '../state/selection-slice.ts';
import type { ConnectionPane, Pane } from '../state/panes.ts';
import { paneOf } from '../state/panes.ts';
import type { AppState, AppStore } from '../state/store.ts';
import type { ConnectionTab, LadderPoints, Theme, UiState, View } from '../state/ui-slice.ts';
import { isCapturing } from '../state/live-slice.ts';
import { fileName } from '../words/file-text.ts';
import { isFailureKind } from '../words/ending.ts';
import type { TimeStyle } from '../words/values.ts';
import { createFleetActions } from './fleet-actions.ts';
import { createHandOverActions } from './hand-over-actions.ts';
import { createNameActions } from './name-actions.ts';
import { createLiveActions } from './live-actions.ts';
import { createCompareActions } from './compare-actions.ts';
import { createConnectionActions } from './connection-actions.ts';
import { createNoteActions } from './note-actions.ts';
import { createLessonActions } from './lesson-actions.ts';
import { createPacketActions } from './packet-actions.ts';

/** What can be done in any of the lists. */
export interface ListActions<Row, Sort extends string> {
  readonly idOf: (row: Row) => number;
  /** @param row undefined while its page is on the way: the cursor goes there, the selection stays */
  readonly select: (cursor: number, row: Row | undefined) => void;
  /** Where the row stands now; −1 where the filter hides it. */
  readonly locate: (id: number) => Promise<number>;
  readonly sort: (order: Pick<ListQuery<Sort>, 'sort' | 'direction'>) => void;
}

export type Actions = ReturnType<typeof createActions>;

export function createActions(store: AppStore, link: Link, feeds: Feeds, platform: Platform) {
  let openAbort = new AbortController();
  let notices = 0;

  function notice(text: string): void {
    store.setState({ notice: { text, number: ++notices } });
  }

  function openFailed(error: unknown, paths: readonly string[]): void {
    const isCancel =
      (error instanceof DOMException && error.name === 'AbortError') ||
      // Something else was opened meanwhile, here or in another tab, and is shown.
      (error instanceof RpcError && error.code === 'cancelled');
    const message = errorText(error);
    store.setState({ opening: null, openError: isCancel ? null : { message, paths } });
  }

  const notes = createNoteActions(store, link, { notice });
  const live = createLiveActions(store, link, feeds, { notice });

  /** The state in which a pane is open, for this session: what the user chose stays noted. */
  function opened(pane: Pane): Pick<UiState, 'openPanes'> {
    return { openPanes: { ...store.getState().openPanes, [pane]: true } };
  }

  async function openPaths(paths: readonly string[], follow = false): Promise<void> {
    if (paths.length === 0) return;
    const { progress, live, captures } = store.getState();
    // What could not be opened makes way; all else stays open beside it.
    const replace = progress.phase === 'failed' && progress.packets === 0;
    store.setState({
      opening: { names: paths.map(fileName), upload: null },
      ...(isCapturing(live) ? {} : { endSeen: live.revision }),
      openedPaths: paths,
      openError: null,
      dialog: null,
      ...leavingFleet(store.getState()),
      // A host that gives no numbers shows what is opened instead of what was.
      ...(captures.length === 0 && progress.phase !== 'empty' ? { view: 'overview' as const } : {}),
    });
    try {
      await link.call('capture.open', { paths, follow, ...(replace ? { replace } : {}) });
      store.setState({ opening: null, recent: await link.call('host.recent', {}) });
    } catch (error) {
      openFailed(error, paths);
    }
  }

  async function openSample({ name, title }: Sample): Promise<void> {
    const opening = { names: [title], upload: null };
    store.setState((state) => ({ opening, openError: null, dialog: null, ...leavingFleet(state) }));
    try {
      await link.call('host.openSample', { name });
      store.setState({ opening: null });
    } catch (error) {
      openFailed(error, []);
    }
  }

  /** Paths of files that were dropped on the page or chosen in it: the platform finds them, or sends their bytes. */
  async function pathsOf(files: readonly File[]): Promise<readonly string[]> {
    if (files.length === 0) return [];
    openAbort.abort();
    openAbort = new AbortController();
    const names = files.map((file) => fileName(file.name));
    store.setState((state) => ({
      opening: { names, upload: null },
      openError: null,
      dialog: null,
      ...leavingFleet(state),
    }));
    return platform.pathsOf(
      files,
      (upload) => {
        store.setState({ opening: { names, upload } });
      },
      openAbort.signal,
    );
  }

  async function openFiles(files: readonly File[], follow = false): Promise<void> {
    if (files.length === 0) return;
    try {
      await openPaths(await pathsOf(files), follow);
    } catch (error) {
      openFailed(error, []);
    }
  }

  /** Paths that the user chose, in the host's dialog or in the browser's. */
  async function choosePaths(): Promise<readonly string[]> {
    return store.getState().capabilities?.pickFiles === true
      ? link.call('host.pickFiles', {})
      : pathsOf(await chooseInPage());
  }

  /** @param follow goes on reading when the file grows */
  async function pickFiles(follow = false): Promise<void> {
    try {
      await openPaths(await choosePaths(), follow);
    } catch (error) {
      openFailed(error, []);
    }
  }

  async function copy(text: string, what: string): Promise<void> {
    notice((await copyText(text)) ? `Copied ${what}.` : `${what} could not be copied: the browser refused.`);
  }

  function setFilter(list: FilteredList, filter: string): void {
    store.setState((state) => withQuery(state, list, { filter }));
  }

  /** Its row in the list; −1 where the filter hides it. */
  function locateReset(id: number): Promise<number> {
    const state = store.getState();
    return link.call('resets.position', { ...narrowed(state.resetQuery, state), id });
  }

  /** Shows a reset that may be anywhere in the list, or filtered out of it. */
  async function showReset(id: number): Promise<void> {
    store.setState({ view: 'resets', ...opened('resets'), reset: id, resetCursor: -1, dialog: null });
    const cursor = await locateReset(id).catch(() => -1);
    if (store.getState().reset === id) store.setState({ resetCursor: cursor });
  }

  /** As locateReset. */
  function locateFailure(id: number): Promise<number> {
    const state = store.getState();
    return link.call('failures.position', { ...narrowed(state.failureQuery, state), id });
  }

  /** Shows a failure, in the list as it is or through a filter. */
  async function showFailure(id: number, through?: string): Promise<void> {
    if (through !== undefined) setFilter('failures', through);
    store.setState({ view: 'failures', ...opened('failures'), failure: id, failureCursor: -1, dialog: null });
    const cursor = await locateFailure(id).catch(() => -1);
    if (store.getState().failure === id) store.setState({ failureCursor: cursor });
  }

  /** Shows the list of failures through a filter. */
  function filterFailures(filter: string): void {
    setFilter('failures', filter);
    store.setState({ view: 'failures', failureCursor: -1, dialog: null });
  }

  /** What every list does alike. */
  function ofList<L extends FilteredList>(
    list: L,
    idOf: (row: RowOf<L>) => number,
    locate: (id: number) => Promise<number>,
  ): ListActions<RowOf<L>, SortOf<L>> {
    return {
      idOf,
      select: (cursor, row) => {
        store.setState({
          [CURSOR[list]]: cursor,
          ...(row === undefined ? {} : { [SELECTED[list]]: idOf(row) }),
        });
      },
      locate,
      sort: (order) => {
        store.setState((state) => withQuery(state, list, order));
      },
    };
  }

  const lists: { readonly [L in FilteredList]: ListActions<RowOf<L>, SortOf<L>> } = {
    resets: ofList('resets', ({ id }) => id, locateReset),
    failures: ofList('failures', ({ id }) => id, locateFailure),
    flows: ofList(
      'flows',
      ({ id }) => id,
      (id) => link.call('flows.position', { ...store.getState().flowQuery, id }),
    ),
    packets: ofList(
      'packets',
      ({ packet }) => packet,
      (packet) =>
        link.call('packets.position', { filter: store.getState().packetQuery.filter, flow: null, packet }),
    ),
    addresses: endpointsOf('addresses', 'address'),
    pairs: endpointsOf('pairs', 'pair'),
  };
  async function showCapture(capture: number): Promise<void> {
    store.setState(leavingFleet);
    if (store.getState().progress.capture === capture) return;
    try {
      await link.call('capture.show', { capture });
    } catch (error) {
      notice(errorText(error));
    }
  }

  /**
   * Shows one connection.
   * @param packet where it is opened; where left out, at its reset or its beginning
   * @param field of that packet, which evidence points at
   */
  function showPackets(flow: number, packet: number | null = null, field: string | null = null): void {
    store.setState(({ view, connectionFrom }) => ({
      view: 'connection',
      connectionFrom: view === 'connection' ? connectionFrom : view,
      packetsFlow: flow,
      packet,
      packetField: fieldOf(packet, field),
      flowPacketCursor: -1,
      dialog: null,
      // Who asks for bytes is shown them.
      ...(field === null
        ? { connectionPane: 'verdict' as const }
        : { connectionPane: 'packet' as const, ...opened('connection') }),
    }));
  }

  function showConnectionTab(connectionTab: ConnectionTab): void {
    writePreference('connection-tab', connectionTab);
    store.setState({ connectionTab });
  }

  function setPaneOpen(pane: Pane, isOpen: boolean): void {
    // What the pane of the fleet tells of is part of its address.
    if (pane === 'fleet' && !isOpen) {
      store.setState({ fleetReset: null, fleetCaseError: null });
      return;
    }
    writePreference(`pane.${pane}`, isOpen ? 'open' : 'closed');
    store.setState(({ openPanes }) => ({ openPanes: { ...openPanes, [pane]: isOpen } }));
  }

  async function close(capture: number | null): Promise<void> {
    store.setState({ closing: capture });
    await link.call('capture.close', capture === null ? {} : { capture });
    store.setState(({ running: { revision }, progress }) => ({
      endSeen: revision,
      ...(progress.capture === undefined ? { view: 'overview' as const } : {}),
    }));
  }

  function endpointsOf(list: 'addresses' | 'pairs', of: EndpointGroup) {
    return ofList(
      list,
      ({ id }) => id,
      (id) => link.call('endpoints.position', { ...queryOf(store.getState(), list), of, id }),
    );
  }

  const fleet = createFleetActions(store, link, { notice, showReset });

  return {
    ...live,
    ...notes,
    ...fleet,
    ...createLessonActions(store, link, feeds, { openFailed, showReset }),
    ...createPacketActions(store, link, { notice, markPackets: notes.markPackets }),
    ...createCompareActions(store, link, { notice, openFailed, choosePaths, pathsOf }),
    ...createConnectionActions(store, link, feeds, { notice, showPackets, showConnectionTab }),
    showPackets,
    showConnectionTab,
    lists,
    openPaths,
    openSample,
    openFiles,
    pickFiles,
    notice,
    copy,
    setFilter,
    showReset,
    showFailure,
    filterFailures,

    cancelOpening(): void {
      openAbort.abort();
      store.setState({ opening: null });
    },

    /** Opens a frame in Wireshark where the host has it; else the command is copied. */
    async openInWireshark({ file, frame }: FrameAddress): Promise<void> {
      const path = store.getState().summary?.files.at(file)?.path;
      if (path === undefined) return;
      try {
        const { command, why } = await link.call('host.openInWireshark', { path, frame });
        if (why === null) notice(`Wireshark opens frame ${frame}.`);
        else if (await copyText(command)) notice(`${upperFirst(why)}. Copied the command: ${command}`);
        else notice(`${upperFirst(why)}. The command: ${command}`);
      } catch (error) {
        notice(errorText(error));
      }
    },

    async forgetRecent(path: string): Promise<void> {
      await link.call('host.forgetRecent', { path });
      store.setState({ recent: await link.call('host.recent', {}) });
    },

    async cancelReading(): Promise<void> {
      await link.call('capture.cancel', {});
    },

    /** The user agreed that the running capture ends with its tab. */
    async leaveCapture(): Promise<void> {
      const { closing } = store.getState();
      store.setState({ dialog: null });
      await live.stopCapture();
      await close(closing);
    },

    /** Closes the capture that is shown, or another one; asks before that of one that runs. */
    async closeCapture(capture: number | null = store.getState().progress.capture ?? null): Promise<void> {
      const { captures, running } = store.getState();
      const tab = captures.find((one) => one.capture === capture);
      const isLive = tab === undefined ? isCapturing(store.getState().live) : tab.isLive;
      if (isLive && isCapturing(running)) store.setState({ closing: capture, dialog: 'leave' });
      else await close(capture);
    },

    showCapture,

    /** Shows the next (+1) or the previous (−1) of the open captures. */
    async stepCapture(step: 1 | -1): Promise<void> {
      const { captures, progress } = store.getState();
      if (captures.length < 2) return;
      const at = captures.findIndex(({ capture }) => capture === progress.capture);
      await showCapture(captures[(at + step + captures.length) % captures.length].capture);
    },

    reconnect(): void {
      void link.start();
    },

    go(view: View): void {
      if (view === 'fleet') fleet.lookAtFleet();
      else store.setState({ view, dialog: null });
    },

    /** Shows a list through a filter. */
    filterList(list: 'resets' | 'failures' | 'flows' | 'packets', filter: string): void {
      setFilter(list, filter);
      store.setState({
        view: list,
        [CURSOR[list]]: -1,
        dialog: null,
      });
    },

    setEndpointsBy(endpointsBy: UiState['endpointsBy']): void {
      store.setState({ endpointsBy });
    },

    /** Shows the list of resets through a filter. */
    filterResets(filter: string): void {
      setFilter('resets', filter);
      store.setState({ view: 'resets', resetCursor: -1, dialog: null });
    },

    /** Shows the connections that ended so: failures in their list, all others among the flows. */
    showEnding(ending: Ending): void {
      if (isFailureKind(ending)) {
        filterFailures(`ending:${ending}`);
        return;
      }
      setFilter('flows', `ending:${ending}`);
      store.setState({ view: 'flows', flowCursor: -1, dialog: null });
    },

    /** Back to where the connection was opened. */
    leaveConnection(): void {
      store.setState(({ connectionFrom }) => ({ view: connectionFrom, dialog: null }));
    },

    /** Marks a packet wherever it is listed. */
    markPacket(packet: number | null): void {
      store.setState({ packet });
    },

    /**
     * Shows a packet of the connection with its layers and bytes, where the pane is open.
     * @param field of it, which evidence points at
     */
    inspectPacket(packet: number, field: string | null = null): void {
      store.setState({ packet, packetField: fieldOf(packet, field), connectionPane: 'packet' });
    },

    /** Lights up packets where they are drawn; none for an empty list. */
    lightPackets(litPackets: readonly number[]): void {
      store.setState({ litPackets });
    },

    /** Goes to the next (+1) or previous (−1) reset of the list, from any view. */
    async stepReset(step: 1 | -1): Promise<void> {
      const { shown } = feeds.resets.getState();
      const total = shown?.total ?? 0;
      if (shown === undefined || total === 0) return;
      const state = store.getState();
      const { resetCursor } = state;
      const cursor = Math.min(total - 1, Math.max(0, resetCursor + step));
      store.setState({ resetCursor: cursor, view: 'resets', ...opened('resets') });
      const row =
        shown.get(cursor) ?? (await feeds.resets.fetchRow(narrowed(state.resetQuery, state), cursor));
      if (row !== undefined && store.getState().resetCursor === cursor) lists.resets.select(cursor, row);
    },

    /** Goes to the next (+1) or previous (−1) failure of the list. */
    async stepFailure(step: 1 | -1): Promise<void> {
      const { shown } = feeds.failures.getState();
      const total = shown?.total ?? 0;
      if (shown === undefined || total === 0) return;
      const state = store.getState();
      const { failureCursor } = state;
      const cursor = Math.min(total - 1, Math.max(0, failureCursor + step));
      store.setState({ failureCursor: cursor, view: 'failures', ...opened('failures') });
      const row =
        shown.get(cursor) ?? (await feeds.failures.fetchRow(narrowed(state.failureQuery, state), cursor));
      if (row !== undefined && store.getState().failureCursor === cursor) lists.failures.select(cursor, row);
    },

    openFailure(failure: number): void {
      store.setState({ failure, ...opened('failures') });
    },

    /** Opens the verdict on a reset of the list. */
    openVerdict(reset: number): void {
      store.setState({ reset, ...opened('resets') });
    },

    /** Narrows lists and overview to a part of the capture's time; null for all of it. */
    setRange(range: TimeRange | null): void {
      store.setState({ range });
    },

    /** What the timeline shows; null for all. */
    setZoom(zoom: TimeRange | null): void {
      store.setState({ zoom });
    },

    setPaneOpen,

    /** Closes the pane of the view that is shown. */
    closePane(): void {
      const pane = paneOf(store.getState().view);
      if (pane !== undefined) setPaneOpen(pane, false);
    },

    setConnectionPane(connectionPane: ConnectionPane): void {
      store.setState({ connectionPane });
    },

    ...createNameActions(store, link),
    ...createHandOverActions(store, link),

    setDialog(dialog: UiState['dialog']): void {
      store.setState({ dialog });
    },

    setLadderPoints(ladderPoints: LadderPoints): void {
      writePreference('ladder-points', ladderPoints);
      store.setState({ ladderPoints });
    },

    /** Holds packets against what another capture point has of them. */
    comparePoint(comparedPoint: number | null): void {
      store.setState({ comparedPoint });
    },

    setTheme(theme: Theme): void {
      writePreference('theme', theme);
      store.setState({ theme });
    },

    setTimeStyle(timeStyle: TimeStyle): void {
      writePreference('time', timeStyle);
      store.setState({ timeStyle });
    },

    setLanguage(language: Language): void {
      writePreference('language', language);
      store.setState({ language });
    },

    setLetterKeys(letterKeys: boolean): void {
      writePreference('letter-keys', letterKeys ? 'on' : 'off');
      store.setState({ letterKeys });
    },

    copyCommand(command: string): void {
      void copy(command, 'the command');
    },
  };
}

function fieldOf(packet: number | null, field: string | null): AppState['packetField'] {
  return packet === null || field === null ? null : { packet, field };
}

/** Shows the browser's own dialog. @returns no file when it was dismissed */
function chooseInPage(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => {
      resolve(Array.from(input.files ?? []));
    });
    input.addEventListener('cancel', () => {
      resolve([]);
    });
    input.click();
  });
}
