/** Holds the reset's header against what its claimed sender sends otherwise: in this flow, then in all its flows. */
import { TCP_ACK, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import { FLOW_BITS, FLOW_MAC_CHANGED_0, FLOW_MAC_CHANGED_1, MAC_HIGH, MAC_LOW } from '../../flow/record.ts';
import { RST_MAC_HIGH, RST_MAC_LOW } from '../../store/reset-log.ts';
import { observeCopied } from './copied.ts';
import type { AddressProfile, EmitterTable } from './emitters.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';
import { DISTANCE_UNKNOWN, hopDifference } from './hops.ts';
import { isLinuxSyn } from './stacks.ts';
import type { CaptureView } from './view.ts';

/** Differences of successive IP-IDs up to this belong to one counter of the flow (segmentation offload adds a few). */
const COUNTER_STEP = 64;
/** Steps from one packet to the next that show a counter. */
const ENOUGH_STEPS = 2;
/** Packets from which the habit is learned. */
const HABIT_PACKETS = 32;
/** Packets with one TTL that make a base steady. */
const STEADY_PACKETS = 3;
/** Flows with one TTL that make an address steady; and where some show another one. */
const STEADY_FLOWS = 3;
const MANY_FLOWS = 20;
/** Two emitters of one address differ by so many hops, and the farther one takes so many times, and so much, longer. */
const CLEARLY_NEARER = 2;
const SOONER = 3;
const SOONER_BY_NS = 2_000_000;

export function observeHeader(view: CaptureView, emitters: EmitterTable, w: FlowWindow, f: ResetFacts): void {
  observeFlowTtls(w, f);
  observeAddressTtls(emitters, f);
  chooseMeasure(f);
  observeRefusals(emitters, f);
  observeIpId(w, f);
  observeCopied(w, f);
  observeMac(view, f);
}

function closer(difference: number, than: number): boolean {
  return Math.abs(difference) < Math.abs(than);
}

function observeFlowTtls(w: FlowWindow, f: ResetFacts): void {
  let firstTtl = 0;
  let sameInData = false;
  let farData = false;
  for (let i = w.first; i < w.end; i++) {
    if (w.from[i] === f.receiver && (w.flags[i] & TCP_RST) === 0) {
      f.peerTtl = w.ttl[i];
      if (!w.isDuplicate(i)) f.receiverPackets++;
      continue;
    }
    // Copies made behind a router have a hop less; the reset, too, is judged by its first capture.
    if (w.from[i] !== f.sender || (w.flags[i] & TCP_RST) !== 0 || w.isDuplicate(i)) continue;
    const ttl = w.ttl[i];
    f.senderPackets++;
    f.basePackets++;
    if (firstTtl === 0) {
      firstTtl = ttl;
      f.baseTtls = 1;
    } else if (ttl !== firstTtl) {
      f.baseTtls = 2;
    }
    if ((w.flags[i] & TCP_SYN) !== 0 && ttl === f.ttl) f.answeredHandshake = true;
    const difference = hopDifference(f.ttl, ttl);
    const data = w.payload[i] > 0;
    if (data && ttl === f.ttl) sameInData = true;
    // Data from another stack or another place; a difference of one hop is a route that changed.
    const elsewhere = ttl !== f.ttl && (difference === 0 || Math.abs(difference) >= 2);
    if (data && difference !== DISTANCE_UNKNOWN && elsewhere) farData = true;
    const exact = ttl === f.ttl && f.baseTtl !== f.ttl;
    if (f.baseAt < 0 || closer(difference, f.baseDifference) || exact) {
      f.baseAt = i;
      f.baseTtl = ttl;
      f.baseDifference = difference;
    }
  }
  f.frontEnd = f.baseTtl === f.ttl && f.baseAt >= 0 && !sameInData && farData;
}

function observeAddressTtls(emitters: EmitterTable, f: ResetFacts): void {
  const profile = emitters.profile(f.flow, f.sender);
  f.addressFlows = profile.flows;
  f.addressPackets = profile.packets;
  f.addressTtls = profile.ttlCount;
  f.answeredNearer = answeredNearer(f, profile);
  let nearest = -1;
  for (let i = 0; i < profile.ttlCount; i++) {
    const difference = hopDifference(f.ttl, profile.ttls[i]);
    const exact = profile.ttls[i] === f.ttl;
    // Where two stacks are at the same distance, the usual one is the measure.
    const usual =
      nearest >= 0 &&
      Math.abs(difference) === Math.abs(f.addressDifference) &&
      profile.ttlFlows[i] > profile.ttlFlows[nearest];
    if (nearest < 0 || closer(difference, f.addressDifference) || usual || exact) {
      nearest = i;
      f.addressTtl = profile.ttls[i];
      f.addressDifference = difference;
      f.addressSteady = isSteady(profile, i);
      if (exact) {
        f.nearerEmitter = f.baseTtl !== f.ttl && isNearerEmitter(f, profile, i);
        return;
      }
    }
  }
}

/** The sender's packets in this flow are the measure of the reset's distance; where there are none, those in its other flows. */
function chooseMeasure(f: ResetFacts): void {
  if (f.basePackets > 0 && f.baseDifference !== DISTANCE_UNKNOWN) {
    f.measuredIn = 'flow';
    f.hopDifference = f.baseDifference;
    // A few packets here and more of the same elsewhere are as good as many here.
    const packetsInAll = f.addressTtls === 1 ? Math.max(f.basePackets, f.addressPackets) : f.basePackets;
    const isHabit = f.addressSteady && f.addressTtl === f.baseTtl;
    f.measureSteady = f.baseTtls === 1 && (packetsInAll >= STEADY_PACKETS || isHabit);
  } else if (f.addressFlows > 0 && f.addressDifference !== DISTANCE_UNKNOWN) {
    f.measuredIn = 'elsewhere';
    f.hopDifference = f.addressDifference;
    f.measureSteady = f.addressSteady;
  }
}

/**
 * Where the sender shows nothing but refusals, those from another distance are another emitter's. Of two the nearer and faster one
 * stands in front of the other: the host cannot answer before what it answers has passed what stands before it.
 */
function observeRefusals(emitters: EmitterTable, f: ResetFacts): void {
  if (f.measuredIn !== 'nothing' || f.packetsBefore[f.sender] > 0) return;
  for (const { ttl, count, fastest, slowest } of emitters.refusals(f.flow, f.sender)) {
    const difference = hopDifference(f.ttl, ttl);
    if (difference === 0 || difference === DISTANCE_UNKNOWN || count <= f.otherRefusals) continue;
    f.otherRefusals = count;
    f.otherRefusalTtl = ttl;
    f.otherRefusalFastest = slowest < 0 ? -1 : fastest;
    f.otherRefusalSlowest = slowest;
  }
}

/**
 * Whether the address answers some flows from nearer and sooner, with the reset's TTL, than its others: a proxy or firewall stands
 * in front of it, and that this TTL is known proves nothing of the host.
 */
function isNearerEmitter(f: ResetFacts, profile: AddressProfile, own: number): boolean {
  const ownTrip = profile.ttlRoundTrips[own];
  if (ownTrip < 0) return false;
  for (let i = 0; i < profile.ttlCount; i++) {
    const difference = hopDifference(f.ttl, profile.ttls[i]);
    if (i === own || difference === DISTANCE_UNKNOWN || difference > -CLEARLY_NEARER) continue;
    if (profile.ttlRoundTrips[i] >= SOONER * ownTrip && profile.ttlRoundTrips[i] >= ownTrip + SOONER_BY_NS)
      return true;
  }
  return false;
}

/** Hops that this flow's only TTL is nearer than the one that most flows of the address show. */
function answeredNearer(f: ResetFacts, profile: AddressProfile): number {
  if (!f.answeredHandshake || f.baseTtls !== 1 || f.baseTtl !== f.ttl) return 0;
  let usual = -1;
  let own = 0;
  for (let i = 0; i < profile.ttlCount; i++) {
    if (profile.ttls[i] === f.ttl) own = profile.ttlFlows[i];
    else if (usual < 0 || profile.ttlFlows[i] > profile.ttlFlows[usual]) usual = i;
  }
  if (usual < 0 || profile.ttlFlows[usual] < STEADY_FLOWS || profile.ttlFlows[usual] < 2 * own) return 0;
  const difference = hopDifference(f.ttl, profile.ttls[usual]);
  return difference === DISTANCE_UNKNOWN || difference >= 0 ? 0 : -difference;
}

/** One TTL in all flows; or in 19 of 20, where they are many: some programs set a TTL of their own. */
function isSteady(profile: AddressProfile, ttl: number): boolean {
  const own = profile.ttlFlows[ttl];
  if (profile.ttlCount === 1) return own >= STEADY_FLOWS;
  return own >= MANY_FLOWS && own >= 0.95 * profile.flows;
}

function observeIpId(w: FlowWindow, f: ResetFacts): void {
  if (f.ipv6) return;
  let newer = -1;
  let packets = 0;
  let zeros = 0;
  let largest = 0;
  let repeats = 0;
  let steps = 0;
  for (let i = f.at - 1; i >= w.first && packets < HABIT_PACKETS; i--) {
    // A SYN-ACK has an ID of its own on Linux; a SYN takes part in the counter.
    const apart = (w.flags[i] & TCP_RST) !== 0 || (w.flags[i] & (TCP_SYN | TCP_ACK)) === (TCP_SYN | TCP_ACK);
    if (w.from[i] !== f.sender || w.isDuplicate(i) || apart) continue;
    const id = w.ipId[i];
    packets++;
    if (f.lastIpId < 0) f.lastIpId = id;
    if (id === 0) zeros++;
    if (newer >= 0) {
      const step = (newer - id) & 0xffff;
      steps++;
      if (step === 0) repeats++;
      largest = Math.max(largest, step);
    }
    newer = id;
  }
  // Linux counts the packets of each socket from its first one on; other stacks have to show that they count.
  const shows = steps >= (isLinuxSyn(f.senderSyn) ? 0 : ENOUGH_STEPS);
  const varies = zeros < packets && (steps === 0 || repeats < steps);
  f.countsIpIds = packets > 0 && shows && varies && largest <= COUNTER_STEP;
}

function observeMac(view: CaptureView, f: ResetFacts): void {
  const { flows } = view;
  const changed = f.sender === 0 ? FLOW_MAC_CHANGED_0 : FLOW_MAC_CHANGED_1;
  const high = flows.directionWord(f.flow, f.sender, MAC_HIGH);
  const low = flows.directionWord(f.flow, f.sender, MAC_LOW);
  const resetHigh = view.resets.get(f.reset, RST_MAC_HIGH);
  f.macStable = high !== -1 && resetHigh !== -1 && (flows.word(f.flow, FLOW_BITS) & changed) === 0;
  f.macDiffers = f.macStable && (high !== resetHigh || low !== view.resets.get(f.reset, RST_MAC_LOW));
}
