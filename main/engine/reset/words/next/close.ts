/** Advice where something was closed, lost or left unread before the reset, and for the resets that only follow one. */
import type { PacketNumber } from '../../../../../shared/base/units.ts';
import { bytesText } from '../../../../../shared/format/bytes.ts';
import { countText } from '../../../../../shared/format/count.ts';
import { portOf } from '../../observe/flow-ends.ts';
import { knownTimer, outlastedTimers, timerText } from '../../observe/idle-constants.ts';
import { timeBetween } from '../../observe/flow-window.ts';
import type { UnreadRequest } from '../../observe/messages.ts';
import { PAYLOAD_TOO_LARGE, answersIdleProbe, unreadRequest } from '../../observe/messages.ts';
import { SHORTEST_SILENCE_NS } from '../../observe/silence.ts';
import { upperFirst } from '../../../../../shared/format/text.ts';
import { delayText, sideName } from '../../phrases.ts';
import type { Advice, AdviceTable, Situation } from './advice.ts';
import { requestOf, requestText, sinceData, whenText } from './case-text.ts';
import { POOL_SETTINGS, clientText, isUnsure, receiverText, senderText, serviceText } from './say.ts';

const UNAUTHORIZED = 401;
/** A cause less sure than this is told with a hedge. */
const SURE = 0.8;

/** A connection ends once: what comes after its first reset is told with that one. */
function followsReset(s: Situation): string | null {
  const { f, w, view } = s.c;
  if (f.resetsBefore[0] + f.resetsBefore[1] === 0) return null;
  const at = f.firstResetAt;
  // In whose name the first one came is seen; who made it is told with that one.
  const first =
    at < 0
      ? ''
      : ` (frame ${view.packets.frame(w.packet[at] as PacketNumber)}, in the ${sideName(w.from[at] === 0 ? 0 : 1)}'s name)`;
  return `Nothing to do about this one: the connection had been reset already${first}, and this reset only answers what was still on its way. The reason stands with the first reset of this connection.`;
}

const dataAfterClose: Advice = (s) => {
  const { f } = s.c;
  if (s.c.kind !== 'endpoint') return null;
  const follows = followsReset(s);
  if (follows !== null) return follows;
  if (f.silenceBefore === 'fin' && f.silence >= SHORTEST_SILENCE_NS) return closedIdle(s);
  const request = unreadRequest(f, s.c.hints);
  if (request !== null && s.matters) return drain(s, request);
  const late = f.crossedBytes > 0 ? `${countText(f.crossedBytes)} bytes` : 'what still came';
  if (!s.matters) {
    return `Nothing to do: ${senderText(s)} had closed the connection, and ${late} from ${receiverText(s)} came after that; the reset only says so.`;
  }
  if (f.sender === 0) {
    return `${senderText(s)} closed before it had read the reply of ${serviceText(s)}: look for a limit of time or size in the client at this time; if it wanted the rest, let it read to the end before it closes.`;
  }
  return `${senderText(s)} closed while ${receiverText(s)} was still sending (${late} lost): let the server close in two steps (shutdown, read to the end, close; nginx lingering_close) and say "Connection: close" in its last reply; the client repeats what is safe to repeat.`;
};

/** The server's timer and the client's next request crossed. */
function closedIdle(s: Situation): string {
  const { f } = s.c;
  const silence = delayText(f.silence);
  const known = knownTimer(f.silence);
  const timer = known === null ? '' : ` (${known.names})`;
  const others =
    f.sameCloses > 0
      ? `, as it did on ${countText(f.sameCloses)} other ${f.sameCloses === 1 ? 'connection' : 'connections'}`
      : '';
  if (f.sender === 0) {
    const nothing = s.matters ? '' : 'Nothing to do: ';
    return `${nothing}${senderText(s)} closed the connection after ${silence} idle${timer}${others}, and what ${serviceText(s)} sent then met no socket${s.matters ? `; if that was wanted, let the client keep idle connections for longer than ${silence}` : ''}.`;
  }
  const lost = f.crossedBytes > 0 ? `${countText(f.crossedBytes)} bytes` : 'the next request';
  const nothing = s.matters ? '' : 'Nothing to do unless requests fail now and then: ';
  return `${nothing}let the client side (pool, proxy or load balancer) drop idle connections before ${silence} (${POOL_SETTINGS}), or set the keep-alive timeout of ${serviceText(s)} above what the client side keeps (above 60 s behind an AWS load balancer), and repeat such requests where that is safe. ${serviceText(s)} closes after ${silence} idle${timer}${others}, and ${lost} of ${receiverText(s)} crossed that close.`;
}

function drain(s: Situation, unread: UnreadRequest): string {
  const { came, announced, status } = unread;
  const some = came === null ? 'part' : bytesText(came);
  const of = announced === null ? '' : ` of ${bytesText(announced)}`;
  const reply = status === null ? 'without a reply' : `after its ${status}`;
  const client =
    status === UNAUTHORIZED
      ? 'The client should send credentials with the first request, or Expect: 100-continue'
      : 'The client should send Expect: 100-continue with large bodies, and read the reply even when writing fails';
  const asked = unread.asksFirst
    ? 'The client did ask first (Expect: 100-continue) and should wait for the answer'
    : client;
  const request = requestOf(s);
  const whose = request === null ? 'the request' : requestText(request);
  const lost = status === null ? '' : ', so the client may never see that reply';
  return `Let ${senderText(s)} read the body to its end before it closes, or close in two steps (shutdown, read to the end, close; nginx lingering_close, Tomcat maxSwallowSize): only ${some}${of} of the body of ${whose} had come when it closed ${reply}${lost}. ${asked}.`;
}

const unread: Advice = (s) => {
  if (s.c.kind !== 'endpoint') return null;
  const follows = followsReset(s);
  if (follows !== null) return follows;
  const request = unreadRequest(s.c.f, s.c.hints);
  const isBody = request !== null && s.c.f.sender !== s.c.hints?.clientDirection;
  return isBody ? drain(s, request) : unreadText(s);
};

/** What was unread is not known to be a request's body: the log of whoever closed tells what it was about. */
function unreadText(s: Situation): string {
  const { f, view } = s.c;
  const when = whenText(view, f.time);
  const seems = s.cause.confidence < SURE ? 'seems to have closed' : 'closed';
  const request = requestOf(s);
  const asked = request === null ? `the last data of ${receiverText(s)}` : requestText(request);
  const waited = sinceData(s.c, f.receiver);
  const after = waited < 0 ? '' : ` ${delayText(waited)} after ${asked}`;
  if (f.sender === 0) {
    return `Look in the program on ${senderText(s)} at ${when}: it ${seems} the connection${after} with data of ${serviceText(s)} unread. If it wanted the rest, let it read to the end before it closes; look for a limit of time or size there.`;
  }
  const unanswered = f.lastDataAt[0] > f.lastDataAt[1] ? ', without an answer' : '';
  return `Look in the log of the program on port ${portOf(view, f.flow, 1)} at ${when}: ${senderText(s)} ${seems} the connection${after}${unanswered}, with data unread. A handler that gives up before it has read all, a limit, and a worker that is stopped or killed end it so; let it read to the end before it closes (nginx lingering_close, Tomcat maxSwallowSize).`;
}

const tooLarge: Advice = (s) => {
  const request = unreadRequest(s.c.f, s.c.hints);
  if (s.c.kind !== 'endpoint' || request === null) return null;
  const size = request.announced === null ? 'the body' : `a body of ${bytesText(request.announced)}`;
  const limit = request.status === PAYLOAD_TOO_LARGE ? 'refuses' : 'may refuse';
  const of = request.announced === null ? '' : ` of ${bytesText(request.announced)}`;
  const came = request.came === null ? '' : ` It closed after ${bytesText(request.came)}${of}.`;
  const status = request.status === null ? 'its reply' : `its ${request.status}`;
  return `${serviceText(s)} ${limit} ${size}: raise its limit if such uploads are meant to pass (nginx client_max_body_size, IIS maxAllowedContentLength, Apache LimitRequestBody, the framework's own), else send less.${came} To let clients see ${status} instead of a reset, let it read the body before it closes (nginx lingering_close, Tomcat maxSwallowSize), and let them send Expect: 100-continue.`;
};

const stale: Advice = (s) => {
  const { f, kind } = s.c;
  const follows = followsReset(s);
  if (follows !== null && kind === 'endpoint') return follows;
  if (kind === 'middlebox') return null;
  if (f.silenceBefore !== 'answer' || f.silence < SHORTEST_SILENCE_NS) {
    return kind === 'endpoint' ? unknownThere(s) : null;
  }
  const silence = delayText(f.silence);
  const timer = outlastedTimers(f.silence, f.survived)[0] ?? null;
  const survived = f.survived >= SHORTEST_SILENCE_NS && f.survived < f.silence;
  const known = timer === null ? silence : timerText(timer);
  const below = survived ? `${delayText(f.survived)}, which was survived` : known;
  const who = kind === 'endpoint' ? senderText(s) : `${senderText(s)}, or a device in front of it,`;
  const first = isUnsure(s)
    ? `If it was a timer, it is shorter than ${silence}`
    : `${who} no longer knew this connection after ${silence} of silence`;
  const work = answersIdleProbe(s.c)
    ? ' Nothing was under way: a keep-alive probe found it before a request was lost.'
    : '';
  return `${first}: let ${clientText(s)} keep idle connections for less than ${below} (${POOL_SETTINGS}), or send keep-alives sooner (TCP_KEEPIDLE). If that is no timer, look for a restart or fail-over behind ${serviceText(s)} within that time (uptime, journalctl --list-boots, kubectl get pods).${work}`;
};

/** Without a silence that could have been a timer: something took the connection from the host. */
function unknownThere(s: Situation): string {
  const { f, view } = s.c;
  const seems = s.cause.confidence < SURE ? 'seems not to have known' : 'did not know';
  const when = whenText(view, f.time);
  if (f.sender === 0) {
    const shown =
      s.path.capturePoint === 'client' || s.c.elsewhere.event !== undefined
        ? ''
        : '; a capture at the client shows whether a FIN or reset left it before and was lost';
    return `Look on ${senderText(s)} for a program or host that was restarted or gave the connection up before ${when} (uptime, ss -to, its log): it ${seems} this connection when ${serviceText(s)} sent to it${shown}.`;
  }
  return `Look behind ${serviceText(s)} for a restart, a fail-over or a moved address before ${when} (uptime, journalctl --list-boots, kubectl get pods, events of the virtual IP or cluster): it ${seems} this connection when ${clientText(s)} sent to it. A new connection works if that is over.`;
}

const loop: Advice = (s) => {
  const { f, w } = s.c;
  if (f.loopRounds === 0) return null;
  const span = delayText(timeBetween(w, f.loopFirstAt, f.loopLastAt));
  return `Nothing to do about the single resets: they are one loop of ${countText(f.loopRounds)} rounds in ${span}, and the connection was over before it. ${upperFirst(receiverText(s))} answers each reset with an acknowledgement that carries an old number or the reset's own instead of its own next one (RFC 5961 §3.2): update its TCP stack, or limit such resets (nft … tcp flags rst limit rate) until then.`;
};

/** In a connection that stands: data out of order. While one is opened the handshake's advice holds. */
const outOfOrder: Advice = (s) => {
  const { f, product } = s.c;
  const follows = followsReset(s);
  if (follows !== null) return follows;
  if (f.missingBefore === 0) return null;
  const cure =
    product?.sign === 'window-code'
      ? ` Its reset code (${f.window} in the window field) says so: it keeps no state until the first data after a SYN cookie; bind a TCP profile with -EstablishClientConn CONN_ESTABLISHED.`
      : '';
  const who =
    product?.sign === undefined
      ? senderText(s)
      : `${senderText(s)} (${product.name.replace(/ \(.*\)$/u, '')})`;
  return `${who} reset because data of the ${sideName(f.receiver)} came out of order: ${countText(f.missingBefore)} bytes before it were missing and came later or not at all.${cure} Look for what reorders packets on the path (links in parallel, per-packet balancing), or let that host accept such data.`;
};

export const CLOSE: AdviceTable = {
  'data-after-close': dataAfterClose,
  'closed-with-unread-data': unread,
  'request-too-large': tooLarge,
  'stale-connection': stale,
  'reset-loop': loop,
  'unacceptable-segment': outOfOrder,
};
