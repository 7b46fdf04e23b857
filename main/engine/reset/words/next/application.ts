/** Advice where a program ended the connection: who must be asked, which log to read at which time. */
import { bytesText } from '../../../../../shared/format/bytes.ts';
import { plural } from '../../../../../shared/format/count.ts';
import { upperFirst } from '../../../../../shared/format/text.ts';
import type { CauseContext } from '../../cause/context.ts';
import type { ResetFacts } from '../../observe/facts.ts';
import { FLOW_MIDSTREAM } from '../../../flow/record.ts';
import { portOf } from '../../observe/flow-ends.ts';
import type { UnfinishedReply } from '../../observe/messages.ts';
import { refusedUpload, unfinishedReply } from '../../observe/messages.ts';
import { delayText, sideName } from '../../phrases.ts';
import { deedText, ownerText } from '../../witness/account.ts';
import { hostText, labelOf } from '../labels.ts';
import type { Advice, AdviceTable, Situation } from './advice.ts';
import { requestOf, requestText, sentBy, sinceData, underWayText, whenText } from './case-text.ts';
import { errorReply } from './error-replies.ts';
import { tlsAlert } from './tls-alerts.ts';

/** Timeouts that programs are given, seconds. */
const ROUND_TIMERS = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 100, 120, 180, 300, 600];
const ROUND_WITHIN_S = 0.15;
/** Who ends it sooner did not wait in vain. */
const SHORTEST_WAIT_NS = 500_000_000;
const ROUND_SHARE = 0.01;

export const APPLICATION: AdviceTable = {
  aborted: byHost(aborted),
  'process-exit': byHost(ended),
  'client-cancelled': byHost(cancelled),
  'memory-pressure': byHost(outOfMemory),
  'application-error': byHost(errorReply),
  'tls-failure': byHost(tlsAlert),
  unknown: byHost(unexplained),
};

/** Where a device made it, or that is open, there is no program to ask. */
function byHost(advice: Advice): Advice {
  return (s) => (s.c.kind === 'endpoint' ? advice(s) : null);
}

function aborted(s: Situation): string {
  const { c, matters } = s;
  const { f, view } = c;
  const when = whenText(view, f.time);
  const witnessed = byWitness(s);
  if (witnessed !== null) return witnessed;
  const who = labelOf(c);
  const said = f.dataPacketsBefore[0] + f.dataPacketsBefore[1] > 0;
  if (f.oneSided && matters) {
    return `Ask on ${hostText(view, f, f.sender)} which program aborted the connection at ${when}. Only one direction was captured: capture where both pass, or on that host, to see whether an answer was missing.`;
  }
  if (!matters) {
    if (!said && f.sender === 0) {
      return `Nothing to do: ${who} opened the connection and dropped it without a byte, as monitors, load balancers and a browser’s spare connections do.`;
    }
    const calm = calmText(f);
    const what = calm.startsWith('the connection') ? 'it' : 'the connection';
    return `Nothing to do: ${calm} when ${who} aborted ${what} at ${when}. To end it politely, its program should close without SO_LINGER 0 (Java setSoLinger(true, 0), Node socket.resetAndDestroy(), Go SetLinger(0), HAProxy option nolinger).`;
  }
  return f.sender === 1 ? abortedByServer(s, who, when, said) : abortedByClient(s, who, when);
}

/** Why an abort did no harm, as far as the packets show. */
function calmText(f: ResetFacts): string {
  if (f.resetsBefore[0] + f.resetsBefore[1] > 0) return 'the connection had been reset already';
  if (f.finAt[0] >= 0 || f.finAt[1] >= 0) return 'the connection was being closed';
  return f.lastDataAt[1] > f.lastDataAt[0] ? 'what was asked had been answered' : 'nothing was under way';
}

function abortedByServer(s: Situation, who: string, when: string, said: boolean): string {
  const { c } = s;
  const { f, view } = c;
  const port = portOf(view, f.flow, 1);
  if (!said) {
    return `Look in the log of the program on port ${port} at ${when}: ${who} accepted this connection and dropped it before a byte was said. A limit or an allow-list does so (max_connections, worker_connections, sshd MaxStartups), and so does a restart: journalctl --since "${when}".`;
  }
  const request = requestOf(s);
  if (f.lastDataAt[0] > f.lastDataAt[1]) {
    const asked = request === null ? 'The client’s last message' : requestText(request);
    return `Look in the log of the program on port ${port} at ${when}: ${asked} was ${delayText(sinceData(c, 0))} old and had no answer when ${who} aborted the connection${underWayText(c)}. A worker that was killed for its time (gunicorn timeout 30 s), a crash, and SO_LINGER 0 end it so.`;
  }
  const reply = unfinishedReply(f, c.hints);
  if (reply !== null) {
    return `Look in the log of the program on port ${port} at ${when}: ${who} aborted the connection ${howFar(reply)}${request === null ? '' : ` to ${requestText(request)}`}. A process that is killed or crashes while it writes ends so (dmesg -T | grep -i "killed process", systemctl status, kubectl describe pod: OOMKilled), and a proxy whose own connection to the backend failed (nginx error.log "upstream prematurely closed").`;
  }
  return `Look in the log of the program on port ${port} at ${when}: ${who} aborted the connection${underWayText(c)}. Search its code and configuration for SO_LINGER 0, nginx reset_timedout_connection or HAProxy option nolinger, and see with nstat -az whether TcpExtTCPAbortOnData grew (it was asked for) or TcpExtTCPAbortOnClose (data was unread).`;
}

/** "after 1.4 kB of 5 kB of its reply" */
function howFar({ state, came, announced, status }: UnfinishedReply): string {
  if (state === 'short') return `after ${bytesText(came)} of ${bytesText(announced ?? 0)} of its reply`;
  if (state === 'chunks-missing') return `before the last chunk, after ${bytesText(came)} of its reply`;
  if (state === 'interim') return `after no more than an interim ${status} as its reply`;
  return 'where only a close (FIN) would have told the end of its reply';
}

function abortedByClient(s: Situation, who: string, when: string): string {
  const { c } = s;
  const { f } = c;
  const request = requestOf(s);
  const refused = refusedUpload(f, c.hints);
  if (refused !== null) {
    const asked = request === null ? 'the request' : requestText(request);
    return `The server replied ${`${refused.code} ${refused.reason}`.trim()} before the body of ${asked} had been sent, and ${who} gave up: that reply is the real reason. Look in the server’s log at ${when} for why it refused.`;
  }
  const waited = sinceData(c, 0);
  if (waited >= 0 && f.lastDataAt[0] > f.lastDataAt[1]) {
    const asked = request === null ? 'its last message' : requestText(request);
    const timer = roundTimer(waited);
    const why =
      timer === null
        ? 'Ask there which program did, and why'
        : `A timeout of ${timer} s is set in its program, perhaps: look why the server needs longer, or raise it`;
    const deed = waited < SHORTEST_WAIT_NS ? 'aborted the connection' : 'gave up';
    return `${upperFirst(who)} ${deed} ${delayText(waited)} after ${asked}, without an answer. ${why}; the server’s log at ${when} shows how long it worked on it.`;
  }
  return `Ask on ${hostText(c.view, f, 0)} which program aborted the connection at ${when}${underWayText(c)}. Search it for setLinger(true, 0), socket.destroy(), resetAndDestroy() and connection pools that abort.`;
}

function ended(s: Situation): string {
  const { c, matters } = s;
  const { f, view } = c;
  const when = whenText(view, f.time);
  const who = labelOf(c);
  const together = `${plural(f.simultaneous + 1, 'connection')} within ${delayText(f.simultaneousSpan)}`;
  const many = f.simultaneous > 0;
  const process = c.witness.event?.process ?? null;
  if (f.sender === 0) {
    const story = `${who} ended ${many ? together : 'it'} at ${when}: a program that quit or a browser that was closed, perhaps`;
    if (!matters) return `Nothing to do: ${story}, and all that was asked had been answered.`;
    const ask = process === null ? 'Ask there what ended at that time' : `It was ${ownerText(process)}`;
    return `${upperFirst(story)}${underWayText(c)}. ${ask}; the server has nothing to repair.`;
  }
  const port = portOf(view, f.flow, 1);
  const what = process === null ? `the program that served port ${port}` : ownerText(process);
  const story = `${what} on ${hostText(view, f, 1)} ended ${many ? together : 'this connection'} at ${when}, as one that stops, crashes or is killed does`;
  if (!matters) return `Nothing to do if it was restarted then: ${story}, and no request was under way.`;
  return `${upperFirst(story)}${underWayText(c)}. Look there: journalctl -u SERVICE --since "${when}", dmesg -T | grep -i "killed process", in Kubernetes kubectl describe pod (OOMKilled, exit code, failed probes). If it was a planned restart, let it finish its requests first (SIGTERM, then a grace period longer than the slowest request).`;
}

function cancelled(s: Situation): string {
  const { c } = s;
  const { f, view } = c;
  const who = hostText(view, f, f.sender);
  const waited = sinceData(c, f.sender);
  if (waited < 0 && f.synAt >= 0 && f.packetsBefore[f.receiver] === 0) return gaveUpConnecting(c, who);
  const request = requestOf(s);
  const asked = request === null ? 'its request' : requestText(request);
  const got = sentBy(view, f, f.receiver);
  const whole = c.hints?.httpStatus?.contentLength ?? null;
  const received =
    got === null || got === 0
      ? ''
      : whole !== null && whole > got
        ? `, after ${bytesText(got)} of ${bytesText(whole)}`
        : `, after ${bytesText(got)} of the answer`;
  const timer = waited < 0 ? null : roundTimer(waited);
  if (timer !== null) {
    return `If nobody cancelled it, raise a timeout of ${timer} s in the program on ${who}: it gave up ${delayText(waited)} after ${asked}${received} (curl --max-time, requests timeout=, .NET HttpClient.Timeout). Else make the answer quicker; the server has nothing else to repair.`;
  }
  const after = waited < 0 ? '' : ` ${delayText(waited)} after ${asked}`;
  const unwanted = `no longer wanted the answer${after}${received}`;
  const otherwise = `If nobody did, look in its program for a timeout, and in the server’s log at ${whenText(view, f.time)} for how long the answer took (nginx 499, HAProxy CD).`;
  return s.matters
    ? `Ask at ${who} whether somebody left the page or stopped the download: it ${unwanted}. ${otherwise}`
    : `Nothing to do if a page was left or a download stopped: ${who} ${unwanted}. ${otherwise}`;
}

/** The attempt failed, whoever ended it: no answer to it was seen. */
function gaveUpConnecting({ view, f, w }: CauseContext, who: string): string {
  const server = view.addressText(f.flow, f.receiver);
  const port = portOf(view, f.flow, f.receiver);
  return `If nobody cancelled it, find out why no answer came: ${who} gave up ${delayText(f.time - w.time[f.synAt])} after its SYN. On ${server}, tcpdump -ni any 'tcp port ${port}' shows whether the SYN arrives and a SYN-ACK leaves; without one look for a filter and a full queue (nft list ruleset, nstat -az TcpExtListenDrops), with one for the way back.`;
}

function outOfMemory(s: Situation): string {
  const { c } = s;
  const where = hostText(c.view, c.f, c.f.sender);
  return `On ${where}, which had no memory left for this connection at ${whenText(c.view, c.f.time)}: compare the third number of sysctl net.ipv4.tcp_mem (pages) with “mem” of TCP in /proc/net/sockstat, and net.ipv4.tcp_max_orphans with “orphan”. Then raise that limit, or find the program that leaves sockets open or unread (ss -tmp); nstat -az TcpExtTCPAbortOnMemory counts these resets.`;
}

/** The packets do not tell why: where that is written, and what a next capture must hold. */
function unexplained({ c, path }: Situation): string {
  const { f, view } = c;
  const when = whenText(view, f.time);
  const log =
    f.sender === 1
      ? `in the log of the program on port ${portOf(view, f.flow, 1)} of ${hostText(view, f, 1)}`
      : `in the program on ${hostText(view, f, 0)}`;
  const start = (f.flowBits & FLOW_MIDSTREAM) !== 0;
  const wants = [
    path.capturePoint === sideName(f.sender) ? '' : `at the ${sideName(f.sender)}`,
    start ? 'from before the connection begins' : '',
    f.oneSided ? 'where both directions pass' : '',
  ].filter((want) => want !== '');
  const again = wants.length === 0 ? '' : `, and capture again ${wants.join(', ')}`;
  return `Look ${log} at ${when}${again}: the packets at hand do not tell why it reset this connection.`;
}

/** The kernel of the capturing machine named the process: its log is the one to read. */
function byWitness({ c }: Situation): string | null {
  const { witness, view, f } = c;
  const process = witness.word === 'sent' ? (witness.event?.process ?? null) : null;
  const deed = deedText(witness);
  if (process === null || deed === undefined) return null;
  const when = whenText(view, f.time);
  return `Look in the log of ${ownerText(process)} on ${hostText(view, f, f.sender)} at ${when} (journalctl _PID=${process.pid} --since "${when}"): ${deed}${underWayText(c)}, as the kernel of this machine says.`;
}

/** The round number of seconds that programs are given as a timeout; null where it is none. */
function roundTimer(ns: number): number | null {
  const seconds = ns / 1e9;
  const near = (timer: number): boolean =>
    Math.abs(seconds - timer) <= Math.max(ROUND_WITHIN_S, ROUND_SHARE * timer);
  return ROUND_TIMERS.find(near) ?? null;
}
