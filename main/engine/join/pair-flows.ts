/** Finds the flows of two vantages that are one connection. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { MatchClass } from '../../../shared/model/join.ts';
import { BASE_SEQ, META, SEEN, SEEN_SYN, SEEN_SYN_ACK, TIMELINE, isTcp } from '../flow/record.ts';
import type { JoinStores } from './stores.ts';

/** One connection at two vantages, `first` at the one with the lower timeline. */
export interface FlowPair {
  readonly first: FlowRecord;
  readonly second: FlowRecord;
  readonly class: MatchClass;
  readonly isSwapped: boolean;
  /** Of the first flow's client and server: what is added to their numbers at the second. */
  readonly seqShift: readonly [number, number];
}

const AS_THEY_ARE = [0, 0] as const;

/** Pairs of flows by the initial sequence numbers of both sides: 64 bits that routers and translators leave alone. */
export function pairFlows({ flows }: JoinStores, first: number, second: number): FlowPair[] {
  const known = new Map<number, Map<number, FlowRecord>>();
  const pairs: FlowPair[] = [];
  const each = (
    timeline: number,
    visit: (flow: FlowRecord, client: number, server: number) => void,
  ): void => {
    for (const record of flows.liveRecords()) {
      const flow = record as FlowRecord;
      if (flows.word(flow, TIMELINE) !== timeline || !isTcp(flows.word(flow, META))) continue;
      const hasSyn = (flows.directionWord(flow, 0, SEEN) & SEEN_SYN) !== 0;
      const hasSynAck = (flows.directionWord(flow, 1, SEEN) & SEEN_SYN_ACK) !== 0;
      if (!hasSyn || !hasSynAck) continue;
      visit(flow, flows.directionWord(flow, 0, BASE_SEQ), flows.directionWord(flow, 1, BASE_SEQ));
    }
  };
  each(first, (flow, client, server) => {
    let ofClient = known.get(client);
    if (ofClient === undefined) known.set(client, (ofClient = new Map()));
    ofClient.set(server, flow);
  });
  each(second, (flow, client, server) => {
    const found = known.get(client)?.get(server);
    if (found === undefined) return;
    pairs.push({ first: found, second: flow, class: 'same', isSwapped: false, seqShift: AS_THEY_ARE });
  });
  return pairs;
}
