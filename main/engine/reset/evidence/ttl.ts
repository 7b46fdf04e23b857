/** The reset's TTL against those of its sender's other packets: in this flow, or in the other flows of the address. */
import { TCP_SYN } from '../../decode/facts.ts';
import { hopDifference, hopsOf } from '../observe/hops.ts';
import { measureTtl, resetHops } from '../observe/place.ts';
import { networksOf } from '../observe/networks.ts';
import { delayText, hopsText, ttlText } from '../phrases.ts';
import type { EvidenceContext, Telling } from './entry.ts';
import { alone, firstOf, firstOfGiven, theReset } from './entry.ts';

/** The packet of this flow that shows the TTL nearest to the reset's; none where other flows are the measure. */
const base = ({ f }: EvidenceContext): number => (f.measuredIn === 'flow' ? f.baseAt : -1);
const inFlow = ({ f }: EvidenceContext): boolean => f.measuredIn === 'flow';

/** A TTL that was copied, or that time contradicts, is no distance. */
const own = ({ f }: Telling): string =>
  `The reset has ${resetHops(f) === hopsOf(f.ttl) ? ttlText(f.ttl) : `TTL ${f.ttl}`}`;
const baseTtl = ({ f }: Telling): number => measureTtl(f);

const nearerText = (t: Telling): string =>
  `${own(t)}; the ${t.sender}'s own packets have ${ttlText(baseTtl(t))}. It was made nearer to the capture.`;
const elsewhereText = (t: Telling): string =>
  `${own(t)}; the ${t.sender}'s packets in its other connections have ${ttlText(t.f.addressTtl)}.`;
const fartherText = (t: Telling): string =>
  `${own(t)}; the ${t.sender}'s packets have ${ttlText(baseTtl(t))}. It seems to come from farther away.`;
const otherNetworkText = (t: Telling): string =>
  `${own(t)}: no router passed, though the ${t.sender}'s address is of another network.`;

export const TTL = [
  alone({
    code: 'ttl-varies',
    family: 'header',
    weight: 2.0,
    distance: true,
    injector: true,
    source: '[C] Randomised or counted TTLs inside one burst: 0.2 % of genuine bursts, 20 % of injected.',
    when: ({ f }) => f.burstTtls > 1 && !mayBeOwn(f),
    at: ({ f }) => f.burstOtherAt,
    text: ({ f, w, at, sender }) =>
      `Resets of one burst have different TTLs (${f.ttl}, ${at >= 0 ? w.ttl[at] : '?'}), which the ${sender}'s other packets have not.`,
  }),
  firstOf(
    {
      code: 'front-end-stack',
      family: 'header',
      weight: -0.6,
      source:
        '[P] The stack that answers handshakes for the address (load balancer), not the one that sends data: it owns the address as much as the host behind it does, so that its resets are the address’s own.',
      when: (c) => inFlow(c) && c.f.frontEnd,
      at: base,
      text: ({ f, sender }) =>
        `The reset has the TTL of the ${sender}'s handshake (${f.ttl}), not of its data: a load balancer or proxy answers for it.`,
    },
    {
      code: 'same-ttl',
      family: 'header',
      weight: -0.92,
      source:
        '[P] 99.3 % of genuine resets; a device that copies the TTL or stands where the host does: about 12 % [prior].',
      when: (c) => inFlow(c) && c.f.baseTtl === c.f.ttl,
      at: base,
      text: ({ f, sender }) =>
        `The reset has TTL ${f.ttl}, as the ${sender}'s other packets in this connection.`,
    },
    {
      code: 'abort-of-other-stack',
      family: 'header',
      weight: 1.6,
      distance: true,
      source:
        '[P] An abort leaves through the connection’s own socket, and so with the TTL of its data; 0 of 1,396 had another stack’s or one of other flows (those of a server with two stacks were answers): 0.2 %; devices 8 % [prior].',
      when: (c) =>
        inFlow(c) &&
        (c.f.hopDifference === 0 || c.f.addressTtl === c.f.ttl) &&
        c.f.measureSteady &&
        c.f.family === 'active',
      at: base,
      text: ({ f, sender }) =>
        `The reset has TTL ${f.ttl} and all packets of this connection from the ${sender} have ${f.baseTtl}: an abort leaves through the connection's own socket, with its TTL.`,
    },
    {
      code: 'known-nearer-emitter',
      family: 'header',
      weight: 0.65,
      distance: true,
      source:
        '[prior] Some flows of the address are answered from nearer and sooner: by a proxy or a firewall before it. That its TTL is known says nothing of the host.',
      when: ({ f }) => f.nearerEmitter && f.measuredIn === 'elsewhere',
      text: ({ f, sender }) =>
        `The reset has TTL ${f.ttl}, as those connections of the ${sender}'s address that something nearer answers, and sooner than the others: what stands there may have made it.`,
    },
    {
      code: 'known-stack-elsewhere',
      family: 'header',
      weight: -0.4,
      source:
        '[prior] A TTL that this address uses on other flows: one of its legitimate stacks. Lab: 147 and 3; stated −0.3.',
      when: (c) => inFlow(c) && c.f.addressTtl === c.f.ttl && !c.f.nearerEmitter,
      text: ({ f, sender }) => `The ${sender} uses TTL ${f.ttl} in other connections.`,
    },
    {
      code: 'same-ttl-elsewhere',
      family: 'header',
      weight: -0.95,
      source:
        '[P] As same-ttl, from other flows of the address: paths may differ by flow. Lab: 718 and 7; stated −0.8.',
      when: ({ f }) => f.measuredIn === 'elsewhere' && f.addressTtl === f.ttl,
      text: ({ f, sender }) =>
        `The reset has TTL ${f.ttl}, as the ${sender}'s packets in its other connections.`,
    },
    {
      code: 'other-stack-same-distance',
      family: 'header',
      weight: 0.95,
      distance: true,
      source:
        '[P] 0.2 % (one server’s two stacks), [prior] 1 % for devices beside the host. Lab 2: 0 and 161; stated 0.85.',
      when: ({ f }) => f.hopDifference === 0,
      at: base,
      text: (t) =>
        `The reset has TTL ${t.f.ttl} and the ${t.sender}'s other packets ${baseTtl(t)}: another starting value, the same distance.`,
    },
    {
      code: 'scan-syn-differs',
      family: 'header',
      weight: 0.2,
      source: '[L] A scanner’s SYN is hand-made: its kernel’s reset has another TTL (nmap).',
      when: (c) => inFlow(c) && !c.f.measureSteady && answersProbe(c),
      at: base,
      text: (t) =>
        `${own(t)}, the SYN has TTL ${t.f.baseTtl}: scanners make their SYN by hand, and the host answers with its own TTL.`,
    },
    {
      code: 'one-hop-nearer',
      family: 'header',
      weight: 2.0,
      distance: true,
      source:
        '[P] 0 of 1,396 against a steady base; routes flap by one where several paths are used: 0.4 %, devices 40 % [prior].',
      when: (c) => inFlow(c) && c.f.hopDifference === -1 && c.f.measureSteady,
      at: base,
      text: nearerText,
    },
    {
      code: 'one-hop-nearer-elsewhere',
      family: 'header',
      weight: 2.1,
      decisive: true,
      distance: true,
      source:
        '[prior] A machine that forwards some ports to containers or hosts behind it refuses the others one hop nearer: 0.5 %.',
      when: ({ f }) => f.measuredIn === 'elsewhere' && f.hopDifference === -1 && f.measureSteady,
      text: elsewhereText,
    },
    {
      code: 'one-hop-nearer-thin-base',
      family: 'header',
      weight: 0.8,
      distance: true,
      source: '[prior] As one-hop-nearer, where the base itself flaps or is thin.',
      when: ({ f }) => f.hopDifference === -1,
      at: base,
      text: (t) =>
        `${own(t)}; the ${t.sender} shows ${ttlText(baseTtl(t))}, but too few or changing packets to be sure of it.`,
    },
    {
      code: 'hops-differ',
      family: 'header',
      weight: 2.7,
      distance: true,
      source:
        '[P] 0 of 1,396 against a steady base in the same flow; 0.1 % assumed, [prior] 60 % for devices. Asks for a second observation: gateways that write TTLs anew exist.',
      when: (c) => inFlow(c) && c.f.hopDifference < 0 && c.f.measureSteady,
      at: base,
      text: nearerText,
    },
    {
      code: 'hops-differ-thin-base',
      family: 'header',
      weight: 1.8,
      distance: true,
      source: '[prior] As hops-differ, with one or two packets to hold it against.',
      when: (c) => inFlow(c) && c.f.hopDifference < 0,
      at: base,
      text: nearerText,
    },
    {
      code: 'hops-differ-elsewhere',
      family: 'header',
      weight: 2.0,
      decisive: true,
      distance: true,
      source:
        '[prior] Nothing in the flow, but the address is steady elsewhere. Port forwarding explains some: 0.5 %.',
      when: ({ f }) => f.hopDifference < 0 && f.measureSteady,
      text: elsewhereText,
    },
    {
      code: 'hops-differ-thin-elsewhere',
      family: 'header',
      weight: 1.2,
      distance: true,
      source: '[prior] As hops-differ-elsewhere, where the address is not steady.',
      when: ({ f }) => f.hopDifference < 0,
      text: elsewhereText,
    },
    {
      code: 'farther-and-later',
      family: 'header',
      weight: 0.4,
      source:
        '[prior] Farther than the host it claims, and later than that one answers: a device on the way is nearer and sooner. Several hosts of one address (anycast, equal routes) show it among 0.2 % of hosts’ resets, devices that choose a TTL and take their time among 0.5 %.',
      when: ({ f }) => f.otherHost === 'likely',
      at: base,
      text: (t) =>
        `${own(t)}, and came ${delayText(t.f.time - t.w.time[t.f.lastAt[t.f.receiver]])} after the packet before it; the ${t.sender} made the handshake with ${ttlText(baseTtl(t))}, in ${delayText(t.f.rtt)}. Farther away and later than the ${t.sender}: another host of the same address sent it, and no device before it.`,
    },
    {
      code: 'farther-and-as-slow',
      family: 'header',
      weight: 0.4,
      source:
        '[prior] As farther-and-later, but no later than the host of the handshake: a device that chooses a TTL and keeps the data is as likely.',
      when: ({ f }) => f.otherHost === 'maybe',
      at: base,
      text: (t) =>
        `${fartherText(t)} It answers data of which the ${t.sender} of the handshake never shows that it came: another host of the same address may have got it.`,
    },
    {
      code: 'refused-from-farther',
      family: 'header',
      weight: -0.1,
      source:
        '[prior] A device before the host refuses from nearer: from farther refuses another host of the address (replicas, anycast), or a route changed.',
      when: ({ f }) => f.family === 'syn-reply' && f.hopDifference > 0,
      at: base,
      text: (t) =>
        `${own(t)}; the ${t.sender}'s packets have ${ttlText(baseTtl(t))}. A device before it would refuse from nearer: another host of this address may have refused, or the route changed.`,
    },
    {
      code: 'hops-farther',
      family: 'header',
      weight: 2.0,
      distance: true,
      source:
        '[prior] Farther than the host it claims: no device on the way can be; injectors with a TTL of their own can.',
      when: (c) => inFlow(c) && c.f.hopDifference > 1 && c.f.measureSteady,
      at: base,
      text: fartherText,
    },
    {
      code: 'one-hop-farther',
      family: 'header',
      weight: 0.6,
      distance: true,
      source: '[prior] Routes change by a hop, and a thin base or other flows show no more than that.',
      when: ({ f }) => f.hopDifference > 0,
      at: base,
      text: fartherText,
    },
  ),
  alone({
    code: 'answered-nearer',
    family: 'header',
    weight: -0.1,
    source:
      '[prior] The whole connection has this TTL, though the address is farther away in others: who answered it also reset it.',
    when: ({ f }) => f.answeredNearer > 0,
    at: base,
    text: ({ f, sender }) =>
      `This whole connection has TTL ${f.ttl}, ${hopsText(f.answeredNearer)} nearer than the ${sender}'s other connections: a proxy, load balancer or forwarding machine answers for it.`,
  }),
  alone({
    code: 'refusal-unmeasured',
    family: 'header',
    weight: 0.35,
    source:
      '[L] Nothing else was seen of who refuses: closed ports are as common as firewalls before hosts. 18 % devices; 20 % [prior].',
    when: ({ f }) => f.measuredIn === 'nothing' && f.family === 'syn-reply' && f.otherRefusals === 0,
    at: theReset,
    text: ({ sender }) =>
      `No other packet of the ${sender} shows how far away it is: a firewall before it may have refused as well.`,
  }),
  firstOfGiven(
    ({ f }) => f.otherRefusals > 0,
    {
      code: 'refused-nearer-and-sooner',
      family: 'header',
      weight: 2.3,
      decisive: true,
      distance: true,
      source:
        '[prior] The address refuses from two distances, and the nearer ones come in a fraction of the time: they were made in front of what refuses farther away. A router that owns the address and forwards some of its ports does so, seldom two hops and thrice the time apart: 0.3 %.',
      when: (c) => refusedNearer(c) && refusedSooner(c),
      at: theReset,
      text: (t) =>
        `${twoRefusalsText(t)}. Two emitters: what answers from nearer and sooner stands in front of the ${t.sender}.`,
    },
    {
      code: 'refused-nearer',
      family: 'header',
      weight: 0.7,
      distance: true,
      source:
        '[prior] As refused-nearer-and-sooner by the distance alone, or by one hop: ports that are forwarded.',
      when: ({ f }) => hopDifference(f.ttl, f.otherRefusalTtl) < 0,
      at: theReset,
      text: (t) =>
        `${twoRefusalsText(t)}: two emitters, of which the nearer one may stand in front of the ${t.sender}.`,
    },
    {
      code: 'refused-farther-and-later',
      family: 'header',
      weight: -0.9,
      source:
        '[prior] The counterpart of refused-nearer-and-sooner: of two emitters the farther is the host.',
      when: ({ f }) => f.causalDelay > f.otherRefusalSlowest && f.otherRefusalSlowest >= 0,
      at: theReset,
      text: (t) =>
        `${twoRefusalsText(t)}. Two emitters: the farther and later one is the ${t.sender}, or stands nearer to it.`,
    },
  ),
  // Nothing to compare with, but a host of another network should be a router away.
  firstOfGiven(
    ({ f }) =>
      f.measuredIn === 'nothing' && hopsOf(f.ttl) === 0 && f.peerTtl !== 0 && hopsOf(f.peerTtl) === 0,
    {
      code: 'no-hop-to-public-address',
      family: 'header',
      weight: 1.8,
      distance: true,
      source: '[prior] No router passed, though the address is of another public network.',
      when: ({ f, view }) => networksOf(view, f.flow, f.sender) === 'public',
      text: otherNetworkText,
    },
    {
      code: 'no-hop-to-other-network',
      family: 'header',
      weight: 0.4,
      distance: true,
      source: '[prior] As no-hop-to-public-address, by private addresses, where it is common.',
      when: ({ f, view }) => networksOf(view, f.flow, f.sender) === 'private',
      text: otherNetworkText,
    },
  ),
];

/** Two emitters, the farther of which takes so many times, and so much, longer. */
const SOONER = 3;
const SOONER_BY_NS = 1_000_000;
/** Routers that own an address and forward some of its ports are a hop before what they forward to. */
const CLEARLY_NEARER = 2;

function refusedNearer({ f }: EvidenceContext): boolean {
  return hopDifference(f.ttl, f.otherRefusalTtl) <= -CLEARLY_NEARER;
}

function refusedSooner({ f }: EvidenceContext): boolean {
  const { causalDelay: delay, otherRefusalFastest: other } = f;
  return delay >= 0 && other >= SOONER * delay && other - delay >= SOONER_BY_NS;
}

function twoRefusalsText({ f, sender }: Telling): string {
  const when = f.causalDelay < 0 ? '' : `, after ${delayText(f.causalDelay)}`;
  const then = f.otherRefusalFastest < 0 ? '' : `, after ${delayText(f.otherRefusalFastest)} at the least`;
  const others =
    f.otherRefusals === 1 ? 'one of its other refusals' : `${f.otherRefusals} of its other refusals`;
  return `The ${sender}'s address refuses from two distances: here with ${ttlText(f.ttl)}${when}; ${others} with ${ttlText(f.otherRefusalTtl)}${then}`;
}

/**
 * A host's own resets may stand among forged ones: only one with a strange TTL is part of them. Where nothing shows which one
 * is strange, those that answer a segment may be the host's.
 */
function mayBeOwn(f: EvidenceContext['f']): boolean {
  if (f.baseTtl === f.ttl || f.addressTtl === f.ttl || f.baseTtls > 1) return true;
  const isMeasured = f.basePackets > 0 || f.addressFlows > 0;
  return !isMeasured && f.family === 'reply' && f.triggerAt >= 0;
}

/** The sender showed nothing but a SYN, and its reset answers the SYN-ACK to it: how scanners probe. */
function answersProbe({ f, w }: EvidenceContext): boolean {
  if (f.family !== 'reply' || f.sender !== 0 || f.established || f.triggerAt < 0) return false;
  return f.basePackets <= 2 && (w.flags[f.triggerAt] & TCP_SYN) !== 0;
}
