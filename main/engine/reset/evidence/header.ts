/** Evidence from the reset's IP and TCP header against its sender's habits. */
import { OPT_TIMESTAMPS } from '../../decode/facts.ts';
import { SEEN_SYN, SEEN_SYN_ACK, SEEN_TIMESTAMPS } from '../../flow/record.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import { FLAG_DF } from '../../store/packet-columns.ts';
import { TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import { DISTANCE_UNKNOWN, hopsOf } from '../observe/hops.ts';
import { networksOf } from '../observe/networks.ts';
import { ODD_FLAGS } from '../observe/sequence.ts';
import { isLinuxSender } from '../observe/stacks.ts';
import type { CaptureView } from '../observe/view.ts';
import type { EvidenceList } from './evidence-list.ts';

/** Packets with one TTL that make a base steady. */
const STEADY_PACKETS = 3;
/** Largest step of a counter that continues it. */
const CONTINUES = 64;
/** Packets that show a habit of Don't Fragment. */
const DF_PACKETS = 3;
/** DSCP bits of the TOS octet: routers rewrite the two ECN bits. */
const DSCP = 0xfc;

export function headerEvidence(
  view: CaptureView,
  w: FlowWindow,
  f: ResetFacts,
  list: EvidenceList,
  tsValue: number,
): void {
  ttlEvidence(view, w, f, list);
  ipIdEvidence(f, list);
  windowEvidence(w, f, list);
  windowUnlike(w, f, list);
  timestampEvidence(w, f, list, tsValue);
  if ((f.tcpFlags & ODD_FLAGS) !== 0) list.add('odd-flags', f.at);
  dfEvidence(w, f, list);
  if (!f.ipv6 && f.triggerAt >= 0 && f.family !== 'active') {
    const asked = w.tos[f.triggerAt] & DSCP;
    if (asked !== 0 && (f.tos & DSCP) === asked) list.add('tos-copied', f.triggerAt);
  }
  if (f.macStable) {
    if (f.macDiffers && f.senderPackets >= STEADY_PACKETS) list.add('mac-differs', f.at, f.baseAt);
    else if (!f.macDiffers) list.add('mac-same', f.baseAt);
  }
}

function ttlEvidence(view: CaptureView, w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  const own = f.baseTtl === f.ttl || f.addressTtl === f.ttl;
  // A host's own resets may stand among forged ones: only one with a strange TTL is part of them. Where nothing shows
  // which one is strange, those that answer a segment may be the host's.
  const measured = f.basePackets > 0 || f.addressFlows > 0;
  const mayBeOwn = own || f.baseTtls > 1 || (!measured && f.family === 'reply' && f.triggerAt >= 0);
  if (f.burstTtls > 1 && !mayBeOwn) list.add('ttl-varies', f.burstOtherAt);
  if (f.basePackets === 0 || f.baseDifference === DISTANCE_UNKNOWN) {
    addressTtlEvidence(view, f, list);
    return;
  }
  // A few packets here and more of the same elsewhere are as good as many here.
  const packetsInAll = f.addressTtls === 1 ? Math.max(f.basePackets, f.addressPackets) : f.basePackets;
  const isHabit = f.addressSteady && f.addressTtl === f.baseTtl;
  const steady = f.baseTtls === 1 && (packetsInAll >= STEADY_PACKETS || isHabit);
  const d = f.baseDifference;
  if (f.baseTtl === f.ttl) {
    list.add(f.frontEnd ? 'front-end-stack' : 'same-ttl', f.baseAt);
    if (f.answeredNearer > 0) list.add('answered-nearer', f.baseAt);
  } else if ((d === 0 || f.addressTtl === f.ttl) && steady && f.family === 'active') {
    list.add('abort-of-other-stack', f.baseAt);
  } else if (f.addressTtl === f.ttl) {
    list.add('known-stack-elsewhere');
  } else if (d === 0) {
    list.add('other-stack-same-distance', f.baseAt);
  } else if (!steady && answersProbe(w, f)) {
    list.add('scan-syn-differs', f.baseAt);
  } else if (d === -1) {
    list.add(steady ? 'one-hop-nearer' : 'one-hop-nearer-thin-base', f.baseAt);
  } else if (d === 1) {
    list.add('one-hop-farther', f.baseAt);
  } else if (d < 0) {
    list.add(steady ? 'hops-differ' : 'hops-differ-thin-base', f.baseAt);
  } else {
    list.add(steady ? 'hops-farther' : 'one-hop-farther', f.baseAt);
  }
}

/** The sender showed nothing but a SYN, and its reset answers the SYN-ACK to it: how scanners probe. */
function answersProbe(w: FlowWindow, f: ResetFacts): boolean {
  if (f.family !== 'reply' || f.sender !== 0 || f.established || f.triggerAt < 0) return false;
  return f.basePackets <= 2 && (w.flags[f.triggerAt] & TCP_SYN) !== 0;
}

/** Nothing of the sender in this flow: its other flows have to do. */
function addressTtlEvidence(view: CaptureView, f: ResetFacts, list: EvidenceList): void {
  if (f.addressFlows === 0 || f.addressDifference === DISTANCE_UNKNOWN) {
    if (f.family === 'syn-reply') list.add('refusal-unmeasured', f.at);
    // Nothing to compare with, but a host of another network should be a router away.
    if (hopsOf(f.ttl) === 0 && f.peerTtl !== 0 && hopsOf(f.peerTtl) === 0) {
      const relation = networksOf(view, f.flow, f.sender);
      if (relation === 'public') list.add('no-hop-to-public-address');
      else if (relation === 'private') list.add('no-hop-to-other-network');
    }
    return;
  }
  const steady = f.addressSteady;
  const d = f.addressDifference;
  if (f.addressTtl === f.ttl) list.add('same-ttl-elsewhere');
  else if (d === 0) list.add('other-stack-same-distance');
  else if (d === -1) list.add(steady ? 'one-hop-nearer-elsewhere' : 'one-hop-nearer-thin-base');
  else if (d === 1) list.add('one-hop-farther');
  else if (d < 0) list.add(steady ? 'hops-differ-elsewhere' : 'hops-differ-thin-elsewhere');
  else list.add('one-hop-farther');
}

function ipIdEvidence(f: ResetFacts, list: EvidenceList): void {
  if (f.ipv6) return;
  if (f.copiedIpIdAt >= 0) list.add('ip-id-copied', f.copiedIpIdAt);
  const linux = isLinuxSender(f);
  if (linux && !f.hasAck && f.ipId !== 0) list.add('ip-id-in-linux-answer', f.at);
  if (f.lastIpId < 0 || f.copy) return;
  const step = (f.ipId - f.lastIpId) & 0xffff;
  const before = f.lastAt[f.sender];
  if (f.ipIdHabit === 'counter') {
    if (f.ipId !== 0 && step > 0 && step <= CONTINUES) list.add('ip-id-continues', before);
    // Older resets of the flow may have used up numbers, answers use another counter or none, and a front end does not
    // count on from the host behind it.
    else if (f.family === 'active' && f.resetsBefore[f.sender] === 0 && !f.frontEnd)
      list.add(linux ? 'ip-id-jump-of-linux' : 'ip-id-jump', before);
  }
}

function windowEvidence(w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  if (f.window === 0) return;
  const other = newestWindow(w, f.receiver, f.at, true);
  const own = newestWindow(w, f.sender, f.at, f.family !== 'active');
  // Windows of both sides start alike, and grow: the sender's own has to be known and unlike.
  const unlike = own < 0 ? f.family !== 'active' : f.window < own / 2 || f.window > 2 * own;
  if (f.window === other && unlike) {
    list.add('window-copied', f.lastAt[f.receiver]);
  } else if (!f.hasAck) {
    list.add(isLinuxSender(f) ? 'window-in-linux-answer' : 'window-in-bare-reset', f.at);
  } else if (f.window === own && f.window !== other) {
    list.add('window-kept', f.lastAt[f.sender]);
  }
}

/** Windows grow while a connection is young, and shrink while data waits; beyond this they were not Linux' own. */
function windowUnlike(w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  const last = f.lastAt[f.sender];
  if (f.family !== 'active' || !isLinuxSender(f)) return;
  if (last < 0 || (w.flags[last] & TCP_SYN) !== 0) return;
  const own = f.senderWindow;
  if (own > 0 && (f.window < own / 2 || f.window > 3 * own + 64)) list.add('window-unlike', last);
}

/** Window of the newest segment of a side, −1 without one; windows in SYNs are not scaled and seldom compare. */
function newestWindow(w: FlowWindow, side: number, at: number, withSyn: boolean): number {
  for (let i = at - 1; i >= w.first; i--) {
    if (w.from[i] !== side || (w.flags[i] & TCP_RST) !== 0) continue;
    if (withSyn || (w.flags[i] & TCP_SYN) === 0) return w.window[i];
  }
  return -1;
}

/**
 * The clock of the option (RFC 7323 §5.4) runs at 1 Hz to 1 kHz, in newer Linux also at 1 MHz. A value continues when
 * it lies between the newest one and what the fastest clock could have reached.
 */
function timestampEvidence(w: FlowWindow, f: ResetFacts, list: EvidenceList, tsValue: number): void {
  if ((f.senderSeen & SEEN_TIMESTAMPS) === 0) return;
  if ((f.options & OPT_TIMESTAMPS) !== 0) {
    const elapsedNs = f.senderSilence < 0 ? 0 : f.senderSilence;
    const ahead = (tsValue - f.senderTs) | 0;
    const fastest = (elapsedNs / 1e3) * 1.1 + 1.1e6;
    const continues = ahead >= 0 && ahead <= Math.min(fastest, 0x7fff_ffff);
    list.add(continues ? 'timestamp-continues' : 'timestamp-jumps', f.lastAt[f.sender]);
    return;
  }
  const base = f.synAckAt >= 0 && w.from[f.synAckAt] === f.sender ? f.synAckAt : f.synAt;
  const sawSyn = (f.senderSeen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 && base >= 0 && w.from[base] === f.sender;
  // Offered by one side alone it is not in use.
  if ((f.receiverSeen & SEEN_TIMESTAMPS) === 0) return;
  if (f.family !== 'active' || !sawSyn || (w.flags[base] & TCP_SYN) === 0) return;
  if (isLinuxSender(f)) list.add('timestamp-missing', base);
}

function dfEvidence(w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  if (f.ipv6 || f.df) return;
  let packets = 0;
  for (let i = f.at - 1; i >= w.first && packets < 2 * DF_PACKETS; i--) {
    if (w.from[i] !== f.sender || (w.flags[i] & TCP_RST) !== 0) continue;
    if ((w.flags[i] & FLAG_DF) === 0) return;
    packets++;
  }
  if (packets >= DF_PACKETS) list.add('df-differs', f.lastAt[f.sender]);
}
