/**
 * A failure as it is kept: with the names of its flow, so that it outlives that, and with the frames of its packets. Its texts are kept as
 * one flat text: as objects, made of hundreds of joined pieces, they would take ten times the memory.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FailureAccount, FailureRow } from '../../../shared/model/failure.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { META, PORTS, isTcp } from '../flow/record.ts';
import type { FoundFailure } from './found.ts';
import type { EndingView } from './view.ts';

/** A failure while it is at hand. */
export interface ToldFailure {
  readonly account: FailureAccount;
  readonly packet: PacketNumber;
  readonly clientAddress: string;
  readonly isScan: boolean;
}

export interface KeptFailure {
  readonly id: number;
  readonly timeNs: number;
  readonly matters: boolean;
  readonly packet: PacketNumber;
  /** Of its group. */
  readonly group: string;
  /** FailureAccount as JSON. */
  readonly json: string;
}

export function told(view: EndingView, flow: FlowRecord, failure: FoundFailure): ToldFailure {
  const { packets, flows } = view;
  const clientAddress = view.addressText(flow, 0);
  const ports = flows.word(flow, PORTS);
  const row: FailureRow = {
    id: flows.id(flow),
    file: packets.file(failure.packet),
    frame: packets.frame(failure.packet),
    timeNs: packets.time(failure.packet),
    protocol: isTcp(flows.word(flow, META)) ? 'tcp' : 'udp',
    client: endpointText(clientAddress, ports >>> 16),
    server: endpointText(view.addressText(flow, 1), ports & 0xffff),
    serverName: view.serverName(flow),
    kind: failure.kind,
    side: failure.side,
    tries: failure.tries,
    seconds: failure.seconds,
    recovered: failure.recovered,
    matters: failure.matters,
    confidence: failure.confidence,
    summary: failure.summary,
    next: failure.next,
  };
  const evidence = failure.evidence.map((one) => ({
    ...one,
    frames: one.packets.map((packet) => packets.frame(packet as PacketNumber)),
  }));
  return { account: { row, evidence }, packet: failure.packet, clientAddress, isScan: failure.isScan };
}

/** What the failures of a group share. All that one scanner found is one thing. */
export function groupOf({ account: { row }, clientAddress, isScan }: ToldFailure): string {
  const target = isScan ? `scan ${clientAddress}` : row.server;
  return `${row.kind} ${row.side} ${row.recovered} ${row.matters} ${target}`;
}

export function kept(failure: ToldFailure): KeptFailure {
  const { row } = failure.account;
  const { id, timeNs, matters } = row;
  return {
    id,
    timeNs,
    matters,
    packet: failure.packet,
    group: groupOf(failure),
    json: JSON.stringify(failure.account),
  };
}

export function accountOf({ json }: KeptFailure): FailureAccount {
  return JSON.parse(json) as FailureAccount;
}
