/**
 * A place: what somebody looks at, as an address says it. `/reset/266` is frame 266 of the first file, `/reset/2:266` that of the
 * second. Frames stand in addresses, and not the engine's own numbers, so that a link means the same to people and to another run.
 *
 * Invariant: parsePlace(placeText(place)) is the place again; text that is no place is undefined, never an exception.
 */
import { BOUNDS } from '../../shared/contract/schemas.ts';
import type { FrameAddress } from '../../shared/contract/methods.ts';
import { parseResetId, resetIdText, scopeOf, scopeText } from '../../shared/fleet/scope-text.ts';
import { fleetPlace } from '../state/fleet-slice.ts';
import type { Place } from '../state/place.ts';
import type { AppState } from '../state/store.ts';

const LESSON_NAME = /^[a-z0-9-]{1,60}$/;

/** Where the selected reset and the marked packet stand, once the engine has said so. */
export interface Addresses {
  readonly reset: FrameAddress | null;
  readonly packet: FrameAddress | null;
}

/** @param capture the number of the shown capture where several are open; null where an address needs none */
export function placeOf(state: AppState, addresses: Addresses, capture: number | null): Place {
  if (state.lesson !== null) return { view: 'lesson', capture: null, name: state.lesson };
  switch (state.view) {
    case 'fleet':
      return {
        view: 'fleet',
        capture: null,
        fleet: fleetPlace(state),
        scope: state.fleetScope,
        reset: state.fleetReset,
      };
    case 'resets':
      return { view: 'resets', capture, filter: state.resetQuery.filter, at: addresses.reset };
    case 'failures':
      return { view: 'failures', capture, filter: state.failureQuery.filter, flow: state.failure };
    case 'flows':
      return { view: 'flows', capture, filter: state.flowQuery.filter, flow: state.flow };
    case 'packets':
      return { view: 'packets', capture, filter: state.packetQuery.filter, at: addresses.packet };
    case 'connection':
      return { view: 'connection', capture, flow: state.packetsFlow, at: addresses.packet };
    case 'overview':
    case 'endpoints':
    case 'warnings':
    case 'catch':
    case 'notes':
      return { view: state.view, capture };
  }
}

/** As it stands behind the `#` of an address. */
export function placeText(place: Place): string {
  const query = new URLSearchParams();
  let path = place.view as string;
  if (place.view === 'resets') {
    if (place.at !== null) path = `reset/${frameText(place.at)}`;
    if (place.filter !== '') query.set('filter', place.filter);
  } else if (place.view === 'failures' || place.view === 'flows') {
    if (place.flow !== null) path = `${place.view === 'flows' ? 'flow' : 'failure'}/${place.flow}`;
    if (place.filter !== '') query.set('filter', place.filter);
  } else if (place.view === 'packets') {
    if (place.at !== null) path = `packet/${frameText(place.at)}`;
    if (place.filter !== '') query.set('filter', place.filter);
  } else if (place.view === 'connection') {
    if (place.flow !== null) path = `connection/${place.flow}`;
    if (place.at !== null) query.set('packet', frameText(place.at));
  } else if (place.view === 'fleet') {
    if (place.fleet !== null) query.set('store', place.fleet);
    for (const [name, value] of scopeText(place.scope)) query.set(name, value);
    if (place.reset !== null) query.set('reset', resetIdText(place.reset));
  } else if (place.view === 'lesson') path = `lesson/${place.name}`;
  if (place.capture !== null) query.set('capture', String(place.capture));
  const asked = query.toString();
  return `/${path}${asked === '' ? '' : `?${asked}`}`;
}

/** @param text with or without its `#`; undefined where it leads nowhere */
export function parsePlace(text: string): Place | undefined {
  const whole = text.replace(/^#/, '');
  if (!whole.startsWith('/') || whole.length > BOUNDS.placeLength) return undefined;
  const [path, asked = ''] = split(whole.slice(1), '?');
  const [name, which, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  const query = new URLSearchParams(asked);
  const filter = query.get('filter') ?? '';
  const capture = numberIn(query.get('capture'));
  const packet = query.get('packet');
  const at = packet === null ? null : parseFrame(packet);
  if (filter.length > BOUNDS.filterLength || capture === undefined || at === undefined) return undefined;
  if (which === undefined) {
    switch (name) {
      case 'overview':
      case 'endpoints':
      case 'warnings':
      case 'catch':
      case 'notes':
        return { view: name, capture };
      case 'resets':
        return { view: 'resets', capture, filter, at: null };
      case 'failures':
      case 'flows':
        return { view: name, capture, filter, flow: null };
      case 'packets':
        return { view: 'packets', capture, filter, at: null };
      case 'fleet':
        return capture === null ? fleetIn(query) : undefined;
      case 'connection':
        return { view: 'connection', capture, flow: null, at };
      default:
        return undefined;
    }
  }
  if (name === 'reset' || name === 'packet') {
    const frame = parseFrame(which);
    if (frame === undefined) return undefined;
    return { view: name === 'reset' ? 'resets' : 'packets', capture, filter, at: frame };
  }
  if (name === 'lesson')
    return LESSON_NAME.test(which) && capture === null ? { view: 'lesson', capture, name: which } : undefined;
  const id = numberIn(which);
  if (id === undefined || id === null) return undefined;
  if (name === 'failure') return { view: 'failures', capture, filter, flow: id };
  if (name === 'connection') return { view: 'connection', capture, flow: id, at };
  if (name === 'flow') return { view: 'flows', capture, filter, flow: id };
  return undefined;
}

/** The place as people call it: "reset 266", "resets". */
export function placeName(place: Place): string {
  switch (place.view) {
    case 'resets':
      return place.at === null ? 'resets' : `reset ${frameText(place.at)}`;
    case 'failures':
      return place.flow === null ? 'failures' : `failure of flow ${place.flow}`;
    case 'flows':
      return place.flow === null ? 'flows' : `flow ${place.flow}`;
    case 'packets':
      return place.at === null ? 'packets' : `packet ${frameText(place.at)}`;
    case 'connection':
      return place.flow === null ? 'connection' : `connection ${place.flow}`;
    case 'overview':
      return 'overview';
    case 'endpoints':
      return 'endpoints';
    case 'warnings':
      return 'files and warnings';
    case 'catch':
      return 'caught resets';
    case 'notes':
      return 'notes';
    case 'fleet':
      return 'fleet';
    case 'lesson':
      return `lesson ${place.name}`;
  }
}

function fleetIn(query: URLSearchParams): Place | undefined {
  const scope = scopeOf((name) => query.get(name));
  const reset = query.get('reset');
  const id = reset === null ? null : parseResetId(reset);
  if (scope === undefined || id === undefined) return undefined;
  return { view: 'fleet', capture: null, fleet: query.get('store'), scope, reset: id };
}

export function frameText({ file, frame }: FrameAddress): string {
  return file === 0 ? String(frame) : `${file + 1}:${frame}`;
}

function parseFrame(text: string): FrameAddress | undefined {
  const match = /^(?:(\d{1,6}):)?(\d{1,15})$/.exec(text);
  if (match === null) return undefined;
  // A group that took no part is undefined, which its type does not say.
  const file = (match[1] as string | undefined) === undefined ? 0 : Number(match[1]) - 1;
  const frame = Number(match[2]);
  return file < 0 || frame < 1 ? undefined : { file, frame };
}

/** @returns null where there is none, undefined where it is no number */
function numberIn(text: string | null): number | null | undefined {
  if (text === null) return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function split(text: string, at: string): [string, string?] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
