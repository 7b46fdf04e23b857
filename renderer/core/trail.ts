/**
 * The places that were looked at, one after the other, as the history of the window: what is shown goes into the address bar, and
 * back, forward and links show what their address says.
 *
 * Invariants: what is shown for less than SETTLE_MS is no place of the trail, nor is what is only passed through; going back or
 * forward adds none. A user who goes elsewhere while an address waits for what it names is not called back.
 */
import type { Disposable } from '../../shared/base/disposable.ts';
import { DisposableStack, toDisposable } from '../../shared/base/disposable.ts';
import type { FrameAddress } from '../../shared/contract/methods.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { Link } from '../state/link.ts';
import type { FilteredList } from '../state/lists-slice.ts';
import type { AppState, AppStore } from '../state/store.ts';
import type { AddressBar } from './address-bar.ts';
import type { Place } from '../state/place.ts';
import type { Addresses } from './place.ts';
import { frameText, parsePlace, placeName, placeOf, placeText } from './place.ts';

const SETTLE_MS = 250;
/** A hostile link is told in no more than this. */
const MAX_TOLD = 80;

/** What the trail shows places with. */
export interface TrailActions {
  notice(text: string): void;
  setFilter(list: FilteredList, filter: string): void;
  showReset(id: number): Promise<void>;
  showFailure(id: number): Promise<void>;
  showCapture(capture: number): Promise<void>;
  openFleet(place: string, wanted: Pick<AppState, 'fleetScope' | 'fleetReset'>): Promise<void>;
}

/** Noted with each entry of the history. */
interface Entry {
  /** −1 is the one before the first: who goes back to it is told that the next step leaves. */
  readonly step: number;
  readonly capture: number | null;
}

export class Trail implements Disposable {
  readonly #store: AppStore;
  readonly #link: Link;
  readonly #actions: TrailActions;
  readonly #bar: AddressBar;
  readonly #stack = new DisposableStack();
  #step = 0;
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what addresses asked for; an older one that is still being shown gives up. */
  #asked = 0;
  /** What changes now, an address asked for, and not the user. */
  #isOwn = false;
  #isDisposed = false;

  constructor(store: AppStore, link: Link, actions: TrailActions, bar: AddressBar) {
    this.#store = store;
    this.#link = link;
    this.#actions = actions;
    this.#bar = bar;
    this.#begin();
    this.#stack.use(
      bar.onMoved(() => {
        this.#moved();
      }),
    );
    this.#stack.use(
      toDisposable(
        store.subscribe((state, before) => {
          if (this.#isOwn) return;
          if (viewKeyOf(state) !== viewKeyOf(before)) this.#asked++;
          if (keyOf(state) !== keyOf(before)) this.#settle();
        }),
      ),
    );
  }

  /** Of the page, without a place. */
  get base(): string {
    return this.#bar.base;
  }

  /** Whether a browser is around the page, which has a Back of its own. */
  get canLeave(): boolean {
    return this.#bar.canLeave;
  }

  back(): void {
    if (this.#step > 0) this.#bar.go(-1);
  }

  forward(): void {
    if (this.#step < this.#last) this.#bar.go(1);
  }

  /** Shows a place in the capture of these files, which is being opened; in the shown one where none are named. */
  async follow(text: string, paths: readonly string[]): Promise<void> {
    const asked = ++this.#asked;
    const isShown = ({ captures, progress }: AppState): boolean => {
      const shown = captures.find((one) => one.isShown);
      return (
        shown?.capture === progress.capture && paths.every((path) => shown?.paths.includes(path) === true)
      );
    };
    if (await this.#until(isShown, () => asked !== this.#asked)) await this.#show(text, null);
  }

  /** What is shown now. */
  async place(): Promise<Place> {
    const state = this.#store.getState();
    return placeOf(state, await this.#addresses(state), captureIn(state));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#asked++;
    clearTimeout(this.#timer);
    this.#stack.dispose();
  }

  #begin(): void {
    const bar = this.#bar;
    const entry = entryOf(bar.noted);
    const asked = bar.text;
    if (entry !== undefined) {
      this.#step = Math.max(0, entry.step);
      this.#last = this.#step;
    } else {
      if (bar.canLeave) {
        bar.replace('/', { step: -1, capture: null } satisfies Entry);
        bar.push(asked === '' ? '/' : asked, { step: 0, capture: null } satisfies Entry);
      } else bar.replace(asked, { step: 0, capture: null } satisfies Entry);
    }
    if (asked !== '' && asked !== '/') void this.#show(asked, null);
  }

  #moved(): void {
    clearTimeout(this.#timer);
    const bar = this.#bar;
    const entry = entryOf(bar.noted);
    if (entry === undefined) {
      // Somebody wrote into the bar, or followed a link.
      this.#last = ++this.#step;
      bar.replace(bar.text, { step: this.#step, capture: null } satisfies Entry);
      void this.#show(bar.text, null);
      return;
    }
    this.#step = entry.step;
    this.#tellWays();
    if (entry.step < 0) {
      this.#actions.notice('This is where you began. Going back once more leaves Resetscope.');
      return;
    }
    void this.#show(bar.text, entry.capture);
  }

  /** Shows what an address asks for, as soon as what it names is there. */
  async #show(text: string, capture: number | null): Promise<void> {
    const asked = ++this.#asked;
    const isOld = (): boolean => asked !== this.#asked;
    try {
      const place = parsePlace(text);
      if (place !== undefined) await this.#showPlace(place, capture ?? place.capture, isOld);
      else if (text !== '' && text !== '/')
        this.#actions.notice(`The address “#${sanitiseText(text, MAX_TOLD)}” leads nowhere.`);
      else
        this.#own(() => {
          this.#store.setState({ view: 'overview', lesson: null, dialog: null });
        });
    } catch {
      // The connection broke, which the banner tells.
    }
    if (!isOld()) await this.#take(true);
  }

  async #showPlace(place: Place, capture: number | null, isOld: () => boolean): Promise<void> {
    const { notice, setFilter, showCapture, showReset, showFailure } = this.#actions;
    const store = this.#store;
    if (place.view === 'lesson') {
      this.#own(() => {
        store.setState({ lesson: place.name, dialog: null });
      });
      return;
    }
    if (place.view === 'fleet') {
      await this.#showFleet(place, isOld);
      return;
    }
    if (!(await this.#until((state) => state.progress.phase !== 'empty', isOld, place))) return;
    const state = store.getState();
    if (capture !== null && (state.progress.capture ?? capture) !== capture) {
      if (!state.captures.some((one) => one.capture === capture)) {
        notice(`The capture with ${placeName(place)} was closed.`);
        return;
      }
      await showCapture(capture);
      this.#isOwn = true;
      try {
        if (!(await this.#until(({ progress }) => progress.capture === capture, isOld))) return;
      } finally {
        this.#isOwn = false;
      }
    }
    this.#own(() => {
      store.setState({ view: place.view, lesson: null, dialog: null });
    });
    switch (place.view) {
      case 'resets': {
        this.#own(() => {
          if (store.getState().resetQuery.filter !== place.filter) setFilter('resets', place.filter);
          if (place.at === null) store.setState({ reset: null, resetCursor: -1 });
        });
        if (place.at === null) return;
        const id = await this.#find('resets.at', place.at, isOld);
        if (id >= 0 && !isOld()) await this.#own(() => showReset(id));
        else if (!isOld()) notice(`Frame ${frameText(place.at)} of this capture is no reset.`);
        return;
      }
      case 'failures': {
        const { flow } = place;
        this.#own(() => {
          if (store.getState().failureQuery.filter !== place.filter) setFilter('failures', place.filter);
          if (flow === null) store.setState({ failure: null, failureCursor: -1 });
        });
        if (flow !== null) await this.#own(() => showFailure(flow));
        return;
      }
      case 'flows':
        this.#own(() => {
          if (store.getState().flowQuery.filter !== place.filter) setFilter('flows', place.filter);
          store.setState({ flow: place.flow, flowCursor: -1 });
        });
        return;
      case 'packets':
      case 'connection': {
        this.#own(() => {
          if (place.view === 'connection') store.setState({ packetsFlow: place.flow });
          else if (store.getState().packetQuery.filter !== place.filter) setFilter('packets', place.filter);
        });
        const packet = place.at === null ? null : await this.#find('packets.at', place.at, isOld);
        if (isOld()) return;
        if (packet !== null && packet < 0) notice(`This capture has no frame ${placeName(place)}.`);
        this.#own(() => {
          store.setState({
            packet: packet !== null && packet >= 0 ? packet : null,
            packetCursor: -1,
            flowPacketCursor: -1,
          });
        });
        return;
      }
      case 'overview':
      case 'endpoints':
      case 'warnings':
      case 'catch':
      case 'notes':
    }
  }

  async #showFleet(
    { fleet, scope, reset }: Extract<Place, { readonly view: 'fleet' }>,
    isOld: () => boolean,
  ): Promise<void> {
    const store = this.#store;
    const wanted = { fleetScope: scope, fleetReset: reset };
    const { view, fleetFrom, fleet: shown } = store.getState();
    const isShown = shown.state === 'open' && shown.place === fleet;
    this.#own(() => {
      store.setState({
        view: 'fleet',
        fleetFrom: view === 'fleet' ? fleetFrom : view,
        lesson: null,
        dialog: null,
        ...wanted,
        fleetCaseError: null,
        ...(isShown
          ? {}
          : {
              fleet:
                fleet === null ? { state: 'none', isStopped: false } : { state: 'opening', place: fleet },
            }),
      });
    });
    if (fleet === null || isShown) return;
    // The line of a page that was just loaded is still being opened.
    if (await this.#until((state) => state.link === 'open', isOld))
      void this.#actions.openFleet(fleet, wanted);
  }

  /** What `change` does at once is not the user's doing. */
  #own<T>(change: () => T): T {
    this.#isOwn = true;
    try {
      return change();
    } finally {
      this.#isOwn = false;
    }
  }

  /** The number of what stands in a frame; waits for it while the capture is read. */
  async #find(
    method: 'resets.at' | 'packets.at',
    address: FrameAddress,
    isOld: () => boolean,
  ): Promise<number> {
    for (;;) {
      const { progress } = this.#store.getState();
      const id = await this.#link.call(method, address);
      if (id >= 0 || isOld()) return id;
      if (progress.phase !== 'reading' && progress.phase !== 'following') return -1;
      if (!(await this.#until((state) => state.progress !== progress, isOld))) return -1;
    }
  }

  /** @returns whether it came true before another place was asked for */
  #until(is: (state: AppState) => boolean, isOld: () => boolean, place?: Place): Promise<boolean> {
    const store = this.#store;
    if (is(store.getState())) return Promise.resolve(true);
    let isTold = place === undefined;
    const tell = ({ capabilities, captures, opening, progress }: AppState): void => {
      // The host tells which captures are open before the engine tells how far one is read.
      const isComing = capabilities === null || captures.length > 0 || opening !== null;
      if (isTold || isComing || progress.phase !== 'empty') return;
      isTold = true;
      if (place !== undefined)
        this.#actions.notice(
          `No capture is open. Open the one that the address means to see ${placeName(place)}.`,
        );
    };
    return new Promise((resolve) => {
      tell(store.getState());
      const end = (value: boolean): void => {
        stop();
        resolve(value);
      };
      const stop = store.subscribe((state) => {
        if (isOld()) end(false);
        else if (is(state)) end(true);
        else tell(state);
      });
      this.#stack.use(toDisposable(stop));
    });
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#take(false), SETTLE_MS);
  }

  /** Puts what is shown into the bar. @param isSame the entry of the history stays the one that it is */
  async #take(isSame: boolean): Promise<void> {
    const asked = this.#asked;
    const state = this.#store.getState();
    if (state.progress.phase === 'empty' && state.lesson === null && state.view !== 'fleet') {
      this.#leavePlace();
      return;
    }
    // The end of the way settles again.
    if (state.isPassing) return;
    const addresses = await this.#addresses(state);
    const isOther = (): boolean => asked !== this.#asked || keyOf(state) !== keyOf(this.#store.getState());
    if (this.#isDisposed || isOther()) return;
    const place = placeOf(state, addresses, captureIn(state));
    const text = placeText(place);
    const bar = this.#bar;
    const capture = state.progress.capture ?? null;
    const before = entryOf(bar.noted);
    if (bar.text !== text || before?.capture !== capture) {
      // The first place takes the entry that was there before there was any.
      const isFirst = bar.text === '' || bar.text === '/' || parsePlace(bar.text) === undefined;
      if (isSame || (isFirst && this.#step >= 0) || placeText({ ...place, capture: null }) === bar.text) {
        bar.replace(text, { step: this.#step, capture } satisfies Entry);
      } else {
        this.#last = ++this.#step;
        bar.push(text, { step: this.#step, capture } satisfies Entry);
      }
    }
    this.#store.setState({ place });
    this.#tellWays();
  }

  /** Nothing is open, and neither lesson nor fleet is shown any more: the start page has an address without a place. */
  #leavePlace(): void {
    const view = parsePlace(this.#bar.text)?.view;
    if (view !== 'lesson' && view !== 'fleet') return;
    this.#last = ++this.#step;
    this.#bar.push('/', { step: this.#step, capture: null } satisfies Entry);
    this.#store.setState({ place: null });
    this.#tellWays();
  }

  #tellWays(): void {
    this.#store.setState({ canGoBack: this.#step > 0, canGoForward: this.#step < this.#last });
  }

  async #addresses({ view, reset, packet }: AppState): Promise<Addresses> {
    const link = this.#link;
    const none = (): null => null;
    return {
      reset:
        view !== 'resets' || reset === null
          ? null
          : await link.call('resets.frame', { id: reset }).catch(none),
      packet:
        (view !== 'packets' && view !== 'connection') || packet === null
          ? null
          : await link.call('packets.frame', { packet }).catch(none),
    };
  }
}

/** Addresses need to say which capture only where there are several. */
function captureIn({ captures, progress }: AppState): number | null {
  return captures.length > 1 ? (progress.capture ?? null) : null;
}

/** Differs where the place does. */
function keyOf(state: AppState): string {
  const { isPassing, progress } = state;
  return `${viewKeyOf(state)} ${progress.phase === 'empty'} ${progress.capture ?? ''} ${isPassing}`;
}

/** Differs where another part of the same capture is looked at. */
function viewKeyOf(state: AppState): string {
  const { reset, failure, flow, packet } = state;
  const ids = { resets: reset, failures: failure, flows: flow, packets: packet, connection: packet };
  const id = state.view in ids ? ids[state.view as keyof typeof ids] : null;
  return `${placeText(placeOf(state, { reset: null, packet: null }, null))} ${id}`;
}

function entryOf(noted: unknown): Entry | undefined {
  if (typeof noted !== 'object' || noted === null) return undefined;
  const step: unknown = Reflect.get(noted, 'step');
  const capture: unknown = Reflect.get(noted, 'capture');
  if (typeof step !== 'number') return undefined;
  return { step, capture: typeof capture === 'number' ? capture : null };
}
