/** What the captures at several points tell of a reset, in words: for its label, story, limitations and next step. */
import type { CauseContext } from '../cause/context.ts';
import { hopsHere } from '../elsewhere/elsewhere.ts';
import { pointText, vantageName } from '../../join/vantage-name.ts';
import { resetHops } from '../observe/place.ts';
import { boundText, delayText, endText, hopsText, listText, sideName } from '../phrases.ts';

/** "between the capture points client and server, one hop from client"; undefined where they do not tell. */
export function betweenText({ view, f, elsewhere: { event, born } }: CauseContext): string | undefined {
  if (event === undefined || born === null) return undefined;
  const [from, to] = born;
  const [first, second] = f.sender === 0 ? [from, to] : [to, from];
  const names = `between the capture points ${vantageName(view, first)} and ${vantageName(view, second)}`;
  const hops = resetHops(f);
  const behind = event.absences.find(({ vantage }) => vantage === from);
  const routers =
    behind === undefined
      ? -1
      : hopsHere(view.flows, f.flow, f.sender) -
        hopsHere(view.flows, behind.flow, sideThere(view, f, behind.flow));
  // A TTL that would put it behind the point at which it is absent is made up.
  if (hops === null || hops > routers) return names;
  return `${names}, ${hops === 0 ? 'next to' : `${hopsText(hops)} from`} ${vantageName(view, to)}`;
}

function sideThere(view: CauseContext['view'], f: CauseContext['f'], flow: CauseContext['f']['flow']): 0 | 1 {
  const twin = view.join.twins(f.flow).find((one) => one.flow === flow);
  return twin?.isSwapped === true ? f.receiver : f.sender;
}

/** For the story: facts alone. */
export function elsewhereStory(c: CauseContext): string {
  return [onTheWay(c), toOtherEnd(c), translated(c), acrossProxy(c)].filter((text) => text !== '').join(' ');
}

function onTheWay({ view, f, elsewhere: { event, absence, stopped } }: CauseContext): string {
  if (event === undefined) return '';
  const sender = sideName(f.sender);
  const points = event.sightings.map(({ vantage }) => vantageName(view, vantage));
  const seen = `the capture ${points.length === 1 ? 'point' : 'points'} ${listText(points)}`;
  const told = [
    absence === undefined
      ? `It was captured at ${seen}, from the ${sender} on.`
      : `It was captured at ${seen}, and is absent at ${pointText(view, absence.vantage)}, past which a reset of the ${sender} had to come.`,
  ];
  if (stopped !== undefined)
    told.push(
      `It never came to ${pointText(view, stopped.vantage)}: it was lost or stopped before, so that the ${sideName(f.receiver)} did not get it.`,
    );
  return told.join(' ');
}

/** A device that resets both ends of a connection acts once. */
function toOtherEnd({ view, f, elsewhere: { event } }: CauseContext): string {
  if (event?.sameActAs === undefined || event.sameActAs === null) return '';
  const other = view.join.event(event.sameActAs)?.sightings[0];
  if (other === undefined) return '';
  return `The same device reset the other end, too: a reset with the ${sideName(f.receiver)}'s address was captured at ${pointText(view, other.vantage)}, and at no point nearer to the ${sideName(f.receiver)}.`;
}

/** Addresses and ports that differ between neighbouring capture points. */
function translated({ view, f, elsewhere: { event } }: CauseContext): string {
  if (event === undefined) return '';
  const swapped = new Map(view.join.twins(f.flow).map(({ flow, isSwapped }) => [flow, isSwapped]));
  const places = [...event.sightings, ...event.absences];
  const path = view.join.alongPath(f.flow).flatMap((flow) => places.find((one) => one.flow === flow) ?? []);
  const told: string[] = [];
  for (let i = 1; i < path.length; i++) {
    const [here, there] = [path[i - 1], path[i]];
    const changes = ([0, 1] as const).flatMap((side) => {
      const ends = [here, there].map(({ flow }) =>
        endText(view, flow, swapped.get(flow) === true ? ((1 - side) as 0 | 1) : side),
      );
      return ends[0] === ends[1] ? [] : [`the ${sideName(side)} ${ends[0]} to ${ends[1]}`];
    });
    if (changes.length > 0)
      told.push(
        `Between ${pointText(view, here.vantage)} and ${pointText(view, there.vantage)} a device translates ${listText(changes)}.`,
      );
  }
  return told.join(' ');
}

/** The reset of the connection on the other side of a proxy that is nearest in time. */
function acrossProxy({ view, elsewhere: { otherLeg } }: CauseContext): string {
  if (otherLeg === undefined) return '';
  const { reset, laterNs, order } = otherLeg;
  const who = sideName(view.resets.direction(reset));
  const end = `reset with the ${who}'s address`;
  const apart = delayText(Math.abs(laterNs));
  if (order === 'unknown')
    return `On the other side of the proxy there was a ${end} at about the same time; the clocks do not tell which was first.`;
  const which = order === 'after' ? `${apart} after this one` : `${apart} before this one`;
  return `On the other side of the proxy there was a ${end} ${which}.`;
}

/** What keeps an absence from proving anything. */
export function limitationsElsewhere({ view, elsewhere: { event } }: CauseContext): string[] {
  if (event === undefined) return [];
  const found = event.absences
    .filter(({ lies }) => lies !== 'beyond')
    .flatMap(({ vantage, doubt }) =>
      doubt === null ? [] : [`That it is absent at ${pointText(view, vantage)} proves nothing: ${doubt}.`],
    );
  if (event.class === 'probable')
    found.push('It is only probable that the captures hold the same connection.');
  return found;
}

/** What the absence at a capture point has shown, where one was made there; null where none was. */
export function proofElsewhere({ view, f, elsewhere }: CauseContext): string | null {
  const { event, absence, forged } = elsewhere;
  if (event === undefined || absence === undefined) return null;
  const there = pointText(view, absence.vantage);
  if (forged === 'no')
    return `It is absent at ${there}, which does not prove it: ${absence.doubt ?? `it misses up to ${boundText(absence.lossBound)} of what passes`}. Capture at both points once more, with a large buffer (tcpdump -B 65536) and from before the connection begins until after its end.`;
  const seen = pointText(view, event.sightings[0].vantage);
  return `That the ${sideName(f.sender)} did not send it is shown: it is absent at ${there}. To narrow the place, capture between ${there} and ${seen}, at the inside and the outside of each firewall or proxy there.`;
}
