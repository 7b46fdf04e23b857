/**
 * Captures that are hard to judge: many resets, each with what makes judges look around. Kinds:
 *
 *   sessions  each in a connection of its own that carried data, of 2,000 clients and 50 servers
 *   scan      the answers to one address that tries the ports of many hosts
 *   flow      all in one connection, from a side that goes on and one that resets everything
 *   reuse     one client and one server, whose ports come round again and again
 */
import type { Client, Server } from './hosts.ts';
import { makeClients, makeServers } from './hosts.ts';
import type { Draft } from './outbox.ts';
import { ACK, CLIENT, Flow, PSH, RST, SERVER } from './flow.ts';
import { FrameWriter } from './frame-writer.ts';
import { Payloads } from './payloads.ts';
import { Random } from './random.ts';

export const STORMS = ['sessions', 'scan', 'flow', 'reuse'] as const;
export type Storm = (typeof STORMS)[number];

/** 2026-01-01T00:00:00Z. */
const EPOCH_SECONDS = 1_767_225_600;
/** Connections begin so far apart; so many are merged by time. */
const SECONDS_APART = 0.0002;
const MERGED = 256;
/** Ports of one client that come round in `reuse`. */
const PORTS_IN_TURN = 500;

/** Writes a pcap file of one storm with about `resets` resets. */
export function writeStorm(
  storm: Storm,
  resets: number,
  seed: number,
  write: (bytes: Uint8Array) => void,
): void {
  const random = new Random(seed);
  const payloads = new Payloads(random);
  const frames = new FrameWriter(payloads, EPOCH_SECONDS, write);
  const weather = new Weather(storm, random, payloads, frames);
  if (storm === 'flow') weather.oneFlow(resets);
  else weather.manyFlows(resets);
  frames.finish();
}

class Weather {
  readonly #storm: Storm;
  readonly #random: Random;
  readonly #payloads: Payloads;
  readonly #frames: FrameWriter;
  readonly #clients: Client[];
  readonly #servers: Server[];

  constructor(storm: Storm, random: Random, payloads: Payloads, frames: FrameWriter) {
    this.#storm = storm;
    this.#random = random;
    this.#payloads = payloads;
    this.#frames = frames;
    this.#clients = makeClients(random, storm === 'sessions' ? 2000 : 1);
    this.#servers = makeServers(random, storm === 'sessions' ? 50 : storm === 'scan' ? 4096 : 1);
  }

  manyFlows(count: number): void {
    const slots = Array.from({ length: MERGED }, () => new Flow(this.#clients[0], this.#servers[0]));
    for (let from = 0; from < count; from += MERGED) {
      const flows = slots.slice(0, Math.min(MERGED, count - from));
      for (const [i, flow] of flows.entries()) this.#plan(flow, from + i);
      this.#merge(flows);
    }
  }

  /** The client sends on and on, and each segment is reset, by the server or by a device nearer to the client. */
  oneFlow(count: number): void {
    const random = this.#random;
    const flow = new Flow(this.#clients[0], this.#servers[0]);
    flow.begin(flow.client, flow.server, random, 0.5);
    this.#open(flow);
    this.#merge([flow]);
    for (let i = 0; i < count; i++) {
      const data = this.#data(flow, flow.now, CLIENT, 100);
      const reset = flow.bareReset(flow.now + flow.server.rtt, SERVER, data.ack, 0, RST);
      if (random.chance(0.1)) reset.ttl = flow.server.ttl - random.between(1, 4);
      flow.now += 0.001;
      this.#merge([flow]);
    }
  }

  #plan(flow: Flow, index: number): void {
    const random = this.#random;
    const client = this.#clients[random.between(0, this.#clients.length)];
    const server = this.#servers[random.between(0, this.#servers.length)];
    if (this.#storm === 'reuse') client.nextPort = 40_000 + (index % PORTS_IN_TURN);
    flow.begin(client, server, random, 0.5 + index * SECONDS_APART);
    flow.v6 = false;
    if (this.#storm === 'scan') this.#refuse(flow, index);
    else this.#talk(flow);
  }

  #refuse(flow: Flow, index: number): void {
    flow.serverPort = 1 + (index % 1000);
    const syn = flow.synchronise(flow.now, CLIENT);
    flow.bareReset(flow.now + flow.server.rtt, SERVER, 0, (syn.seq + 1) | 0, RST | ACK);
  }

  /** Handshake, request, response; then one side aborts, or answers with a reset what it does not want. */
  #talk(flow: Flow): void {
    const random = this.#random;
    this.#open(flow);
    this.#data(flow, flow.now, CLIENT, random.between(100, 400));
    flow.now += flow.server.rtt;
    this.#data(flow, flow.now, SERVER, random.between(200, 1400));
    flow.now += flow.client.rtt;
    if (random.chance(0.3)) {
      flow.now += random.chance(0.5) ? 5 : random.unit();
      const { next } = flow.ends[SERVER];
      flow.plain(flow.now, SERVER, RST | ACK).seq = next;
    } else if (random.chance(0.5)) {
      flow.plain(flow.now, CLIENT, ACK);
      flow.finish(flow.now + 0.0001, CLIENT);
      flow.now += 0.0002;
      const { ack } = this.#data(flow, flow.now, SERVER, 500);
      flow.bareReset(flow.now + flow.client.rtt, CLIENT, ack, 0, RST);
    } else {
      flow.plain(flow.now + 0.001, CLIENT, RST | ACK);
      if (random.chance(0.2)) flow.bareReset(flow.now + 0.0011, CLIENT, flow.ends[CLIENT].next, 0, RST);
    }
  }

  #open(flow: Flow): void {
    flow.synchronise(flow.now, CLIENT);
    flow.now += flow.server.rtt;
    flow.synchronise(flow.now, SERVER);
    flow.now += flow.client.rtt;
    flow.plain(flow.now, CLIENT, ACK);
    flow.now += 0.0001;
  }

  #data(flow: Flow, time: number, from: number, length: number): Draft {
    const draft = flow.plain(time, from, ACK | PSH);
    draft.payloadAt = this.#payloads.filler();
    draft.payloadLength = length;
    flow.ends[from].next = (draft.seq + length) | 0;
    return draft;
  }

  #merge(flows: readonly Flow[]): void {
    const planned: { flow: Flow; draft: Draft }[] = [];
    for (const flow of flows) while (!flow.outbox.empty) planned.push({ flow, draft: flow.outbox.take() });
    planned.sort((a, b) => a.draft.time - b.draft.time);
    for (const { flow, draft } of planned) this.#frames.write(flow, draft);
    for (const flow of flows) flow.outbox.clear();
  }
}
