/**
 * Makes captures of any size for benches: some thousand connections at a time, interleaved by time, with data
 * both ways, acknowledgements, loss, reordering, IPv6, VLANs, DNS and ICMP; a tenth of the connections end in
 * resets of several kinds. Seeded: the same parameters make the same bytes.
 */
import { CLIENT, Flow, SERVER } from './flow.ts';
import { FrameWriter } from './frame-writer.ts';
import { makeClients, makeServers } from './hosts.ts';
import type { Client, Server } from './hosts.ts';
import { OPTIONS_NONE, PROTOCOL_ICMP_UNREACHABLE, PROTOCOL_UDP } from './outbox.ts';
import { Payloads } from './payloads.ts';
import type { Message } from './payloads.ts';
import { Random } from './random.ts';
import { SecondVantage } from './second-vantage.ts';
import { TcpScript } from './tcp-script.ts';
import { TimeQueue } from './time-queue.ts';

/** Part of the cached file's name: grows whenever the same parameters would make other bytes. */
export const GENERATOR_VERSION = 1;

export interface GenerateOptions {
  readonly packets: number;
  readonly seed: number;
  /** Connections open at a time. */
  readonly concurrent: number;
  /** Bytes of a packet that are captured; all of them where it is absent. */
  readonly snap?: number;
}

/** What was written. */
export interface GenerateReport {
  readonly packets: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly tcpFlows: number;
  readonly udpFlows: number;
  readonly dataSegments: number;
  readonly retransmissions: number;
  /** How the connections with resets ended → resets planned (the last few may be cut off at the end). */
  readonly resets: Readonly<Record<string, number>>;
  readonly resetPackets: number;
}

const EPOCH_SECONDS = 1_750_000_000;
/** Of the slots that become free, this share looks up a name first. */
const DNS_SHARE = 0.15;
const ICMP_SHARE = 0.01;

/** @param flushSecond takes the capture of a second point of the path */
export function generate(
  options: GenerateOptions,
  flush: (bytes: Uint8Array) => void,
  flushSecond?: (bytes: Uint8Array) => void,
): GenerateReport {
  const random = new Random(options.seed);
  const payloads = new Payloads(random);
  const clients = makeClients(random, Math.min(20_000, options.concurrent * 10));
  const servers = makeServers(random, 400);
  const resolver: Server = { ...servers[0], v4: Uint8Array.of(198, 51, 200, 53), port: 53, vlan: -1 };
  const script = new TcpScript(payloads, random);
  const writer = new FrameWriter(payloads, EPOCH_SECONDS, flush, options.snap);
  const second =
    flushSecond === undefined
      ? undefined
      : new SecondVantage(payloads, EPOCH_SECONDS, options.seed + 1, flushSecond);
  const queue = new TimeQueue(options.concurrent);
  let tcpFlows = 0;
  let udpFlows = 0;
  let packets = 0;
  let resetPackets = 0;
  let now = 0;

  const begin = (flow: Flow, time: number): void => {
    const client = clients[random.between(0, clients.length)];
    const server = servers[random.between(0, servers.length)];
    const kind = random.unit();
    if (kind < DNS_SHARE + ICMP_SHARE) {
      udpFlows++;
      planLookup(flow, client, server, resolver, payloads, random, time, kind < ICMP_SHARE);
      return;
    }
    tcpFlows++;
    flow.begin(client, server, random, time);
    script.begin(flow);
    script.plan(flow);
  };

  const flows = Array.from({ length: options.concurrent }, () => new Flow(clients[0], servers[0]));
  for (let i = 0; i < flows.length; i++) {
    begin(flows[i], random.unit() * 5 + 1e-6);
    queue.push(i, flows[i].outbox.nextTime);
  }
  while (packets < options.packets) {
    const slot = queue.first;
    const flow = flows[slot];
    const draft = flow.outbox.take();
    now = draft.time;
    if ((draft.flags & 4) !== 0) resetPackets++;
    writer.write(flow, draft);
    second?.write(flow, draft);
    packets++;
    if (flow.outbox.empty && !script.plan(flow)) begin(flow, now + random.exponential(0.2));
    queue.replaceFirst(flow.outbox.nextTime);
  }
  writer.finish();
  second?.finish();
  const { dataSegments, retransmissions, resets } = script.counts;
  return {
    packets,
    bytes: writer.written,
    seconds: now,
    tcpFlows,
    udpFlows,
    dataSegments,
    retransmissions,
    resets,
    resetPackets,
  };
}

/** A DNS question with its answer, or a datagram to a closed port with its ICMP error. */
function planLookup(
  flow: Flow,
  client: Client,
  server: Server,
  resolver: Server,
  payloads: Payloads,
  random: Random,
  time: number,
  closed: boolean,
): void {
  flow.begin(client, closed ? server : resolver, random, time);
  flow.v6 = false;
  flow.serverPort = closed ? 33_434 + random.between(0, 90) : 53;
  flow.step = -1; // the TCP script takes it for over
  const query = payloads.dnsQuery(server.name);
  const answer = payloads.dnsAnswer(server.name, [...server.v4]);
  datagram(flow, time, CLIENT, PROTOCOL_UDP, query);
  const protocol = closed ? PROTOCOL_ICMP_UNREACHABLE : PROTOCOL_UDP;
  datagram(flow, time + flow.server.rtt, SERVER, protocol, closed ? query : answer);
}

function datagram(flow: Flow, time: number, from: number, protocol: number, message: Message): void {
  const draft = flow.segmentAt(time, from, 0, 0, 0);
  draft.protocol = protocol;
  draft.options = OPTIONS_NONE;
  draft.payloadAt = message.at;
  draft.payloadLength = message.length;
}
