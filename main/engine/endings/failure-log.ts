/** A failure as it is kept: with the names of its flow, so that it outlives that, and with the frames of its packets. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FailureAccount, FailureRow } from '../../../shared/model/failure.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { META, PORTS, isTcp } from '../flow/record.ts';
import type { FoundFailure } from './found.ts';
import type { EndingView } from './view.ts';

export interface KeptFailure {
  readonly account: FailureAccount;
  readonly packet: PacketNumber;
  readonly clientAddress: string;
  readonly isScan: boolean;
}

export function keptFailure(view: EndingView, flow: FlowRecord, failure: FoundFailure): KeptFailure {
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
  return {
    account: {
      row,
      evidence: failure.evidence.map((one) => ({
        ...one,
        frames: one.packets.map((packet) => packets.frame(packet as PacketNumber)),
      })),
    },
    packet: failure.packet,
    clientAddress,
    isScan: failure.isScan,
  };
}
