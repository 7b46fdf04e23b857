/** Fields that all packets of a flow have with the same values: what its record, its names and its ending say. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FieldValue } from '../../../shared/fields/field.ts';
import { addressText } from '../../../shared/format/address.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import {
  FIRST_TIME,
  HANDSHAKE_RTT,
  LAST_RESET,
  LAST_TIME,
  META,
  PACKETS,
  PAYLOAD_BYTES,
  PORTS,
  RESETS,
  RETRANSMISSIONS,
  ipVersionOf,
  isTcp,
} from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import { RST_PREVIOUS_RESET } from '../store/reset-log.ts';
import type { SelectStores } from './stores.ts';

type Values = readonly FieldValue[];
type Read = (stores: SelectStores, flow: FlowRecord) => Values;

const NONE: Values = [];
const NS_PER_SECOND = 1e9;
const IPV4_BYTES = 4;
const IPV6_WORDS = 4;

/** The layer itself: it is there, and has no bytes. */
const LAYER: Values = [new Uint8Array(0)];

/** Of texts, those that say something. */
function text(value: string): Values {
  return value === '' ? NONE : [value];
}

export function portOf({ flows }: Pick<SelectStores, 'flows'>, flow: FlowRecord, side: 0 | 1): number {
  const ports = flows.word(flow, PORTS);
  return side === 0 ? ports >>> 16 : ports & 0xffff;
}

/** The address of one side as it is in packets; undefined where the flow is of the other version. */
export function addressOf(
  { flows }: Pick<SelectStores, 'flows'>,
  flow: FlowRecord,
  side: 0 | 1,
  version: 4 | 6,
): Uint8Array | undefined {
  if (ipVersionOf(flows.word(flow, META)) !== version) return undefined;
  const words = flows.addressWords(flow);
  const from = flows.addressAt(flow, side);
  const bytes = new Uint8Array(version === 4 ? IPV4_BYTES : IPV4_BYTES * IPV6_WORDS);
  for (let i = 0; i < bytes.length; i++) bytes[i] = words[from + (i >> 2)] >>> (24 - 8 * (i & 3));
  return bytes;
}

function endpoint(stores: SelectStores, flow: FlowRecord, side: 0 | 1): string {
  const { flows } = stores;
  const version = ipVersionOf(flows.word(flow, META));
  const address = addressText(flows.addressWords(flow), flows.addressAt(flow, side), version);
  return endpointText(address, portOf(stores, flow, side));
}

function addresses(sides: readonly (0 | 1)[], version: 4 | 6): Read {
  return (stores, flow) =>
    sides.map((side) => addressOf(stores, flow, side, version)).filter((one) => one !== undefined);
}

function bytes({ flows }: SelectStores, flow: FlowRecord, side: 0 | 1): number {
  return flows.directionDouble(flow, side, PAYLOAD_BYTES);
}

/** Silences before the resets of the flow, the newest first. */
function idle({ flows, resets, verdicts }: SelectStores, flow: FlowRecord): Values {
  const found: number[] = [];
  let id = flows.word(flow, RESETS) === 0 ? -1 : flows.word(flow, LAST_RESET);
  const most = LIMITS.maxResetsOfFlow + LIMITS.maxBurstsOfFlow;
  for (let i = 0; i < most && id >= resets.first; i++, id = resets.get(id, RST_PREVIOUS_RESET)) {
    const seconds = verdicts.has(id) ? verdicts.silenceSeconds[verdicts.at(id)] : -1;
    if (seconds >= 0) found.push(seconds);
  }
  return found;
}

const FLOW: Readonly<Record<string, Read>> = {
  flow: () => LAYER,
  'flow.id': ({ flows }, flow) => [flows.id(flow)],
  'flow.proto': ({ flows }, flow) => [isTcp(flows.word(flow, META)) ? 'tcp' : 'udp'],
  'flow.client': (stores, flow) => [endpoint(stores, flow, 0)],
  'flow.server': (stores, flow) => [endpoint(stores, flow, 1)],
  'flow.ip': addresses([0, 1], 4),
  'flow.client.ip': addresses([0], 4),
  'flow.server.ip': addresses([1], 4),
  'flow.ipv6': addresses([0, 1], 6),
  'flow.client.ipv6': addresses([0], 6),
  'flow.server.ipv6': addresses([1], 6),
  'flow.port': (stores, flow) => [portOf(stores, flow, 0), portOf(stores, flow, 1)],
  'flow.client.port': (stores, flow) => [portOf(stores, flow, 0)],
  'flow.server.port': (stores, flow) => [portOf(stores, flow, 1)],
  'flow.host': (stores, flow) => text(stores.serverName(flow)),
  'flow.app': (stores, flow) => text(stores.application(flow)),
  'flow.state': (stores, flow) => text(stores.flowView.state(flow)),
  'flow.ending': (stores, flow) => [stores.ending(flow)],
  'flow.marks': (stores, flow) => text(stores.flowView.marks(flow).join(', ')),
  'flow.packets': ({ flows }, flow) => [flows.word(flow, PACKETS)],
  'flow.bytes': (stores, flow) => [bytes(stores, flow, 0) + bytes(stores, flow, 1)],
  'flow.client.bytes': (stores, flow) => [bytes(stores, flow, 0)],
  'flow.server.bytes': (stores, flow) => [bytes(stores, flow, 1)],
  'flow.duration': ({ flows }, flow) => [
    (flows.double(flow, LAST_TIME) - flows.double(flow, FIRST_TIME)) / NS_PER_SECOND,
  ],
  'flow.rtt': ({ flows }, flow) => {
    const rtt = isTcp(flows.word(flow, META)) ? flows.double(flow, HANDSHAKE_RTT) : -1;
    return rtt < 0 ? NONE : [rtt / NS_PER_SECOND];
  },
  'flow.idle': idle,
  'flow.retransmissions': ({ flows }, flow) => [
    flows.directionWord(flow, 0, RETRANSMISSIONS) + flows.directionWord(flow, 1, RETRANSMISSIONS),
  ],
  'flow.resets': ({ flows }, flow) => [flows.word(flow, RESETS)],
  'flow.text': (stores, flow) => [
    endpoint(stores, flow, 0),
    endpoint(stores, flow, 1),
    stores.serverName(flow),
    stores.application(flow),
    stores.flowView.state(flow),
    isTcp(stores.flows.word(flow, META)) ? 'tcp' : 'udp',
    stores.flowView.marks(flow).join(', '),
  ],
};

const FAILURE: Readonly<Record<string, (row: FailureRow) => Values>> = {
  failure: () => LAYER,
  'failure.kind': (row) => [row.kind],
  'failure.side': (row) => (row.side === null ? NONE : [row.side]),
  'failure.tries': (row) => [row.tries],
  'failure.seconds': (row) => [row.seconds],
  'failure.recovered': (row) => [row.recovered],
  'failure.matters': (row) => [row.matters],
  'failure.confidence': (row) => [row.confidence],
  'failure.summary': (row) => [row.summary],
  'failure.text': (row) => [row.kind, row.kind.replaceAll('-', ' '), row.protocol, row.summary],
};

/** Whether the field is the same in all packets of a flow. */
export function isFlowField(field: string): boolean {
  return Object.hasOwn(FLOW, field) || Object.hasOwn(FAILURE, field);
}

/** @param failureOf the failure of a flow, by its record */
export function flowFieldValues(
  stores: SelectStores,
  failureOf: (flow: FlowRecord) => FailureRow | undefined,
  field: string,
  flow: FlowRecord,
): Values {
  if (Object.hasOwn(FLOW, field)) return FLOW[field](stores, flow);
  if (!Object.hasOwn(FAILURE, field)) return NONE;
  const row = failureOf(flow);
  return row === undefined ? NONE : FAILURE[field](row);
}
