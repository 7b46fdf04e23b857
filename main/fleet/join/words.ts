/** What a join says to people. Names come from tables that others wrote, so they are made safe here. */
import { plural } from '../../../shared/format/count.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { isoTime } from '../../../shared/format/time.ts';
import type { FleetJoin } from '../../../shared/model/fleet.ts';
import type { Ruling } from './decide.ts';
import { otherSide } from './facts.ts';
import type { Case, Place, Weighed } from './witness.ts';

const LONGEST_NAME = 80;
const LONGEST_NEXT = 600;
/** Cures that one advice holds; the others follow once these were taken. */
const MOST_CURES = 2;

/** Other captures of that time that could not be asked, and why. */
export interface Unheard {
  /** Hosts that captured at that time under another key. */
  readonly otherKeys: readonly string[];
  /** Parts of the store that did not answer. */
  readonly missing: readonly string[];
  /** The connection itself is not in the tables, or nothing in its row can be joined by. */
  readonly isFlowUnknown: boolean;
}

export interface Said {
  readonly sentence: string;
  readonly next: string;
  readonly between: FleetJoin['between'];
}

export function say(
  the: Case,
  ruling: Ruling,
  weighed: readonly Weighed[],
  unheard: Unheard,
  advice: string | null,
): Said {
  const { claimed } = the.reset;
  const receiver = otherSide(claimed);
  const places = [the.place, ...weighed.map(({ testimony }) => testimony.place)];
  const name = (place: Place): string => placeName(place, places);
  switch (ruling.verdict) {
    case 'forged': {
      const { seen, absent, more } = ruling;
      const at = name(absent.testimony.place);
      const where = name(seen.place);
      const hops = absent.testimony.flow.hops[claimed];
      const proof =
        `${at}, ${hops === 0 ? `which no router separates from the ${claimed}` : `nearer to the ${claimed}`}, ` +
        'captured this connection in both directions, lost nothing, and the reset never passed there';
      const further =
        more.length === 0
          ? ''
          : ` ${listOf(more.map(({ testimony }) => name(testimony.place)))} ${more.length === 1 ? 'shows' : 'show'} the same.`;
      return {
        sentence: `The ${claimed} did not send this reset: a device made it in the ${claimed}’s name, between ${where} and ${at} or on one of the two. ${proof}.${further}${madeAt(ruling, name)}`,
        next: forgedNext(the, where, at),
        between: [where, at],
      };
    }
    case 'sent': {
      const where = name(ruling.seen.place);
      const isOwn = ruling.how === 'own';
      const sentence = isOwn
        ? `The ${claimed} sent this reset itself: it is ${where}, and its own capture shows it leaving.`
        : `This reset came from the ${claimed}: ${where} holds it, too, and no router separates ${where} from the ${claimed}. Only something in the ${claimed}’s own network segment could have sent it in its place.`;
      return {
        sentence: sentence + lostText(weighed, receiver, name),
        next: advice ?? `Look on the ${claimed} for what ended the connection.`,
        between: null,
      };
    }
    case 'open':
      return { ...openWords(the, ruling, weighed, unheard, name), between: null };
  }
}

/** The capture’s own record may say that its machine made the reset. */
function madeAt({ seen }: Ruling, name: (place: Place) => string): string {
  const isHere = seen.reset.evidence.some(
    (code) => code === 'made-by-forwarder' || code === 'made-here-for-another',
  );
  return isHere ? ` By its own capture it was made on ${name(seen.place)}.` : '';
}

/** A capture on the receiver’s side that does not hold a reset tells of loss, and of nothing else. */
function lostText(weighed: readonly Weighed[], receiver: string, name: (place: Place) => string): string {
  const lost = weighed.filter(({ sees, isNearerSender }) => sees === 'absent' && isNearerSender === false);
  if (lost.length === 0) return '';
  const names = listOf(lost.map(({ testimony }) => name(testimony.place)));
  return ` It did not come as far as ${names}: it was lost or stopped on the way to the ${receiver}.`;
}

function forgedNext({ reset, flow }: Case, where: string, at: string): string {
  const ends = [flow.ends.client, flow.ends.server].map((end) =>
    end === null ? null : endpointText(end.address, end.port),
  );
  const connection = ends.includes(null) ? 'this connection' : `the connection ${ends.join(' to ')}`;
  return safe(
    `Ask who runs the firewalls, proxies and intrusion preventers between ${where} and ${at} for their log of ${connection} at ${secondOf(reset.timeNs)}. A capture at one more point between the two halves where to look.`,
  );
}

function openWords(
  the: Case,
  { seen }: Ruling,
  weighed: readonly Weighed[],
  unheard: Unheard,
  name: (place: Place) => string,
): { readonly sentence: string; readonly next: string } {
  const { claimed } = the.reset;
  const here = name(the.place);
  const unanswered =
    unheard.missing.length === 0
      ? ''
      : ` ${listOf(unheard.missing.map(safeName))} did not answer, so that a capture which tells may be missing.`;
  const onServer = `Capture on the ${claimed} itself, or on a host on the way to it, at the same time as on ${here}.`;
  if (unheard.isFlowUnknown)
    return {
      sentence: `The connection of this reset has no row in the capture of ${here}, so that it cannot be looked for on other hosts.${unanswered}`,
      next: 'Bring all that its agent wrote, and ask again.',
    };
  if (weighed.length === 0) {
    const keys = unheard.otherKeys;
    if (keys.length > 0)
      return {
        sentence: `No other host can be held against ${here}: ${listOf(keys.map(safeName))} captured at that time, but ${keys.length === 1 ? 'hashes' : 'hash'} connections with another key.${unanswered}`,
        next: 'Give all agents the same --fleet-key.',
      };
    return {
      sentence: `No other host holds this connection: who sent the reset is told by the capture of ${here} alone.${unanswered}`,
      next: `${onServer} Where a proxy or load balancer ends the connection and opens one of its own, only captures on its client’s side can hold this one.`,
    };
  }
  const nearer = weighed
    .filter(({ sees, isNearerSender }) => sees === 'unclear' && isNearerSender !== false)
    .toSorted(
      (a, b) =>
        Number(b.isNearerSender === true) - Number(a.isNearerSender === true) ||
        a.doubts.length - b.doubts.length,
    )
    .at(0);
  const cameFrom =
    seen.place === the.place
      ? ''
      : `It came from beyond ${name(seen.place)}, which holds it too${routersText(seen.flow.hops[claimed], claimed)}. `;
  if (nearer !== undefined) {
    const at = name(nearer.testimony.place);
    const [doubt] = nearer.doubts;
    return {
      sentence: `${cameFrom}${at} holds the connection and not the reset, which proves nothing: ${doubt.why}.${unanswered}`,
      next: safe(cureText(nearer, at, onServer)),
    };
  }
  if (cameFrom !== '')
    return {
      sentence: `${cameFrom}Nothing shows whether the ${claimed} itself sent it.${unanswered}`,
      next: `Capture on the ${claimed} itself, or on a host between it and ${name(seen.place)}.`,
    };
  const unplaced = weighed.find(({ sees, isNearerSender }) => sees === 'absent' && isNearerSender === null);
  if (unplaced !== undefined)
    return {
      sentence: `${name(unplaced.testimony.place)} holds the connection, lost nothing, and the reset did not pass there; but which of the two captures is nearer to the ${claimed} is not known.${unanswered}`,
      next: onServer,
    };
  const names = listOf(weighed.map(({ testimony }) => name(testimony.place)));
  return {
    sentence: `${names} ${weighed.length === 1 ? 'holds' : 'hold'} this connection, but not nearer to the ${claimed} than ${here}: that does not tell who sent the reset.${unanswered}`,
    next: onServer,
  };
}

function routersText(hops: number | null, claimed: string): string {
  return hops === null || hops === 0 ? '' : `, ${plural(hops, 'router')} from the ${claimed}`;
}

function cureText(weighed: Weighed, at: string, otherwise: string): string {
  const cures = [...new Set(weighed.doubts.flatMap(({ cure }) => cure ?? []))].slice(0, MOST_CURES);
  if (cures.length === 0) return otherwise;
  return `So that ${at} can prove it the next time: ${cures.join('; and ')}.`;
}

/** Its host, and its interface where another capture of that host is told of as well. */
export function placeName(place: Place, all: readonly Place[]): string {
  const isAlone = all.every(({ host, capture }) => host !== place.host || capture === place.capture);
  const host = safeName(place.host);
  if (isAlone) return host;
  return place.interface === null ? `${host} (file)` : `${host} (${safeName(place.interface)})`;
}

/** In a message of ours a name stays a name: it cannot end a sentence or hide what follows. */
export function safeName(name: string): string {
  return name === '' ? 'a host without a name' : sanitiseText(name, LONGEST_NAME);
}

export function safe(text: string): string {
  return sanitiseText(text, LONGEST_NEXT);
}

function secondOf(timeNs: bigint): string {
  return `${isoTime(timeNs).slice(0, 'YYYY-MM-DDThh:mm:ss'.length).replace('T', ' ')} UTC`;
}

function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
