/**
 * A failure as it is kept: with the names of its flow, so that it outlives that, and with the frames of its packets. Its texts are kept as
 * one flat text: as objects, made of hundreds of joined pieces, they would take ten times the memory.
 */
import type { FlowId, FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FailureAccount, FailureRow } from '../../../shared/model/failure.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { META, PORTS, isTcp } from '../flow/record.ts';
import type { FoundFailure } from './found.ts';
import type { EndingView } from './view.ts';

/** Servers as text. The one asked about last is kept: where a service is down, failures come in rows. */
export class ServerTexts {
  #address: string | number | undefined;
  #port = 0;
  #text = '';

  of(view: EndingView, flow: FlowRecord): string {
    const address = view.addresses.key(flow, 1);
    const port = view.flows.word(flow, PORTS) & 0xffff;
    if (address !== this.#address || port !== this.#port) {
      this.#address = address;
      this.#port = port;
      this.#text = endpointText(view.addressText(flow, 1), port);
    }
    return this.#text;
  }
}

/**
 * A failure while it is at hand. Its texts are made when they are asked for: of a hundred thousand SYNs to a dead service those of the
 * first ones are kept, and of each group one.
 */
export class ToldFailure {
  readonly id: FlowId;
  readonly timeNs: number;
  readonly server: string;
  readonly failure: FoundFailure;
  readonly #view: EndingView;
  readonly #flow: FlowRecord;

  /** @param servers names the servers of all failures of one book */
  constructor(view: EndingView, flow: FlowRecord, failure: FoundFailure, servers: ServerTexts) {
    this.#view = view;
    this.#flow = flow;
    this.failure = failure;
    this.id = view.flows.id(flow);
    this.timeNs = view.packets.time(failure.packet);
    this.server = servers.of(view, flow);
  }

  get clientAddress(): string {
    return this.#view.addressText(this.#flow, 0);
  }

  get serverName(): string {
    return this.#view.serverName(this.#flow);
  }

  row(): FailureRow {
    const { packets, flows } = this.#view;
    const { failure, id, timeNs, server, serverName } = this;
    return {
      id,
      file: packets.file(failure.packet),
      frame: packets.frame(failure.packet),
      timeNs,
      protocol: isTcp(flows.word(this.#flow, META)) ? 'tcp' : 'udp',
      client: endpointText(this.clientAddress, flows.word(this.#flow, PORTS) >>> 16),
      server,
      serverName,
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
  }

  account(): FailureAccount {
    const { packets } = this.#view;
    const evidence = this.failure.evidence.map((one) => ({
      ...one,
      ...packets.framesOf(one.packets),
    }));
    return { row: this.row(), evidence };
  }
}

export interface KeptFailure {
  readonly id: number;
  readonly timeNs: number;
  readonly matters: boolean;
  readonly recovered: boolean;
  readonly packet: PacketNumber;
  /** Of its group. */
  readonly group: string;
  /** FailureAccount as JSON. */
  readonly json: string;
}

/** What the failures of a group share. All that one scanner found is one thing. */
export function groupOf(told: ToldFailure): string {
  const { failure } = told;
  const target = failure.isScan ? `scan ${told.clientAddress}` : told.server;
  return `${failure.kind} ${failure.side} ${failure.recovered} ${failure.matters} ${target}`;
}

export function kept(told: ToldFailure): KeptFailure {
  const { matters, recovered, packet } = told.failure;
  return {
    id: told.id,
    timeNs: told.timeNs,
    matters,
    recovered,
    packet,
    group: groupOf(told),
    json: JSON.stringify(told.account()),
  };
}

export function accountOf({ json }: KeptFailure): FailureAccount {
  return JSON.parse(json) as FailureAccount;
}
