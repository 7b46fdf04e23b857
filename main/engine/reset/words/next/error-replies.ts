/** Advice by the error that the application replied before the reset. */
import { bytesText } from '../../../../../shared/format/bytes.ts';
import { cutText, upperFirst } from '../../../../../shared/format/text.ts';
import type { ApplicationError, Http2GoAway } from '../../../../../shared/model/hints.ts';
import { errorStatus, goAwayOf, saidBefore } from '../../observe/said.ts';
import { labelOf } from '../labels.ts';
import type { Situation } from './advice.ts';
import { requestOf, requestText, sentBy, underWay, whenText } from './case-text.ts';

const LONGEST_ERROR = 90;

/** What a status asks of whom, where it is not plain. */
const STATUSES: ReadonlyMap<number, string> = new Map([
  [400, 'the request was malformed, or TLS was spoken to a plain port'],
  [401, 'send the credentials with the first request'],
  [403, 'the client may not do this'],
  [404, 'the path is wrong'],
  [405, 'the method is not allowed there'],
  [408, 'the request came too slowly (nginx client_body_timeout 60 s, Apache RequestReadTimeout 20 s)'],
  [411, 'the request must carry a Content-Length'],
  [414, 'the address is too long (nginx large_client_header_buffers)'],
  [415, 'the type of the body is not taken'],
  [429, 'the client asks too often: wait for Retry-After'],
  [
    431,
    'the headers are too large: cookies, as a rule (nginx large_client_header_buffers, Node --max-http-header-size)',
  ],
  [500, 'the error stands in the log of the program'],
  [501, 'the method is not known there'],
]);

/** Codes of databases and mail servers that say what to do. */
const ERRORS: readonly (readonly [RegExp, string])[] = [
  [
    /^53300$|^1040$|max number of clients/iu,
    'it has no connection left: raise max_connections (Redis maxclients), or let a pool hold fewer',
  ],
  [/^57P0[123]$|^1053$/u, 'it was being stopped or restarted: connect again'],
  [/^28P01$|^28000$|^1045$|^WRONGPASS|^NOAUTH/u, 'user or password was refused'],
  [/^3D000$|^1049$/u, 'the database of that name does not exist'],
  [/^1129$|^1130$/u, 'the client’s address is blocked or not allowed (MySQL: FLUSH HOSTS, GRANT)'],
  [/^421$/u, 'it takes no more for now: wait, and send less at once'],
  [/^55[0-9]$/u, 'it does not take this message: its text says why'],
];

export function errorReply(s: Situation): string | null {
  const { c } = s;
  const { w, f, hints, view } = c;
  const status = errorStatus(w, f, hints);
  if (status !== null)
    return afterStatus(s, `${status.code} ${status.reason}`.trim(), STATUSES.get(status.code));
  const goAway = goAwayOf(w, f, hints);
  if (goAway !== null) return afterGoAway(s, goAway);
  const error = hints?.error ?? null;
  if (error === null || error.direction !== f.sender || !saidBefore(w, f, error.packet)) return null;
  return `${upperFirst(labelOf(c))} replied ${errorText(error)}: ${meaning(error)}. The reset only ended the connection; its log at ${whenText(view, f.time)} has more.`;
}

/** Errors with which HTTP/2 ends a connection (RFC 9113 §7), where the text beside them says no more. */
const GOAWAY_CODES: Readonly<Record<string, string>> = {
  ENHANCE_YOUR_CALM:
    'the client asks or pings more often than allowed: lengthen its keep-alive (gRPC keepalive_time to 5 min or more), or allow it on the server (gRPC KeepaliveEnforcementPolicy MinTime, permit_keepalive_without_calls)',
  PROTOCOL_ERROR: 'the client broke the protocol: look for a proxy between the two that rewrites HTTP/2',
  FRAME_SIZE_ERROR: 'a frame was larger than announced',
  FLOW_CONTROL_ERROR: 'the client sent more than its window',
  COMPRESSION_ERROR: 'the headers could not be decompressed',
  INADEQUATE_SECURITY: 'TLS was not strong enough (RFC 9113 §9.2)',
  HTTP_1_1_REQUIRED: 'the request wants HTTP/1.1',
  INTERNAL_ERROR: 'the error stands in the log of the program',
};

function afterGoAway(s: Situation, { code, text }: Http2GoAway): string {
  const { c } = s;
  const told = text === null || text === '' ? '' : ` “${cutText(text, LONGEST_ERROR)}”`;
  const means = GOAWAY_CODES[code] ?? 'its log has the reason';
  return `Look why ${labelOf(c)} said GOAWAY ${code}${told} before it reset the connection (log at ${whenText(c.view, c.f.time)}): ${means}.`;
}

/** An HTTP error: what it says, and how it can arrive whole. */
function afterStatus(s: Situation, status: string, means: string | undefined): string {
  const { c } = s;
  const { f, view } = c;
  const request = requestOf(s);
  const asked = request === null ? '' : ` to ${requestText(request)}`;
  const who = upperFirst(labelOf(c));
  const told = means === undefined ? '' : ` (${means})`;
  const sent = sentBy(view, f, f.receiver);
  const announced = c.hints?.requestsSeen === 1 ? (request?.contentLength ?? null) : null;
  const isShort = sent !== null && announced !== null && announced > sent;
  if (isShort || f.lastDataAt[f.receiver] > f.lastDataAt[f.sender] || underWay(c, f.receiver) > 0) {
    const soFar = isShort
      ? `, ${bytesText(sent)} of a body of ${bytesText(announced)} sent`
      : sent === null
        ? ''
        : `, ${bytesText(sent)} sent`;
    return `${who} replied ${status}${asked}${told} and closed before the client’s body was read${soFar}. Let the server read the rest before it closes (nginx lingering_close always, Tomcat maxSwallowSize), and let the client send “Expect: 100-continue” and read the reply even when writing fails.`;
  }
  return `${who} replied ${status}${asked}${told}, then ended the connection with a reset: the reply is the real reason. Read it in the client, or in the access log at ${whenText(view, f.time)}; if clients see only the reset, let the server close in two steps (nginx lingering_close).`;
}

function errorText({ code, text }: ApplicationError): string {
  return text === '' ? code : `${code} “${cutText(text, LONGEST_ERROR)}”`;
}

function meaning({ code, text }: ApplicationError): string {
  return (
    ERRORS.find(([pattern]) => pattern.test(code) || pattern.test(text))?.[1] ?? 'that is the real reason'
  );
}
