/**
 * What connections do: open, ask and answer some times with pauses, and end in one of several ways. Every call
 * of `planTcp` plans one round into the flow's outbox; false means that the connection is over.
 */
import type { BulkCounts } from './bulk.ts';
import { sendWindow } from './bulk.ts';
import type { Flow } from './flow.ts';
import { ACK, CLIENT, PSH, RST, SERVER } from './flow.ts';
import type { Message, Payloads } from './payloads.ts';
import type { Random } from './random.ts';

/** How connections end, and how many in a thousand do. The last ten per cent hold a reset. */
export const ENDINGS = [
  ['client-closes', 560],
  ['server-closes', 340],
  ['refused', 20],
  ['half-open-scan', 10],
  ['client-aborts', 20],
  ['server-aborts', 14],
  ['data-after-close', 10],
  ['injected', 7],
  ['idle-device', 8],
  ['reset-after-fin', 11],
] as const satisfies readonly (readonly [string, number])[];
export type Ending = (typeof ENDINGS)[number][0];
const ENDING_WEIGHTS = ENDINGS.map(([, weight]) => weight);

const OPEN = 0;
const ASK = 1;
const ASKING = 2;
const ANSWER = 3;
const ANSWERING = 4;
const END = 5;
const OVER = 6;

const THINK_SECONDS = 6;
const IDLE_TIMEOUT = 60;
/** Body sizes, drawn from few values so that the message heads can be made once. */
const BODY_SIZES = Array.from({ length: 48 }, (_, i) => Math.round(120 * 1.17 ** i));

export interface TcpCounts extends BulkCounts {
  resets: Record<string, number>;
}

export class TcpScript {
  readonly #payloads: Payloads;
  readonly #random: Random;
  readonly counts: TcpCounts = { dataSegments: 0, retransmissions: 0, swaps: 0, zeroWindows: 0, resets: {} };

  constructor(payloads: Payloads, random: Random) {
    this.#payloads = payloads;
    this.#random = random;
  }

  begin(flow: Flow): void {
    flow.step = OPEN;
    flow.ending = this.#random.weighted(ENDING_WEIGHTS);
    flow.requestsLeft = 1 + Math.floor(this.#random.exponential(2));
    flow.uploads = this.#random.chance(0.1);
    if (this.#ending(flow) === 'injected') flow.requestsLeft = 1;
  }

  plan(flow: Flow): boolean {
    flow.outbox.clear();
    switch (flow.step) {
      case OPEN:
        this.#open(flow);
        break;
      case ASK:
        this.#ask(flow);
        break;
      case ASKING:
        this.#send(flow, CLIENT, ANSWER);
        break;
      case ANSWER:
        this.#answer(flow);
        break;
      case ANSWERING:
        this.#send(flow, SERVER, flow.requestsLeft > 0 ? ASK : END);
        break;
      case END:
        this.#end(flow);
        flow.step = OVER;
        break;
      default:
        return false;
    }
    flow.outbox.sort();
    return true;
  }

  #ending(flow: Flow): Ending {
    return ENDINGS[flow.ending][0];
  }

  #countResets(ending: Ending, times: number): void {
    this.counts.resets[ending] = (this.counts.resets[ending] ?? 0) + times;
  }

  #open(flow: Flow): void {
    const ending = this.#ending(flow);
    const clientIsn = flow.ends[CLIENT].next;
    flow.synchronise(flow.now, CLIENT);
    if (this.#random.chance(0.003)) {
      flow.ends[CLIENT].next = clientIsn; // the first SYN was lost behind the capture point
      flow.now += 1;
      flow.synchronise(flow.now, CLIENT);
    }
    flow.now += flow.server.rtt;
    if (ending === 'refused') {
      flow.bareReset(flow.now, SERVER, 0, flow.ends[CLIENT].next, RST | ACK);
      this.#countResets(ending, 1);
      flow.step = OVER;
      return;
    }
    flow.synchronise(flow.now, SERVER);
    flow.now += flow.client.rtt;
    if (ending === 'half-open-scan') {
      flow.bareReset(flow.now, CLIENT, flow.ends[CLIENT].next, 0, RST);
      this.#countResets(ending, 1);
      flow.step = OVER;
      return;
    }
    flow.plain(flow.now, CLIENT, ACK);
    flow.step = ASK;
  }

  #ask(flow: Flow): void {
    if (flow.requestsSent > 0) flow.now += 0.02 + this.#random.exponential(THINK_SECONDS);
    flow.pending = this.#request(flow);
    flow.pendingSent = 0;
    flow.requestsLeft--;
    flow.requestsSent++;
    if (this.#ending(flow) === 'injected') {
      this.#injected(flow);
      flow.step = OVER;
      return;
    }
    this.#send(flow, CLIENT, ANSWER);
  }

  #answer(flow: Flow): void {
    flow.now += 0.000_5 + this.#random.exponential(0.02);
    flow.pending = this.#response(flow);
    flow.pendingSent = 0;
    if (flow.requestsLeft === 0) {
      const ending = this.#ending(flow);
      if (ending === 'client-aborts') return this.#clientAborts(flow);
      if (ending === 'server-aborts') return this.#serverAborts(flow);
    }
    this.#send(flow, SERVER, flow.requestsLeft > 0 ? ASK : END);
  }

  #send(flow: Flow, sender: number, then: number): void {
    const done = sendWindow(flow, sender, this.#payloads, this.#random, this.counts);
    flow.step = done ? then : sender === CLIENT ? ASKING : ANSWERING;
  }

  #body(flow: Flow, sender: number): number {
    const drawn = this.#random.unit();
    if (sender === CLIENT && !flow.uploads) return BODY_SIZES[Math.floor(drawn * 8)];
    return BODY_SIZES[Math.floor(drawn ** 1.1 * BODY_SIZES.length)];
  }

  #request(flow: Flow): Message {
    const { application, name } = flow.server;
    const body = this.#body(flow, CLIENT);
    if (application === 'http') {
      return flow.uploads
        ? this.#payloads.httpRequest(name, 'POST', '/upload', body)
        : this.#payloads.httpRequest(name, 'GET', `/item/${flow.clientPort % 16}`, 0);
    }
    if (application === 'tls' && flow.requestsSent === 0) return this.#payloads.clientHello(name);
    return application === 'tls'
      ? this.#payloads.tlsRecord(Math.min(body, 16_000))
      : { at: this.#payloads.filler(), length: body };
  }

  #response(flow: Flow): Message {
    const { application } = flow.server;
    if (application === 'tls' && flow.requestsSent === 1) return this.#payloads.serverHello();
    const body = this.#body(flow, SERVER);
    if (application === 'http') return this.#payloads.httpResponse(body);
    return application === 'tls'
      ? this.#payloads.tlsRecord(Math.min(body, 16_000))
      : { at: this.#payloads.filler(), length: body };
  }

  #end(flow: Flow): void {
    const ending = this.#ending(flow);
    flow.now += this.#random.exponential(0.5);
    if (ending === 'idle-device') this.#idleDevice(flow);
    else if (ending === 'data-after-close') this.#dataAfterClose(flow);
    else if (ending === 'reset-after-fin') this.#resetAfterFin(flow);
    else this.#close(flow, ending === 'server-closes' ? SERVER : CLIENT);
  }

  #close(flow: Flow, first: number): void {
    flow.finish(flow.now, first);
    flow.now += flow.answersAfter(1 - first);
    flow.finish(flow.now, 1 - first);
    flow.now += flow.answersAfter(first);
    flow.plain(flow.now, first, ACK);
  }

  /** close() with unread data: RST+ACK at SND.NXT; what was under way is answered with bare resets. */
  #clientAborts(flow: Flow): void {
    sendWindow(flow, SERVER, this.#payloads, this.#random, this.counts, true);
    const under = Math.max(1, Math.min(3, Math.floor(flow.pendingSent / flow.segment)));
    const read = (flow.ends[SERVER].next - Math.min(flow.pendingSent, under * flow.segment)) | 0;
    flow.now += flow.client.rtt;
    const seq = flow.ends[CLIENT].next;
    flow.segmentAt(flow.now, CLIENT, seq, read, RST | ACK);
    for (let i = 1; i <= under; i++) flow.bareReset(flow.now + i * 2e-5, CLIENT, seq, 0, RST);
    this.#countResets('client-aborts', 1 + under);
    flow.step = OVER;
  }

  #serverAborts(flow: Flow): void {
    sendWindow(flow, SERVER, this.#payloads, this.#random, this.counts);
    flow.plain(flow.now, SERVER, RST | ACK);
    this.#countResets('server-aborts', 1);
    flow.step = OVER;
  }

  /** The client has gone; the server still sends and is told by a host that knows no such connection. */
  #dataAfterClose(flow: Flow): void {
    flow.finish(flow.now, CLIENT);
    flow.now += flow.server.rtt;
    flow.plain(flow.now, SERVER, ACK);
    flow.now += 0.01;
    const late = flow.plain(flow.now, SERVER, ACK | PSH);
    late.payloadAt = this.#payloads.filler();
    late.payloadLength = 300;
    flow.ends[SERVER].next = (flow.ends[SERVER].next + 300) | 0;
    flow.bareReset(flow.now + flow.client.rtt, CLIENT, flow.ends[CLIENT].next, 0, RST);
    this.#countResets('data-after-close', 1);
  }

  /** A device answers the request in both names; the server goes on unaware. */
  #injected(flow: Flow): void {
    sendWindow(flow, CLIENT, this.#payloads, this.#random, this.counts, true);
    const { next } = flow.ends[SERVER];
    const ttl = 40 + this.#random.between(0, 60);
    for (let i = 0; i < 3; i++) {
      const forged = flow.bareReset(
        flow.now + 1e-4 + i * 3e-5,
        SERVER,
        (next + (i === 0 ? 0 : i === 1 ? 1460 : 4380)) | 0,
        flow.ends[CLIENT].next,
        RST | ACK,
      );
      forged.ttl = ttl + i;
      forged.ipId = this.#random.u32() & 0xffff;
      forged.window = 200 + this.#random.between(0, 4000);
      forged.dontFragment = false;
    }
    const forged = flow.bareReset(flow.now + 1.2e-4, CLIENT, flow.ends[CLIENT].next, next, RST | ACK);
    forged.ttl = ttl;
    forged.dontFragment = false;
    flow.plain(flow.now + flow.server.rtt + 2e-4, SERVER, ACK);
    const answer = flow.plain(flow.now + flow.server.rtt + 3e-3, SERVER, ACK | PSH);
    answer.payloadAt = this.#payloads.filler();
    answer.payloadLength = 600;
    this.#countResets('injected', 4);
  }

  /** A stateful device forgot the connection while it was idle and answers in the server's name. */
  #idleDevice(flow: Flow): void {
    flow.now += IDLE_TIMEOUT + this.#random.exponential(5);
    flow.pending = { at: this.#payloads.filler(), length: 200 };
    flow.pendingSent = 0;
    sendWindow(flow, CLIENT, this.#payloads, this.#random, this.counts, true);
    const reset = flow.bareReset(flow.now + 1e-4, SERVER, flow.ends[SERVER].next, 0, RST);
    reset.ttl = 254;
    this.#countResets('idle-device', 1);
  }

  /** Both have said FIN; the client's process is gone before it could acknowledge. */
  #resetAfterFin(flow: Flow): void {
    flow.finish(flow.now, CLIENT);
    flow.now += flow.server.rtt;
    flow.finish(flow.now, SERVER);
    flow.bareReset(flow.now + flow.client.rtt, CLIENT, flow.ends[CLIENT].next, 0, RST);
    this.#countResets('reset-after-fin', 1);
  }
}
