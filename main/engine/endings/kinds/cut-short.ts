/** A reply that is shorter than it announced when the polite close came (RFC 9112 §8). */
import { plural } from '../../../../shared/format/count.ts';
import { isShort, responseBody } from '../../stream/http-body.ts';
import { SEEN_FIN } from '../../flow/record.ts';
import type { EndingCase, EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { captureCommand, capturePlace } from '../place.ts';
import { isFin } from '../segments.ts';
import { secondsOf, spanText, whenText } from '../texts.ts';
import { requestText, shortText } from './shared.ts';

/** A client that closes sooner after the last byte did not want the rest. */
const WAITED_NS = 1.5e9;

export const cutShort: EndingRule = (c) => gaveUp(c) ?? endedShort(c);

/** The client closed after it had waited for the rest of the reply in vain. */
function gaveUp(c: EndingCase): ReturnType<EndingRule> {
  const { outline, hints } = c;
  const status = hints?.httpStatus ?? null;
  const fin = c.segments.find((segment) => segment.direction === 0 && isFin(segment));
  if (status === null || status.direction !== 1 || fin === undefined) return undefined;
  const body = responseBody(status, hints?.http ?? null, outline.client.lastAck);
  if (!isShort(body)) return undefined;
  const before = c.segments.filter((one) => one.direction === 1 && one.length > 0 && one.ns < fin.ns);
  const last = before[before.length - 1] ?? fin;
  const waited = fin.ns - last.ns;
  if (waited < WAITED_NS) return undefined;
  const came = shortText(body);
  const request = requestText(c);
  const silent = spanText(secondsOf(waited));
  const place = capturePlace(c);
  return {
    ending: 'cut-short',
    failure: {
      kind: 'cut-short',
      packet: last.packet,
      side: null,
      tries: 1,
      seconds: secondsOf(waited),
      recovered: false,
      matters: true,
      confidence: 0.85,
      evidence: [
        evidence('reply-stopped', `The reply (${status.code}) to ${request} stopped after ${came}.`, [
          last.packet,
        ]),
        evidence('client-gave-up', `The client closed (FIN) after ${silent} without another byte.`, [
          fin.packet,
        ]),
      ],
      summary: `The reply of ${c.server} to ${request} stopped after ${came}; ${c.client} gave up ${silent} later.`,
      next:
        place === 'server'
          ? `The program on ${c.server} stopped in the middle of its reply for ${silent}: look at its log and at what it waits for (backend, database, disk).`
          : `Nothing came for ${silent} in the middle of a reply: the server stopped writing, or its packets are lost on the way here (full segments on a path with a small MTU are lost just so). Capture at the server (${captureCommand(c, c.clientAddress)}): if it sends the rest again and again, it is the path (ping -M do -s 1400); if it sends nothing, its program hangs.`,
      isScan: false,
    },
  };
}

function endedShort(c: EndingCase): ReturnType<EndingRule> {
  const { outline, hints } = c;
  const status = hints?.httpStatus ?? null;
  if (status === null || status.direction !== 1 || !outline.server.has(SEEN_FIN) || outline.hasGaps)
    return undefined;
  const body = responseBody(status, hints?.http ?? null, outline.server.finSeq);
  if (body === null) return undefined;
  const lacksLastChunk = body.announced === null && status.lastChunk === 'missing';
  if (!isShort(body) && !lacksLastChunk) return undefined;
  const fin = c.segments.find((segment) => segment.direction === 1 && isFin(segment));
  if (fin === undefined) return undefined;
  const clientFin = c.segments.find((segment) => segment.direction === 0 && isFin(segment));
  // A client that had closed already did not want the rest: a download that somebody stopped.
  if (clientFin !== undefined && clientFin.ns < fin.ns) return undefined;
  const firstByte = c.segments.find(({ packet }) => packet === status.packet) ?? fin;
  const came = isShort(body)
    ? shortText(body)
    : `${plural(body.came, 'byte')} in chunks, and not the last one`;
  const request = requestText(c);
  return {
    ending: 'cut-short',
    failure: {
      kind: 'cut-short',
      packet: fin.packet,
      side: 'server',
      tries: 1,
      seconds: secondsOf(fin.ns - firstByte.ns),
      recovered: false,
      matters: true,
      confidence: 0.95,
      evidence: [
        evidence('reply-short', `The reply (${status.code}) to ${request} brought ${came} before the FIN.`, [
          status.packet,
          fin.packet,
        ]),
      ],
      summary: `The reply of ${c.server} to ${request} of ${c.client} was cut short: ${came}.`,
      next: `Read the log of ${c.server} for ${request} at ${whenText(c, fin.ns)}: it closed (FIN) after ${came}. That is a worker that crashed, was killed or ran into a timeout (worker, send or backend timeout) while it answered, or a proxy whose backend broke off (nginx: “upstream prematurely closed connection”). A client that does not compare lengths takes it for complete.`,
      isScan: false,
    },
  };
}
