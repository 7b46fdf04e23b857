/** Capture points on the strip between client and server, and the stretch of it that they leave for whoever made a reset. */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import type { OriginKind, PathModel, PathVantage } from '../../../../shared/model/verdict.ts';
import { linksOf } from '../observe/place.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { CaptureView } from '../observe/view.ts';
import { type Elsewhere, hopsHere } from './elsewhere.ts';
import { firstFile } from '../../join/vantage-name.ts';

/** Capture points without a router between them stand at least this far apart. */
const APART = 0.06;

/** What of a judged reset its place on the strip follows from. */
interface Judged {
  readonly view: CaptureView;
  readonly f: ResetFacts;
  readonly kind: OriginKind;
  readonly elsewhere: Elsewhere;
}

export function withVantages({ view, f, kind, elsewhere }: Judged, path: PathModel): PathModel {
  const { event, born } = elsewhere;
  if (event === undefined) return path;
  const isSwapped = new Map(view.join.twins(f.flow).map((twin) => [twin.flow, twin.isSwapped]));
  const ofEvent = [...event.sightings, ...event.absences];
  const flows = view.join
    .alongPath(f.flow)
    .flatMap((flow) => ofEvent.find((one) => one.flow === flow) ?? [])
    .map(({ flow, vantage }) => ({ flow, vantage, isSwapped: isSwapped.get(flow) ?? false }));
  const places = placesOf(view, flows);
  const at = (vantage: number): number => places[flows.findIndex((one) => one.vantage === vantage)] ?? 0.5;
  const vantages = flows.map(({ vantage }, i): PathVantage => {
    const absence = event.absences.find((one) => one.vantage === vantage);
    const sees = absence === undefined ? 'seen' : absence.doubt === null ? 'absent' : 'unclear';
    return { file: firstFile(view, vantage), at: places[i], sees };
  });
  if (kind === 'endpoint') return { ...path, vantages };
  const seen = at(event.sightings[0].vantage);
  const behind = born === null ? f.sender : at(born[0]);
  return { ...path, ...within(path, Math.min(seen, behind), Math.max(seen, behind)), vantages };
}

/** The place and its reach, as far as they agree with where the capture points say that it was made. */
function within(
  { place, reach, placedBy }: PathModel,
  from: number,
  to: number,
): Pick<PathModel, 'place' | 'reach' | 'placedBy'> {
  const reachFrom = Math.max(from, reach[0]);
  const reachTo = Math.min(to, reach[1]);
  if (place === null || place < from || place > to || reachFrom > reachTo)
    return { place: null, reach: [from, to], placedBy: 'nothing' };
  return { place, reach: [reachFrom, reachTo], placedBy };
}

/** By the routers to either end that this connection's own packets tell of; evenly where they do not, or contradict the order. */
function placesOf(
  { flows }: CaptureView,
  path: readonly { readonly flow: FlowRecord; readonly isSwapped: boolean }[],
): number[] {
  const hops = path.map(({ flow, isSwapped }) => ({
    client: hopsHere(flows, flow, isSwapped ? 1 : 0),
    server: hopsHere(flows, flow, isSwapped ? 0 : 1),
  }));
  const known = hops.map(({ client, server }) => {
    const links = linksOf(client) + linksOf(server);
    return client < 0 || server < 0 || links === 0 ? -1 : linksOf(client) / links;
  });
  const isOrdered = known.every((at, i) => at >= 0 && (i === 0 || at >= known[i - 1]));
  if (isOrdered) return known.reduce<number[]>((all, at) => [...all, apart(all.at(-1), at)], []);
  const last = path.length - 1;
  return hops.map(({ client, server }, i) => {
    if (i === 0 && client === 0) return 0;
    return i === last && server === 0 ? 1 : (i + 1) / (path.length + 1);
  });
}

function apart(before: number | undefined, at: number): number {
  return before === undefined ? at : Math.min(1, Math.max(at, before + APART));
}
