/** Names who made a reset, for people. */
import type { Maker } from '../../../../shared/model/verdict.ts';
import type { ProductHint } from '../written/products.ts';
import type { EvidenceList } from '../evidence/evidence-list.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { DISTANCE_UNKNOWN } from '../observe/hops.ts';
import type { CaptureView } from '../observe/view.ts';
import { resetHops } from '../observe/place.ts';
import { shareOfRoundTrip } from '../observe/timing.ts';
import { awayText, hopsText, shareText, sideName } from '../phrases.ts';
import type { CauseContext } from '../cause/context.ts';
import { betweenText } from './elsewhere.ts';

/** A share of the round trip that is next to nothing. */
const NEAR = 0.1;

/** "the server 10.0.0.2" */
export function hostText(view: CaptureView, f: ResetFacts, direction: 0 | 1): string {
  return hostOf(direction, view.addressText(f.flow, direction));
}

function hostOf(direction: 0 | 1, address: string): string {
  return `the ${sideName(direction)} ${address}`;
}

/** Stands in a label's pattern for the host whose address the reset carries. No label has it of its own: texts of packets are printable. */
const HOST = '\0';

/** The label with a mark in place of the host, so that resets of many hosts share a few patterns. */
export function labelPatternOf(c: CauseContext): string {
  return labelOf(c, HOST);
}

/** The label of a pattern. @param address of the side that the reset claims to be from */
export function labelOfPattern(pattern: string, direction: 0 | 1, address: string): string {
  return pattern.replaceAll(HOST, () => hostOf(direction, address));
}

export function labelOf(c: CauseContext, host = hostText(c.view, c.f, c.f.sender)): string {
  const { f, list, kind, product } = c;
  if (f.otherHost === 'likely' && kind === 'endpoint') return `another host of the address of ${host}`;
  if (kind === 'endpoint') return endpointText(f, list, host, product);
  if (kind === 'unknown') return `${host} or a device in front of it`;
  if (isMadeHere(list)) return 'the capturing machine';
  const between = betweenText(c);
  if (between !== undefined)
    return `${product?.sign === undefined ? 'a device' : `${product.name},`} ${between}`;
  const where = list.has('one-hop-nearer-elsewhere')
    ? `${whereText(f)}, or the machine that forwards to it`
    : whereText(f);
  if (product?.sign !== undefined) return `${product.name}, ${where}`;
  return `a device ${where}`;
}

/** An apposition is closed before the sentence goes on: "a device one hop away, on the path to the server, …". */
export function closedLabel(label: string): string {
  return label.includes(', ') ? `${label},` : label;
}

/** The capturing machine made it in the name of a host that it forwards for. */
export function isMadeHere(list: EvidenceList): boolean {
  return list.has('made-here-for-another') || list.has('made-by-forwarder');
}

/** What made it, in one word; the label says the same with its place. */
export function makerOf({ f, list, kind }: CauseContext): Maker {
  if (kind === 'unknown') return 'open';
  if (kind === 'middlebox') return isMadeHere(list) ? 'forwarder' : 'device';
  if (f.otherHost === 'likely') return 'other-host';
  return isFrontEnd(f, list) || f.answeredNearer > 0 ? 'front-end' : 'host';
}

function isFrontEnd(f: ResetFacts, list: EvidenceList): boolean {
  return f.frontEnd || list.has('front-end-code');
}

/** The host, or what legitimately speaks with its address: a front end, a proxy that ends the connections before it. */
function endpointText(f: ResetFacts, list: EvidenceList, host: string, product: ProductHint | null): string {
  const hint = product?.sign === undefined ? '' : `, ${product.name}`;
  if (isFrontEnd(f, list)) {
    return `the load balancer or other front end that answers for ${host}${hint}`;
  }
  return f.answeredNearer > 0
    ? `the proxy, load balancer or forwarding machine that answers for ${host}, ${hopsText(f.answeredNearer)} nearer than its other connections`
    : host;
}

/** "one hop in front of the server", as far as hop counts or time tell. */
function whereText(f: ResetFacts): string {
  const side = sideName(f.sender);
  const hops = resetHops(f);
  if (f.passages >= 0 && hops !== null) return `${awayText(hops)}, on the path to the ${side}`;
  const share = shareOfRoundTrip(f);
  if (hops === null && share >= 0) {
    const near = share <= NEAR ? 'near the capture point' : `on the path to the ${side}`;
    const told = shareText(share);
    const within = told.startsWith('less') ? told : `the first ${told}`;
    return `${near}, within ${within} of the ${side}'s round trip`;
  }
  const difference = Number.isNaN(f.hopDifference) ? DISTANCE_UNKNOWN : f.hopDifference;
  if (hops === null || difference === DISTANCE_UNKNOWN || difference > 0) return `on the path to the ${side}`;
  if (difference === 0) return `as far away as the ${side}`;
  return `${hopsText(-difference)} in front of the ${side}`;
}
