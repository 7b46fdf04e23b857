/**
 * Makes captures of storms: short connections, hundreds open at a time, each of which ends in a reset of one of a few kinds. What
 * grows with the number of resets (lists, findings, totals) is measured on them. Seeded: the same parameters make the same bytes.
 */
import { ACK, CLIENT, Flow, PSH, RST, SERVER } from './flow.ts';
import { FrameWriter } from './frame-writer.ts';
import { makeClients, makeServers } from './hosts.ts';
import { Payloads } from './payloads.ts';
import { Random } from './random.ts';
import { TimeQueue } from './time-queue.ts';

/** Part of the kept file's name: grows whenever the same parameters would make other bytes. */
export const STORM_VERSION = 1;

export interface StormOptions {
  readonly resets: number;
  readonly seed: number;
}

const EPOCH_SECONDS = 1_750_000_000;
/** Connections open at a time. */
const CONCURRENT = 500;
const CLIENTS = 5000;
const SERVERS = 100;
const IDLE_SECONDS = 60;

/** How a connection ends, planned whole: it is short. */
type End = (flow: Flow, random: Random) => void;

function open(flow: Flow): void {
  flow.synchronise(flow.now, CLIENT);
  flow.now += flow.server.rtt;
  flow.synchronise(flow.now, SERVER);
  flow.now += flow.client.rtt;
  flow.plain(flow.now, CLIENT, ACK);
}

function ask(flow: Flow, payloads: Payloads, random: Random): void {
  flow.now += random.exponential(0.01);
  const request = payloads.httpRequest('storm.example.net', 'GET', '/', 0);
  const draft = flow.plain(flow.now, CLIENT, ACK | PSH);
  draft.payloadAt = request.at;
  draft.payloadLength = request.length;
  flow.ends[CLIENT].next = (flow.ends[CLIENT].next + request.length) | 0;
  flow.now += flow.server.rtt;
}

/** A reset at the place in the stream that its sender has come to. */
function reset(flow: Flow, from: number): void {
  flow.bareReset(flow.now, from, flow.ends[from].next, flow.ends[1 - from].next, RST | ACK);
}

function endings(payloads: Payloads): readonly End[] {
  return [
    // Nobody listens.
    (flow) => {
      flow.synchronise(flow.now, CLIENT);
      flow.now += flow.server.rtt;
      flow.bareReset(flow.now, SERVER, 0, flow.ends[CLIENT].next, RST | ACK);
    },
    // The server gives up on a request.
    (flow, random) => {
      open(flow);
      ask(flow, payloads, random);
      flow.plain(flow.now, SERVER, ACK);
      flow.now += random.exponential(0.05);
      reset(flow, SERVER);
    },
    // The client goes away.
    (flow, random) => {
      open(flow);
      ask(flow, payloads, random);
      flow.plain(flow.now, SERVER, ACK);
      flow.now += random.exponential(0.2);
      reset(flow, CLIENT);
    },
    // A device on the path answers the request in the server's name.
    (flow, random) => {
      open(flow);
      ask(flow, payloads, random);
      const ttl = flow.ends[SERVER].ttl;
      flow.ends[SERVER].ttl = ttl - 3;
      reset(flow, SERVER);
      flow.ends[SERVER].ttl = ttl;
    },
    // A timer ends the silence.
    (flow, random) => {
      open(flow);
      ask(flow, payloads, random);
      flow.plain(flow.now, SERVER, ACK);
      flow.now += IDLE_SECONDS;
      reset(flow, SERVER);
    },
  ];
}

/** @returns packets written */
export function makeManyResets(options: StormOptions, flush: (bytes: Uint8Array) => void): number {
  const random = new Random(options.seed);
  const payloads = new Payloads(random);
  const clients = makeClients(random, CLIENTS);
  const servers = makeServers(random, SERVERS);
  const ends = endings(payloads);
  const writer = new FrameWriter(payloads, EPOCH_SECONDS, flush);
  const queue = new TimeQueue(CONCURRENT);
  let begun = 0;
  let packets = 0;

  const begin = (flow: Flow, time: number): void => {
    const client = clients[random.between(0, clients.length)];
    flow.begin(client, servers[random.between(0, servers.length)], random, time);
    ends[begun % ends.length](flow, random);
    flow.outbox.sort();
    begun++;
  };

  const flows = Array.from({ length: CONCURRENT }, () => new Flow(clients[0], servers[0]));
  for (const [i, flow] of flows.entries()) {
    begin(flow, random.unit() * 5 + 1e-6);
    queue.push(i, flow.outbox.nextTime);
  }
  for (let open = flows.length; open > 0;) {
    const flow = flows[queue.first];
    const draft = flow.outbox.take();
    writer.write(flow, draft);
    packets++;
    if (!flow.outbox.empty) queue.replaceFirst(flow.outbox.nextTime);
    else if (begun < options.resets) {
      begin(flow, draft.time + random.exponential(0.2));
      queue.replaceFirst(flow.outbox.nextTime);
    } else {
      open--;
      queue.replaceFirst(Infinity);
    }
  }
  writer.finish();
  return packets;
}
