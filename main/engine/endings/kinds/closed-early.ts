/** A polite close before any reply to a request: the server's, or the client's that did not wait any longer. */
import { plural } from '../../../../shared/format/count.ts';
import type { HintProtocol } from '../../../../shared/model/hints.ts';
import { SEEN_DATA, SEEN_FIN } from '../../flow/record.ts';
import { isShort, requestBody } from '../../stream/http-body.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { captureCommand, capturePlace } from '../place.ts';
import { type Segment, isFin, isSpeech } from '../segments.ts';
import { requestText, shortText } from './shared.ts';
import { secondsOf, spanText, whenText } from '../texts.ts';

/** A client that closes sooner than this did not wait for a reply: it sent what it had to say. */
export const WAITED_NS = 0.9e9;
/** What goes on for longer, or sends more, without a word from the server is a stream in one direction (logs, uploads). */
const ONE_WAY_BYTES = 32_768;
const ONE_WAY_SEGMENTS = 12;
const ONE_WAY_NS = 20e9;
/** A request comes in one piece; what comes piece by piece without an answer is a stream. */
const ONE_REQUEST_NS = 2e9;

/** Protocols whose client speaks first and waits for the answer to that; TLS has rules of its own. */
const ASKING: ReadonlySet<HintProtocol> = new Set([
  'http',
  'http2',
  'dns',
  'postgresql',
  'redis',
  'mongodb',
  'amqp',
  'mqtt',
  'smb',
]);

export const closedEarly: EndingRule = (c) => {
  const { outline, hints, segments } = c;
  if (typeof hints?.clientHelloPacket === 'number') return undefined;
  const isHttp = hints?.http?.direction === 0;
  const first = segments.find(isFin);
  if (first === undefined || !outline.client.has(SEEN_DATA)) return undefined;
  const asked = unanswered(c, isHttp, first);
  if (asked === undefined) return undefined;
  if (first.direction === 0) return byClient(c, asked, first, isHttp);
  return onPartOfRequest(c, asked, first) ?? byServer(c, asked, first, isHttp);
};

/** The packets of the request that had no reply when the first side closed; undefined where there is none. */
function unanswered(c: EndingCase, isHttp: boolean, fin: Segment): readonly Segment[] | undefined {
  const before = c.segments.filter(
    (segment) => isSpeech(segment) && segment.ns <= fin.ns && segment.length > 0,
  );
  const lastReply = before.findLastIndex(({ direction }) => direction === 1);
  // A client that talks first and is never answered asks in any protocol; later only HTTP tells a request from a farewell.
  if (c.outline.server.has(SEEN_DATA) && !isHttp) return undefined;
  const asked = before.slice(lastReply + 1).filter(({ direction }) => direction === 0);
  if (asked.length === 0) return undefined;
  if (lastReply >= 0) {
    const request = c.hints?.http?.requestPacket ?? -1;
    // The newest request line must be among what was not answered: else it is the rest of a body.
    if (!asked.some(({ packet }) => packet === request)) return undefined;
  }
  if (!isHttp && !asks(c) && isOneWay(asked, fin)) return undefined;
  return asked;
}

/** A stream that never wants an answer: syslog, metrics, uploads of an own protocol. */
function isOneWay(asked: readonly Segment[], fin: Segment): boolean {
  const bytes = asked.reduce((sum, { length }) => sum + length, 0);
  const newest = asked[asked.length - 1].ns;
  return (
    newest - asked[0].ns >= ONE_REQUEST_NS ||
    bytes >= ONE_WAY_BYTES ||
    asked.length >= ONE_WAY_SEGMENTS ||
    fin.ns - newest >= ONE_WAY_NS
  );
}

/** By its first bytes it is a protocol in which the client has to be answered. */
function asks({ hints }: EndingCase): boolean {
  return hints !== undefined && ASKING.has(hints.protocol) && hints.clientDirection !== 1;
}

function what(c: EndingCase, isHttp: boolean, asked: readonly Segment[]): string {
  if (isHttp) return `its ${requestText(c)}`;
  return `${plural(
    asked.reduce((sum, { length }) => sum + length, 0),
    'byte',
  )} of a request${asks(c) ? ` (${c.hints?.protocol})` : ''}`;
}

/** What an HTTP request lacks, "5 of 900 bytes of its body"; null where it is whole, or that cannot be known. */
function missingOf(c: EndingCase): string | null {
  const { client, isCut, hasGaps } = c.outline;
  const http = c.hints?.http;
  if (!http || http.direction !== 0 || isCut || hasGaps) return null;
  const end = client.has(SEEN_FIN) ? client.finSeq : client.nextSeq;
  if (http.bodySeq === null) {
    return readTo(c, http.requestPacket) === end ? 'its header section without the end' : null;
  }
  const body = requestBody(http, end);
  return isShort(body) ? `${shortText(body)} of its body` : null;
}

/**
 * Sequence number up to which a request was read. What does not follow the segment before it, a resend for example, is where that
 * ended, and what came from there on may have held the rest.
 */
function readTo({ segments }: EndingCase, requestPacket: number): number | undefined {
  let next: number | undefined;
  for (const { packet, direction, length, seq, end } of segments) {
    if (direction !== 0 || length === 0 || packet < requestPacket) continue;
    if (packet !== requestPacket && seq !== next) break;
    next = end;
  }
  return next;
}

/** The server waited for the rest of a request, and closed: the client, or the way from it, is what stood still. */
function onPartOfRequest(c: EndingCase, asked: readonly Segment[], fin: Segment): ReturnType<EndingRule> {
  const missing = missingOf(c);
  const newest = asked[asked.length - 1];
  if (missing === null || fin.ns - newest.ns < WAITED_NS) return undefined;
  const request = requestText(c);
  const waited = spanText(secondsOf(fin.ns - newest.ns));
  const atClient = capturePlace(c) === 'client';
  return {
    ending: 'closed-early',
    failure: {
      kind: 'closed-early',
      packet: fin.packet,
      side: atClient ? 'client' : null,
      tries: 1,
      seconds: secondsOf(fin.ns - newest.ns),
      recovered: false,
      matters: true,
      confidence: 0.85,
      evidence: [
        evidence(
          'request-incomplete',
          `The client sent ${request} with ${missing}, and then nothing for ${waited}.`,
          [newest.packet],
        ),
        evidence('server-closed-first', `The server closed (FIN) ${waited} after the last of it.`, [
          fin.packet,
        ]),
      ],
      summary: `${c.client} sent ${request} to ${c.server} with ${missing} and stopped; the server waited ${waited} for the rest and closed.`,
      next:
        `${atClient ? `The program on ${c.client} stopped sending in the middle of its request` : `The rest of the request never came past here: the program on ${c.client} stopped sending, or its packets are lost on the way (full segments on a path with a small MTU are lost just so)`}. ` +
        `The server closed by its timer for requests of ${waited} (nginx: client_header_timeout, client_body_timeout; Apache: RequestReadTimeout). ` +
        (atClient
          ? `Look at what the program waited for (the source of the upload, a disk, a lock).`
          : `Capture at the client: ${captureCommand(c, c.serverAddress)}. If it sends the rest again and again, it is the path; else look at what its program waited for.`),
      isScan: false,
    },
  };
}

function byServer(
  c: EndingCase,
  asked: readonly Segment[],
  fin: Segment,
  isHttp: boolean,
): ReturnType<EndingRule> {
  const request = what(c, isHttp, asked);
  const wait = fin.ns - asked[asked.length - 1].ns;
  const seconds = secondsOf(fin.ns - asked[0].ns);
  const waited = spanText(secondsOf(wait));
  const isAtOnce = wait < 1e9;
  return {
    ending: 'closed-early',
    failure: {
      kind: 'closed-early',
      packet: fin.packet,
      side: 'server',
      tries: 1,
      seconds,
      recovered: false,
      matters: true,
      confidence: isHttp ? 0.95 : asks(c) ? 0.9 : 0.75,
      evidence: [
        evidence(
          'request-unanswered',
          `The client sent ${request} and got no byte in reply.`,
          asked.map(({ packet }) => packet),
        ),
        evidence('server-closed-first', `The server closed (FIN) ${waited} after the last of it.`, [
          fin.packet,
        ]),
      ],
      summary: `${c.server} closed the connection ${waited} after ${c.client} had sent ${request}, without a reply.`,
      next:
        `Read the log of the program on ${c.server} at ${whenText(c, fin.ns)} (crash, restart, worker timeout), and that of whatever answers behind it if it is a proxy. ` +
        (isAtOnce
          ? `It took the request and closed at once (${waited}) without a word: a handler that crashed or was killed, an idle timer that ran out just then, a limit, or a protocol that it does not speak on port ${c.outline.serverPort}.`
          : `It took the request, worked or waited for ${waited}, and closed without a word: a timer of ${waited} in it or behind it (backend, read or handler timeout), or a worker that was ended.`) +
        (isHttp || asks(c) ? '' : ' If the protocol wants no answer, there is nothing to do.'),
      isScan: false,
    },
  };
}

function byClient(
  c: EndingCase,
  asked: readonly Segment[],
  fin: Segment,
  isHttp: boolean,
): ReturnType<EndingRule> {
  const wait = fin.ns - asked[asked.length - 1].ns;
  if (wait < WAITED_NS) return undefined;
  // What a client sends in a protocol of its own and closes after is often all that it wanted.
  if (!isHttp && !asks(c)) return undefined;
  // Nobody answers half a request; that the client did not end it was its own choice.
  if (missingOf(c) !== null && c.outline.unacknowledged(0) === 0) return undefined;
  const answer = c.segments.some(
    (segment) => segment.direction === 1 && segment.length > 0 && segment.ns > fin.ns,
  );
  if (answer && !c.outline.server.has(SEEN_FIN)) return undefined;
  const request = what(c, isHttp, asked);
  const seconds = secondsOf(wait);
  const acknowledged = c.outline.unacknowledged(0) === 0;
  const place = capturePlace(c);
  return {
    ending: 'closed-early',
    failure: {
      kind: 'closed-early',
      packet: fin.packet,
      side: 'client',
      tries: 1,
      seconds,
      recovered: false,
      matters: true,
      confidence: 0.9,
      evidence: [
        evidence(
          'request-unanswered',
          `The client sent ${request}${acknowledged ? ', which the server acknowledged,' : ''} and got no byte in reply.`,
          asked.map(({ packet }) => packet),
        ),
        evidence('client-gave-up', `The client closed (FIN) after ${spanText(seconds)} of waiting.`, [
          fin.packet,
        ]),
      ],
      summary: `${c.client} gave up ${request} to ${c.server} after ${spanText(seconds)} without a reply.`,
      next: acknowledged
        ? `The client waited ${spanText(seconds)} (probably its timeout) and closed; the server's host had acknowledged the request, so the program on ${c.server} was too slow or stuck. Look at its log and load for that request, at what it waits for (database, backend), and at the client's timeout.`
        : `The client waited ${spanText(seconds)} and closed; its request was never acknowledged. ${place === 'server' ? 'It arrived here, at the server.' : `Does it arrive at the server? ${captureCommand(c, c.clientAddress)} there.`}`,
      isScan: false,
    },
  };
}
