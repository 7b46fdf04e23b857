/** How the rows of shared/model/rows.ts travel. */
import { CAUSE_CODES } from '../model/cause.ts';
import { ENDINGS } from '../model/ending.ts';
import type { FlowRow, PacketRow, ResetRow } from '../model/rows.ts';
import { OBEYED, ORIGIN_KINDS, ORIGIN_SIDES, RESET_FAMILIES, SIDES } from '../model/verdict.ts';
import { defineRows } from './codec.ts';

export const RESET_ROWS = defineRows<ResetRow>()({
  id: 'u32',
  file: 'u32',
  frame: 'f64',
  timeNs: 'f64',
  flow: 'u32',
  client: 'text',
  server: 'text',
  serverName: 'text',
  claimed: SIDES,
  kind: ORIGIN_KINDS,
  side: ORIGIN_SIDES,
  hops: 'i32',
  label: 'text',
  confidence: 'f64',
  cause: CAUSE_CODES,
  family: RESET_FAMILIES,
  obeyed: OBEYED,
  matters: 'bool',
  idleSeconds: 'f64',
  unacknowledged: 'f64',
  count: 'f64',
});

export const FLOW_ROWS = defineRows<FlowRow>()({
  id: 'u32',
  file: 'u32',
  protocol: ['tcp', 'udp'],
  client: 'text',
  server: 'text',
  serverName: 'text',
  application: 'text',
  startNs: 'f64',
  durationNs: 'f64',
  packets: 'f64',
  clientBytes: 'f64',
  serverBytes: 'f64',
  state: 'text',
  ending: ['none', ...ENDINGS],
  history: 'text',
  rttNs: 'f64',
  retransmissions: 'f64',
  resets: 'f64',
  marks: 'text',
});

export const PACKET_ROWS = defineRows<PacketRow>()({
  packet: 'f64',
  file: 'u32',
  frame: 'f64',
  timeNs: 'f64',
  flow: 'f64',
  from: ['client', 'server', 'none'],
  length: 'f64',
  payload: 'f64',
  flags: 'u32',
  seq: 'f64',
  ack: 'f64',
  rawSeq: 'u32',
  rawAck: 'u32',
  window: 'f64',
  ttl: 'f64',
  ipId: 'i32',
  notes: 'text',
});
