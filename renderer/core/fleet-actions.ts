/** Everything a user can do with a fleet. */
import { RESET_ROWS } from '../../shared/columns/rows.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { FleetCase } from '../../shared/contract/fleet-methods.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import { storeOf, withoutPassword } from '../../shared/fleet/place-name.ts';
import { errorText } from '../../shared/format/error.ts';
import type { FleetReset, FleetResetId, FleetScope } from '../../shared/model/fleet.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import { fleetPlace, isSameReset, WHOLE_FLEET } from '../state/fleet-slice.ts';
import type { Link } from '../state/link.ts';
import type { AppState, AppStore } from '../state/store.ts';
import { until } from '../state/until.ts';

/** Times of a fleet are told in milliseconds: a reset lies within this of its own. */
const SAME_TIME_MS = 1.5;

/** A change of the scope; what is undefined is asked for no more. */
export type ScopeChange = { readonly [Key in keyof FleetScope]?: FleetScope[Key] | undefined };

interface FleetParts {
  notice(text: string): void;
  showReset(id: number): Promise<void>;
}

export function createFleetActions(store: AppStore, link: Link, { notice, showReset }: FleetParts) {
  /** Ends what is being opened when something else is. */
  let opening = new AbortController();

  async function listFleets(): Promise<void> {
    try {
      store.setState({ fleets: await link.call('fleet.places', {}) });
    } catch {
      // The banner tells that the connection broke; what was listed before stays.
    }
  }

  function lookAtFleet(): void {
    store.setState(({ view, fleetFrom }) => ({
      view: 'fleet',
      fleetFrom: view === 'fleet' ? fleetFrom : view,
      lesson: null,
      dialog: null,
    }));
  }

  /**
   * Opens a place; one that is open already is read anew and stays shown meanwhile.
   * @param wanted what is asked for of it; what was, where it is left out and the place stays
   */
  async function openFleet(
    place: string,
    wanted?: Partial<Pick<AppState, 'fleetScope' | 'fleetReset'>>,
  ): Promise<void> {
    opening.abort();
    const abort = new AbortController();
    opening = abort;
    const name = withoutPassword(place);
    const { fleet } = store.getState();
    const isAgain = fleet.state === 'open' && fleet.place === name;
    store.setState({
      ...(fleetPlace({ fleet }) === name ? {} : WHOLE_FLEET),
      ...wanted,
      ...(isAgain ? {} : { fleet: { state: 'opening', place: name } }),
    });
    try {
      const opened = await link.call('fleet.open', { place }, abort.signal);
      if (abort.signal.aborted) return;
      store.setState(({ fleetOpened }) => ({
        fleet: { state: 'open', ...opened },
        fleetOpened: fleetOpened + 1,
      }));
      await listFleets();
    } catch (error) {
      if (abort.signal.aborted) return;
      store.setState({ fleet: { state: 'failed', place: name, message: errorText(error) } });
    }
  }

  function changeScope(changes: ScopeChange): void {
    store.setState(({ fleetScope }) => {
      const entries = Object.entries({ ...fleetScope, ...changes });
      return {
        fleetScope: Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
      };
    });
  }

  /** Goes to a reset of the capture that is being opened, unless the user goes elsewhere first. */
  async function showInCapture(
    before: AppState['progress']['capture'],
    reset: FleetReset,
    { frame }: FleetCase,
  ): Promise<void> {
    const isElsewhere = ({ view, lesson }: AppState): boolean => view !== 'overview' || lesson !== null;
    const isRead = await until(
      store,
      ({ progress, summary }) => progress.capture !== before && progress.phase === 'done' && summary !== null,
      (state) =>
        state.link !== 'open' ||
        (state.progress.capture !== before && ['failed', 'cancelled'].includes(state.progress.phase)) ||
        isElsewhere(state),
    );
    if (!isRead) return;
    const id = frame === null ? -1 : await link.call('resets.at', { file: 0, frame });
    const found = id >= 0 ? id : await findByTime(reset);
    if (isElsewhere(store.getState())) return;
    if (found !== null) await showReset(found);
    else notice('This capture is open, but the reset was not found in it: here are all of its resets.');
  }

  async function findByTime({ timeMs, claimed }: FleetReset): Promise<number | null> {
    const { rows } = await link.call('resets.rows', {
      sort: 'time',
      direction: 'ascending',
      filter: '',
      from: 0,
      count: BOUNDS.rows,
    });
    const epochNs = store.getState().summary?.epochNs ?? null;
    const epochMs = epochNs === null ? 0 : Number(BigInt(epochNs) / 1000n) / 1000;
    const offMs = (row: ResetRow): number => Math.abs(epochMs + row.timeNs / 1e6 - timeMs);
    const near = RESET_ROWS.decode(rows)
      .filter((row) => offMs(row) <= SAME_TIME_MS)
      .sort(
        (one, other) =>
          Number(other.claimed === claimed) - Number(one.claimed === claimed) || offMs(one) - offMs(other),
      );
    return near.at(0)?.id ?? null;
  }

  return {
    listFleets,
    lookAtFleet,
    openFleet,
    changeScope,

    /** Looks at a place, from wherever. */
    showFleet(place: string): void {
      lookAtFleet();
      void openFleet(place);
    },

    /** Gives up opening. */
    stopFleet(): void {
      opening.abort();
      store.setState({ fleet: { state: 'none', isStopped: true } });
    },

    /** Back to the choice of places; what is open stays open in the host for whoever comes back. */
    leaveFleet(): void {
      opening.abort();
      store.setState({ fleet: { state: 'none', isStopped: false }, ...WHOLE_FLEET });
      void listFleets();
    },

    async pickFleetFolder(): Promise<void> {
      const folder = await link.call('fleet.pickFolder', {}).catch(() => null);
      if (folder !== null) await openFleet(folder);
    },

    /** Opens what was typed: a server, or a folder where the host lets it. */
    async typeFleet(text: string): Promise<void> {
      const place = text.trim();
      if (place === '') return;
      const isBare = storeOf(place) === 'folder' && !/^([/~.]|[a-z]:)/i.test(place);
      await openFleet(isBare ? `clickhouse://${place}` : place);
    },

    clearScope(): void {
      store.setState({ fleetScope: {} });
    },

    selectFleetReset(fleetReset: FleetResetId | null): void {
      store.setState(({ openPanes, fleetReset: before, fleetCaseError }) => ({
        fleetReset,
        fleetCaseError: isSameReset(before, fleetReset) ? fleetCaseError : null,
        openPanes: { ...openPanes, fleet: true },
      }));
    },

    /** Opens the capture that a reset was seen in, at its verdict. */
    async openFleetCase(reset: FleetReset): Promise<void> {
      const state = store.getState();
      const place = fleetPlace(state);
      if (place === null || state.fleetCaseOf !== null) return;
      const before = state.progress.capture;
      const id = { capture: reset.capture, segment: reset.segment, reset: reset.reset };
      store.setState({ fleetCaseOf: id, fleetCaseError: null });
      try {
        const opened = await link.call('fleet.openCase', { place, reset: id });
        if (opened.opened === null) {
          // The pane of the reset says why.
          store.setState({ fleetReset: id, fleetCaseError: opened.why });
          return;
        }
        if (store.getState().view !== 'fleet') return;
        store.setState({ view: 'overview', isPassing: true });
        await showInCapture(before, reset, opened);
      } catch (error) {
        if (!(error instanceof RpcError && error.code === 'cancelled'))
          store.setState({ fleetReset: id, fleetCaseError: errorText(error) });
      } finally {
        store.setState({ fleetCaseOf: null, isPassing: false });
      }
    },
  };
}
