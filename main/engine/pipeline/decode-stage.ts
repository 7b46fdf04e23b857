/** The first half of the hot path: takes packets from the reader, decodes them into batches. */
import type { PacketBatch } from './batch.ts';
import {
  PAYLOAD_NOT_HERE,
  ROW_HASH,
  ROW_INTERFACE,
  ROW_PACKET_AT,
  ROW_PAYLOAD_AT,
  ROW_PAYLOAD_FIRST,
} from './batch.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { Facts } from '../decode/facts.ts';
import {
  ACK,
  DEFECTS,
  DEFECT_INNER,
  DEFECT_LENGTH,
  DEFECT_NOT_OPENED,
  DEFECT_TOO_DEEP,
  DST_PORT,
  EMBEDDED_SEQ,
  FAMILY,
  FLAGS,
  ICMP_CODE,
  ICMP_TYPE,
  IP_DF,
  IP_FLAGS,
  IP_ID,
  IP_WAS_FRAGMENTED,
  KIND,
  KIND_ICMP_ERROR,
  KIND_TCP,
  KIND_UDP,
  LINK_DIRECTION,
  OPTIONS,
  OPT_TIMESTAMPS,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SEQ,
  SRC_PORT,
  TOS,
  TTL,
  TUNNEL,
  TUNNEL_NONE,
  WINDOW,
} from '../decode/facts.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../decode/ip-protocols.ts';
import { flowHash } from '../flow/flow-hash.ts';
import { PACKET_ENDPOINTS } from '../flow/endpoints.ts';
import { flowMeta } from '../flow/record.ts';
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN } from '../read/sink.ts';
import {
  FLAG_DF,
  FLAG_INBOUND,
  FLAG_OUTBOUND,
  FLAG_TIMESTAMPS,
  FORM_DOUBTFUL,
  FORM_FRAGMENTS,
  FORM_IP,
  FORM_IPV6,
  FORM_TUNNEL,
  PAYLOAD_ELSEWHERE,
  storedOverhead,
  MAX_OVERHEAD,
  type PacketColumns,
} from '../store/packet-columns.ts';
import { PORT_DNS, dnsHeader, dnsQuestionKey } from '../stream/dns.ts';

export class DecodeStage {
  readonly #decoder: Decoder;
  readonly #emit: (batch: PacketBatch) => PacketBatch;
  /** By interface of the file. */
  readonly #linkTypes: number[] = [];
  readonly #hashSeed: number;
  #batch: PacketBatch;

  /**
   * @param hashSeed that of the flow table
   * @param first the batch to fill first
   * @param emit takes a batch with rows; gives the one to fill next, which may be the same, emptied
   */
  constructor(
    decoder: Decoder,
    hashSeed: number,
    first: PacketBatch,
    emit: (batch: PacketBatch) => PacketBatch,
  ) {
    this.#decoder = decoder;
    this.#hashSeed = hashSeed;
    this.#batch = first;
    this.#emit = emit;
  }

  /** Another file begins. */
  startFile(): void {
    this.#linkTypes.length = 0;
  }

  addInterface(linkType: number): void {
    this.#linkTypes.push(linkType);
  }

  /** Parameters as PacketSink.onPacket. */
  packet(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
    fileDirection: number,
    fileOffset: number,
  ): void {
    let batch = this.#batch;
    if (data !== batch.bytes) {
      if (batch.count > 0) batch = this.#batch = this.#emit(batch);
      batch.bytes = data;
    }
    const row = batch.count;
    const facts = batch.facts[row];
    const decoder = this.#decoder;
    decoder.facts = facts;
    decoder.decode(
      data,
      start,
      capturedLength,
      wireLength,
      interfaceId < this.#linkTypes.length ? this.#linkTypes[interfaceId] : -1,
      timeNs,
    );
    batch.offsets[row] = fileOffset;
    facts[ROW_INTERFACE] = interfaceId;
    facts[ROW_PACKET_AT] = start;
    facts[ROW_PAYLOAD_AT] = PAYLOAD_NOT_HERE;
    facts[ROW_PAYLOAD_FIRST] = -1;
    facts[ROW_HASH] = 0;
    const columns = batch.columns;
    const at = batch.columnsAt + row;
    columns.time[at] = timeNs;
    const kind = facts[KIND];
    if (kind === KIND_TCP || kind === KIND_UDP) {
      const meta = flowMeta(facts[FAMILY], kind === KIND_TCP ? PROTOCOL_TCP : PROTOCOL_UDP);
      facts[ROW_HASH] = flowHash(this.#hashSeed, meta, facts, PACKET_ENDPOINTS);
      if (decoder.bytes === data) {
        const payloadAt = facts[PAYLOAD_AT];
        facts[ROW_PAYLOAD_AT] = payloadAt - start;
        if (facts[PAYLOAD_CAPTURED] > 0) facts[ROW_PAYLOAD_FIRST] = data[payloadAt];
      }
    }
    let flags = 0;
    if (kind === KIND_TCP) {
      const direction = fileDirection !== DIRECTION_UNKNOWN ? fileDirection : facts[LINK_DIRECTION];
      flags = facts[FLAGS];
      if ((facts[OPTIONS] & OPT_TIMESTAMPS) !== 0) flags |= FLAG_TIMESTAMPS;
      if (direction === DIRECTION_INBOUND) flags |= FLAG_INBOUND;
      else if (direction === DIRECTION_OUTBOUND) flags |= FLAG_OUTBOUND;
      columns.seq[at] = facts[SEQ];
      columns.ack[at] = facts[ACK];
      columns.window[at] = facts[WINDOW];
      columns.optionDigest[at] = decoder.optionDigest;
      columns.payloadAt[at] =
        facts[ROW_PAYLOAD_AT] === PAYLOAD_NOT_HERE ? PAYLOAD_ELSEWHERE : facts[ROW_PAYLOAD_AT];
    } else {
      const isError = kind === KIND_ICMP_ERROR;
      columns.seq[at] = isError ? (facts[ICMP_TYPE] << 8) | facts[ICMP_CODE] : 0;
      columns.ack[at] = isError ? facts[EMBEDDED_SEQ] : 0;
      if (kind === KIND_UDP) this.#dns(columns, at, facts);
      columns.window[at] = 0;
      columns.optionDigest[at] = 0;
      columns.payloadAt[at] = PAYLOAD_ELSEWHERE;
    }
    // Without an IP header the slots below it still hold the packet before.
    const hasIp = facts[FAMILY] !== 0;
    if (hasIp && (facts[IP_FLAGS] & IP_DF) !== 0) flags |= FLAG_DF;
    columns.flags[at] = flags;
    const payload = hasIp ? facts[PAYLOAD_LENGTH] : 0;
    const overhead = wireLength - payload;
    columns.payload[at] = payload;
    let form = kind;
    if (hasIp) form |= facts[FAMILY] === 6 ? FORM_IP | FORM_IPV6 : FORM_IP;
    if (facts[TUNNEL] !== TUNNEL_NONE) form |= FORM_TUNNEL;
    if (hasIp && (facts[IP_FLAGS] & IP_WAS_FRAGMENTED) !== 0) form |= FORM_FRAGMENTS;
    const isTold = overhead >= 0 && overhead <= MAX_OVERHEAD && (facts[DEFECTS] & DOUBTFUL_DEFECTS) === 0;
    if (!isTold) form |= FORM_DOUBTFUL;
    columns.form[at] = form;
    // Less than nothing where a length field promises more than there was, or several fragments make more than the last one.
    columns.overhead[at] = isTold ? overhead : storedOverhead(overhead, form);
    columns.ipId[at] = hasIp && facts[IP_ID] > 0 ? facts[IP_ID] : 0;
    columns.ttl[at] = hasIp ? facts[TTL] : 0;
    columns.tos[at] = hasIp ? facts[TOS] : 0;
    batch.count = row + 1;
    if (row + 1 === batch.capacity) this.#batch = this.#emit(batch);
  }

  /** Keeps what a datagram to or from a DNS server asks, so that questions and answers find each other. */
  #dns(columns: PacketColumns, row: number, facts: Facts): void {
    const isDns = facts[SRC_PORT] === PORT_DNS || facts[DST_PORT] === PORT_DNS;
    if (!isDns || facts[ROW_PAYLOAD_AT] === PAYLOAD_NOT_HERE) return;
    const { bytes } = this.#batch;
    const at = facts[PAYLOAD_AT];
    const key = dnsQuestionKey(bytes, at, facts[PAYLOAD_CAPTURED]);
    if (key === 0) return;
    columns.seq[row] = key;
    columns.ack[row] = dnsHeader(bytes, at);
  }

  /** Hands on what was decoded so far; the bytes that packets came from are not looked at after it. */
  flush(): void {
    if (this.#batch.count > 0) this.#batch = this.#emit(this.#batch);
    // The next chunk may reuse this one's memory under the same object.
    this.#batch.bytes = NOTHING;
  }
}

/** Defects by which fields have other values than the columns: not those of options and checksums, which the columns do not tell. */
const DOUBTFUL_DEFECTS = DEFECT_LENGTH | DEFECT_TOO_DEEP | DEFECT_NOT_OPENED | DEFECT_INNER;

const NOTHING = new Uint8Array(0);
