/**
 * What a program has to do to be one side of a connection again, up to its reset: turns of reading and sending, then an end. The
 * languages write the same plan down in their ways.
 *
 * A reset is never made by itself: it is brought about by what programs do with sockets (close with data unread, SO_LINGER with time 0,
 * close and be sent more), so that the kernel makes a genuine one. What no socket can do is said instead.
 */
import type { Exchange, ExchangeStep } from '../model/exchange.ts';
import type { CauseCode } from '../model/cause.ts';
import type { Side, Verdict } from '../model/verdict.ts';

export interface HttpStatus {
  readonly code: number;
  /** Content-Length as it was sent; null where there was none. */
  readonly contentLength: number | null;
  /** Number in the analysis of the packet that begins it. */
  readonly packet: number;
}

export interface Captured {
  readonly verdict: Pick<
    Verdict,
    'claimed' | 'family' | 'origin' | 'cause' | 'obeyed' | 'sees' | 'summary' | 'silenceSeconds'
  >;
  readonly exchange: Exchange;
  /** Frame of the reset in its file. */
  readonly frame: number;
  readonly serverPort: number;
  readonly httpStatus: HttpStatus | null;
}

export type PlanStep =
  | { readonly do: 'read'; readonly bytes: number; readonly about: string }
  | { readonly do: 'send'; readonly bytes: number; readonly http: HttpStatus | null; readonly about: string }
  | { readonly do: 'wait'; readonly seconds: number; readonly about: string }
  /** Waits for bytes and leaves them unread. */
  | { readonly do: 'leave'; readonly bytes: number; readonly about: string }
  | { readonly do: 'finish'; readonly about: string };

/**
 * `refuse`: nothing listens. `unread`: closes with data unread. `exit`: the process ends with data unread. `abort`: closes with SO_LINGER
 * and time 0. `abort-on-data`: the same once more data comes. `close`: closes; what is sent after that is answered by the kernel. `watch`: this is
 * the side that was reset: it reads on and tells what it sees.
 */
export type PlanEnd = 'refuse' | 'unread' | 'exit' | 'abort' | 'abort-on-data' | 'close' | 'watch';

export interface Plan {
  readonly side: Side;
  readonly steps: readonly PlanStep[];
  readonly end: PlanEnd;
  readonly endAbout: string;
  /** Something is read before what is left unread, which takes care where reading runs ahead. */
  readonly readsBefore: boolean;
  readonly differs: readonly string[];
}

/** What both languages are given. */
export interface ScriptParts {
  readonly plan: Plan;
  /** Paragraphs at the head of the program. */
  readonly head: readonly string[];
  /** Where it listens, or whom it connects to, unless told otherwise. */
  readonly port: number;
}

export type Planned =
  { readonly plan: Plan; readonly why?: undefined } | { readonly plan: null; readonly why: string };

/** Waits shorter than this are the network's, not a program's. */
const SHORTEST_WAIT_SECONDS = 0.05;

/** What no program can do by itself, and what can be done in its stead. */
const IMPOSSIBLE: Partial<Readonly<Record<CauseCode, string>>> = {
  backscatter:
    'The reset answers a packet that somebody sent with a borrowed address: no connection was there. Only raw packets make one; a program that uses connections never sees it.',
  'half-open-scan':
    'The client ended the handshake half way, which a scanner does with raw packets: nmap -sS against a port of your own makes the same.',
  'time-wait':
    'The reset comes of an old connection that still waits in TIME-WAIT on the same ports: the kernel makes it by itself. What a client sees is that connecting fails once and works when it is tried again.',
  'port-reuse':
    'The reset clears an old connection on the same ports, of which only a kernel that kept it knows. What a client sees is that connecting takes one more try.',
  'reset-loop':
    'Both ends answer resets with resets, which no system of today does by itself: raw packets or the two devices in question are needed.',
  'unacceptable-segment':
    'A kernel answered a segment that fits no state of its connection, which programs cannot send: raw packets are needed.',
};

/** Causes that leave what was received unread. */
const LEAVES_UNREAD: readonly CauseCode[] = [
  'closed-with-unread-data',
  'request-too-large',
  'client-cancelled',
];
const ENDS_PROCESS: readonly CauseCode[] = ['process-exit', 'memory-pressure'];
const REFUSES: readonly CauseCode[] = [
  'connection-refused',
  'icmp-refused',
  'host-firewall-reject',
  'firewall-reject',
];

/** @param side whose part is played; the side whose address the reset carries where it is left out */
export function planOf(captured: Captured, side?: Side): Planned {
  const { verdict, exchange } = captured;
  const played = side ?? verdict.claimed;
  if (played !== verdict.claimed) return { plan: watcher(captured, played) };
  const { code } = verdict.cause;
  const impossible = IMPOSSIBLE[code];
  if (impossible !== undefined) return { plan: null, why: impossible };
  if (verdict.obeyed === 'ignored' || verdict.obeyed === 'challenged') {
    return {
      plan: null,
      why: 'The receiver’s system did not act on this reset, so that no program saw it. Any reset that a program brings about is a genuine one and would be obeyed; forging one takes raw packets. For a client there is nothing to be tested: the connection goes on.',
    };
  }
  const isEstablished =
    exchange.establishedFrame !== null || exchange.steps.length > 0 || exchange.synFrame === null;
  if (!isEstablished && (verdict.family === 'syn-reply' || REFUSES.includes(code))) {
    if (played === 'client')
      return {
        plan: null,
        why: 'A client that answers a handshake with a reset does so with raw packets, as scanners do.',
      };
    return { plan: plan(captured, played, [], 'refuse', `frame ${captured.frame} refuses the SYN`) };
  }
  return { plan: ended(captured, played) };
}

function ended(captured: Captured, side: Side): Plan {
  const { verdict, exchange, frame } = captured;
  const { code } = verdict.cause;
  const other = side === 'client' ? 'server' : 'client';
  const { steps } = exchange;
  const lastOfOther = steps.findLastIndex((step) => step.from === other && step.kind === 'data');
  const ownFin = steps.findIndex((step) => step.from === side && step.kind === 'fin');
  if (ownFin >= 0 && (code === 'data-after-close' || verdict.family === 'reply')) {
    const about = `it closes in frame ${steps[ownFin].firstFrame}; frame ${frame} answers what came after that`;
    return plan(captured, side, steps.slice(0, ownFin), 'close', about);
  }
  if (LEAVES_UNREAD.includes(code) || ENDS_PROCESS.includes(code)) {
    if (lastOfOther >= 0 && ownFin < 0) {
      const unread = steps[lastOfOther];
      const about = `frame ${frame} resets while ${framesText(unread)} (${unread.bytes} bytes) is unread`;
      const end = ENDS_PROCESS.includes(code) ? 'exit' : 'unread';
      return plan(captured, side, steps, end, about, unread);
    }
  }
  const last = steps.at(-1);
  if (verdict.family === 'reply' && last?.from === other && last.kind === 'data') {
    const about = `frame ${frame} answers what comes in ${framesText(last)}`;
    return plan(captured, side, steps.slice(0, -1), 'abort-on-data', about);
  }
  return plan(captured, side, steps, 'abort', `frame ${frame} resets the connection`);
}

/** The side that was reset: it does what it did and tells what it sees. */
function watcher(captured: Captured, side: Side): Plan {
  return plan(
    captured,
    side,
    captured.exchange.steps,
    'watch',
    `frame ${captured.frame} resets the connection`,
  );
}

function plan(
  captured: Captured,
  side: Side,
  steps: readonly ExchangeStep[],
  end: PlanEnd,
  endAbout: string,
  unread?: ExchangeStep,
): Plan {
  const { exchange, httpStatus } = captured;
  const planned: PlanStep[] = [];
  for (const step of steps) {
    const isOwn = step.from === side;
    if (isOwn && step.afterSeconds >= SHORTEST_WAIT_SECONDS) {
      planned.push({ do: 'wait', seconds: step.afterSeconds, about: `before ${framesText(step)}` });
    }
    if (step.kind === 'fin') {
      // The other side's FIN is seen by itself.
      if (isOwn) planned.push({ do: 'finish', about: framesText(step) });
    } else if (isOwn) {
      const http = httpStatus?.packet === step.packet ? httpStatus : null;
      planned.push({ do: 'send', bytes: step.bytes, http, about: framesText(step) });
    } else if (step === unread) {
      planned.push({ do: 'leave', bytes: step.bytes, about: `${framesText(step)}, left unread` });
    } else {
      planned.push({ do: 'read', bytes: step.bytes, about: framesText(step) });
    }
  }
  const waits = end === 'abort' || end === 'unread' || end === 'exit';
  if (waits && exchange.endsAfterSeconds >= SHORTEST_WAIT_SECONDS) {
    planned.push({
      do: 'wait',
      seconds: exchange.endsAfterSeconds,
      about: `silence before frame ${captured.frame}`,
    });
  }
  const readsBefore = unread !== undefined && planned.some((step) => step.do === 'read');
  return { side, steps: planned, end, endAbout, readsBefore, differs: differences(captured, end) };
}

function framesText({ firstFrame, lastFrame }: ExchangeStep): string {
  return firstFrame === lastFrame ? `frame ${firstFrame}` : `frames ${firstFrame} to ${lastFrame}`;
}

/** What a program could notice of a difference, honestly. */
function differences({ verdict, exchange }: Captured, end: PlanEnd): string[] {
  const told: string[] = [];
  const { kind } = verdict.origin;
  if (kind === 'middlebox' && end !== 'watch') {
    told.push(
      end === 'refuse'
        ? 'A device on the path made this reset; here the host itself refuses. The client sees the same error.'
        : 'A device on the path made this reset, and the end whose address it carries did not know: it kept its half of the connection. Here the program ends the connection itself. The other end sees the same error at the same point of the talk.',
    );
  }
  if (kind === 'unknown' && end !== 'watch') {
    told.push(
      'The capture does not tell whether the host or a device on the path made this reset; here the host does.',
    );
  }
  if (end === 'abort-on-data') {
    told.push(
      'The captured reset came out of a system that no longer knew the connection, which a program cannot forget without telling; here the program reads what comes and aborts, so that the reset carries an acknowledgement.',
    );
  }
  if (verdict.cause.code === 'listen-overflow' && end !== 'watch') {
    told.push(
      end === 'refuse'
        ? 'The captured listener had no room for the connection; here nothing listens.'
        : 'The captured listener had no room for the connection; here it is accepted and reset at once.',
    );
  }
  if (verdict.cause.code === 'path-mtu') {
    told.push(
      'The captured connection starved because large packets vanished; on a loopback nothing does, so that only its end is the same.',
    );
  }
  if (verdict.cause.code === 'memory-pressure') {
    told.push('The captured process was ended for want of memory; here it ends itself.');
  }
  if (exchange.synFrame === null)
    told.push('The capture began in the middle of the connection: what was said before is not played.');
  if (exchange.moreSteps > 0)
    told.push(`The talk went on for ${exchange.moreSteps} more turns, which are not played.`);
  return told;
}
