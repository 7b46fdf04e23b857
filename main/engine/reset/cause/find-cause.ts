/** The rules in order: the first that fits names the cause, so the most specific come first. */
import type { Cause, OriginKind } from '../../../../shared/model/verdict.ts';
import { errorReply, goAwaySaid, otherLeg, tlsAlert } from './application.ts';
import {
  abort,
  afterClose,
  besideSocket,
  emptyConnection,
  loop,
  manyAtOnce,
  stale,
  unreadBody,
} from './close.ts';
import type { CauseContext, CauseRule } from './context.ts';
import { cause } from './context.ts';
import { byMiddlebox, ownWords, steeredAway } from './middlebox.ts';
import { isPossible, reconcileCause } from './witness.ts';
import { halfOpen, overflow, recovery, refused, stray, untranslated } from './handshake.ts';
import { ageLimit, icmp, idle, keepAlive, pathMtu, peerUnreachable } from './timers.ts';

const RULES: readonly CauseRule[] = [
  ownWords,
  icmp,
  untranslated,
  recovery,
  refused,
  stray,
  loop,
  steeredAway,
  byMiddlebox,
  overflow,
  halfOpen,
  keepAlive,
  pathMtu,
  peerUnreachable,
  unreadBody,
  manyAtOnce,
  afterClose,
  tlsAlert,
  goAwaySaid,
  errorReply,
  otherLeg,
  ageLimit,
  idle,
  emptyConnection,
  abort,
  besideSocket,
  stale,
];

export const UNKNOWN_CAUSE = cause('unknown', 0.3);

export function findCause(c: CauseContext): Cause {
  return reconcileCause(c, shownCause(c));
}

/** What the cause would be if that kind of maker were known to be right. */
export function findCauseIf(c: CauseContext, kind: Exclude<OriginKind, 'unknown'>): Cause {
  const { kind: known, middlebox } = c;
  c.kind = kind;
  c.middlebox = kind === 'middlebox' ? 1 : 0;
  const found = findCause(c);
  c.kind = known;
  c.middlebox = middlebox;
  return found;
}

/** What the packets alone show, of what the kernel does not exclude. */
function shownCause(c: CauseContext): Cause {
  for (const rule of RULES) {
    const found = rule(c);
    if (found !== null && isPossible(c, found)) return found;
  }
  return UNKNOWN_CAUSE;
}
