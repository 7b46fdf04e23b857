/** A reply that is shorter than it announced when the polite close came (RFC 9112 §8). */
import { countText, plural } from '../../../../shared/format/count.ts';
import { responseBody } from '../../stream/http-body.ts';
import { SEEN_FIN } from '../../flow/record.ts';
import type { EndingRule } from '../found.ts';
import { evidence } from '../found.ts';
import { isFin } from '../segments.ts';
import { secondsOf } from '../texts.ts';

export const cutShort: EndingRule = (c) => {
  const { outline, hints } = c;
  const status = hints?.httpStatus ?? null;
  if (status === null || status.direction !== 1 || !outline.server.has(SEEN_FIN) || outline.hasGaps)
    return undefined;
  const body = responseBody(status, hints?.http ?? null, outline.server.finSeq);
  if (body === null) return undefined;
  const isShort = body.announced === null ? hints?.replyEnd === 'open' : body.came < body.announced;
  if (!isShort) return undefined;
  const fin = c.segments.find((segment) => segment.direction === 1 && isFin(segment));
  if (fin === undefined) return undefined;
  const clientFin = c.segments.find((segment) => segment.direction === 0 && isFin(segment));
  // A client that had closed already did not want the rest.
  const byClient = clientFin !== undefined && clientFin.ns < fin.ns;
  const firstByte = c.segments.find(({ packet }) => packet === status.packet) ?? fin;
  const announced =
    body.announced === null ? 'chunks without the last one' : `of ${plural(body.announced, 'byte')}`;
  const came =
    body.announced === null
      ? `${plural(body.came, 'byte')} in chunks, and not the last one`
      : `${countText(body.came)} ${announced}`;
  const request = hints?.http == null ? 'a request' : `${hints.http.method} ${hints.http.target}`;
  return {
    ending: 'cut-short',
    failure: {
      kind: 'cut-short',
      packet: fin.packet,
      side: byClient ? 'client' : 'server',
      tries: 1,
      seconds: secondsOf(fin.ns - firstByte.ns),
      recovered: false,
      matters: true,
      confidence: byClient ? 0.8 : 0.95,
      evidence: [
        evidence('reply-short', `The reply (${status.code}) to ${request} brought ${came} before the FIN.`, [
          status.packet,
          fin.packet,
        ]),
        ...(byClient
          ? [evidence('client-closed-first', 'The client had closed before.', [clientFin.packet])]
          : []),
      ],
      summary: `The reply of ${c.server} to ${request} of ${c.client} was cut short: ${came}.`,
      next: byClient
        ? `The client closed before the reply was complete (${came}): it stopped the download, or its own timeout ran out. If nobody stopped it, look at the client's timeout and log.`
        : `${c.server} closed (FIN) after ${came}: a worker that crashed, was killed or ran into a timeout (worker, send or backend timeout) while it answered, or a proxy whose backend broke off (nginx: “upstream prematurely closed connection”). Read the log of ${c.server} for ${request} at that moment. A client that does not compare lengths takes it for complete.`,
      isScan: false,
    },
  };
};
