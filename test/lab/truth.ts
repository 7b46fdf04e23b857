/**
 * The truth about every reset of a run, from facts alone: whose it is, why it was sent, and whether it mattered. Nothing here
 * knows a verdict.
 */
import type { CauseCode } from '../../shared/model/cause.ts';
import type { Emission } from './facts.ts';
import { ACK } from './frames.ts';

/** What a scenario knows about its resets; the first rule that fits is taken. */
export interface CauseRule {
  /** A node's name or 'device'; any if left out. */
  readonly emitter?: string;
  /** The kernel's reason; null for a reset no TCP stack sent; any if left out. */
  readonly reason?: string | null;
  /** Whether its sender had reset that connection before; either if left out. */
  readonly again?: boolean;
  readonly cause: CauseCode;
  readonly alternatives?: readonly CauseCode[];
  readonly note?: string;
  /** Whether it ended work that was not finished, where packets alone leave that open; null where a capture cannot tell. */
  readonly matters?: boolean | null;
}

export interface Decision {
  readonly origin: 'endpoint' | 'middlebox';
  readonly cause: CauseCode;
  readonly alternatives: readonly CauseCode[];
  readonly note: string;
  /** Whether it ended work that was not finished; null where nobody can say. */
  readonly matters: boolean | null;
}

export const originOf = (e: Emission): 'endpoint' | 'middlebox' =>
  e.emitter === e.claimed ? 'endpoint' : 'middlebox';

export function decide(e: Emission, rules: readonly CauseRule[], kernelKnown: boolean): Decision {
  const origin = originOf(e);
  const rule = rules.find(
    (r) =>
      (r.emitter === undefined || r.emitter === e.emitter) &&
      (r.reason === undefined || r.reason === e.kernelReason) &&
      (r.again === undefined || r.again === e.before.ownReset),
  );
  const matters =
    rule?.matters === undefined ? (kernelKnown ? mattersOf(e, origin) : null) : mattersAmong(e, rule.matters);
  if (rule !== undefined)
    return {
      origin,
      cause: rule.cause,
      alternatives: rule.alternatives ?? [],
      note: rule.note ?? '',
      matters,
    };
  const { cause, alternatives, note } = usualCause(e, origin, kernelKnown);
  if (cause !== 'data-after-close' || !e.before.ownReset)
    return { origin, cause, alternatives, note, matters };
  // The abort it repeats: what caused that one is the cause of this one as well.
  const first = rules.filter((r) => r.emitter === undefined || r.emitter === e.emitter).map((r) => r.cause);
  return {
    origin,
    cause,
    alternatives: [...alternatives, ...first, 'closed-with-unread-data', 'aborted'],
    note: `${note}, after a reset of its own`,
    matters,
  };
}

/** Reasons of resets by which a host ends a connection of its own, whoever hears of it. */
const OWN_END = /ABORT|STATE|DISCONNECT|KEEPALIVE|MEMORY/u;

/**
 * A reset that ended a connection matters where work was under way on it. One that ended none does not where its sender had
 * ended its own side before; elsewhere a program without a socket may have been at work, of which no kernel tells.
 */
function mattersOf(e: Emission, origin: Decision['origin']): boolean | null {
  // What repeats or follows a reset belongs to that one.
  if (e.endedByOther || e.before.ownReset) return null;
  if (e.endsConnection) return e.unfinished;
  return origin === 'endpoint' && e.before.ownEnd && !OWN_END.test(e.kernelReason ?? 'STATE') ? false : null;
}

/**
 * Of several resets of one thing one matters, and what the others are told is told of that one: of the tries to connect the last,
 * of a connection at work the first.
 */
function mattersAmong(e: Emission, matters: boolean | null): boolean | null {
  if (matters !== true) return matters;
  if (e.before.ownReset) return null;
  return (e.before.hasData ? e.follows : e.isFollowed) ? null : true;
}

type Usual = Omit<Decision, 'origin' | 'matters'>;
const usual = (cause: CauseCode, note: string, ...alternatives: CauseCode[]): Usual => ({
  cause,
  alternatives,
  note,
});

/** What a reset means where the scenario does not say more. */
function usualCause(e: Emission, origin: Decision['origin'], kernelKnown: boolean): Usual {
  if (origin === 'middlebox') {
    if (e.emitter === 'device') return usual('injected', 'made by a device on the wire');
    if (e.kernelReason === 'NO_SOCKET')
      return usual(
        'nat-state-lost',
        'the translating router knew no such connection',
        'stateful-device-lost-flow',
        'stale-connection',
      );
    return usual('firewall-reject', 'made by the packet filter of a router', 'stateful-device-lost-flow');
  }
  switch (e.kernelReason) {
    case null:
      // The packet filter's resets pass no tracepoint, every other one does.
      return kernelKnown
        ? usual('host-firewall-reject', "made by the host's packet filter", 'firewall-reject')
        : usual('unknown', 'no kernel reason to be had');
    // TCP_FLAGS: a listening socket met a segment that is no SYN. For the connection it belongs to, nobody is there.
    case 'NO_SOCKET':
    case 'TCP_FLAGS':
      return noSocket(e);
    case 'TCP_ABORT_ON_CLOSE':
      // What a program has read is not on the wire: packets cannot tell this abort from one that was asked for.
      return usual(
        'closed-with-unread-data',
        'closed while received data lay unread',
        'aborted',
        'application-error',
        // A client that breaks a download off closes so: the one is the mechanism, the other what it was for.
        ...(e.claimed === 'client' ? (['client-cancelled'] as const) : []),
      );
    case 'TCP_ABORT_ON_DATA':
      return usual('data-after-close', 'data came for a socket that was closed');
    case 'TCP_TIMEWAIT_SOCKET':
      // Linux keeps a closed socket in FIN-WAIT-2 and TIME-WAIT as the same small record.
      return usual('data-after-close', 'data came for a connection in FIN-WAIT-2 or TIME-WAIT', 'time-wait');
    case 'TCP_STATE':
    case 'TCP_ABORT_ON_LINGER':
    case 'TCP_DISCONNECT_WITH_DATA':
      return usual('aborted', 'the program asked for a reset', 'closed-with-unread-data');
    case 'TCP_KEEPALIVE_TIMEOUT':
      return usual('keepalive-timeout', 'probes went unanswered');
    case 'TCP_ABORT_ON_MEMORY':
      return usual('memory-pressure', 'the host had no memory for it');
    case 'TCP_INVALID_ACK_SEQUENCE':
    case 'TCP_TOO_OLD_ACK':
    case 'TCP_ACK_UNSENT_DATA':
    case 'TCP_OLD_ACK':
    case 'TCP_RFC7323_PAWS':
    case 'INVALID_SYN':
      return usual('unacceptable-segment', 'a segment the connection could not take');
    default:
      return usual('unknown', `the kernel says ${e.kernelReason}`);
  }
}

function noSocket(e: Emission): Usual {
  const { seq, flags } = e.segment;
  if (seq === 0 && flags & ACK)
    return usual('connection-refused', 'nobody listens on that port', 'listener-gone');
  if (e.before.resetReceived)
    return usual(
      'stale-connection',
      'its own end was reset before',
      'unacceptable-segment',
      'data-after-close',
    );
  if (e.before.ownEnd)
    return usual('data-after-close', 'segments for a connection already given up', 'unacceptable-segment');
  return usual('stale-connection', 'a segment for a connection the host does not know', 'half-open-scan');
}
