/** What the programs at the two ends see of a reset: by the state that each end is in, and by who made it (RFC 9293 §3.10.7). */
import type { Obeyed, ProgramSees } from '../../../../shared/model/verdict.ts';
import type { CauseContext } from '../cause/context.ts';
import type { ResetFacts } from '../observe/facts.ts';

export function seesOf(
  c: CauseContext,
  obeyed: Obeyed,
): { readonly client: ProgramSees; readonly server: ProgramSees } {
  const receiver = receiverSees(c, obeyed);
  const sender = senderSees(c);
  return c.f.sender === 1 ? { client: receiver, server: sender } : { client: sender, server: receiver };
}

function receiverSees({ f, elsewhere }: CauseContext, obeyed: Obeyed): ProgramSees {
  if (elsewhere.stopped !== undefined) return 'unaware';
  if (obeyed === 'ignored' || obeyed === 'challenged') return 'ignored';
  // SYN-SENT is a client's state; a server whose handshake is not done has shown the connection to no program.
  if (f.synAt >= 0 && !isOpenAt(f, f.receiver)) return f.receiver === 0 ? refusal(obeyed) : 'not-yet';
  if (f.resetsBefore[0] + f.resetsBefore[1] > 0) return 'unknown';
  // Both FINs are through: a program that still held the socket would have read the end of the stream by now.
  if (f.finAt[0] >= 0 && f.finAt[1] >= 0) return 'closed';
  return obeyed === 'yes' ? 'reset' : 'unknown';
}

function refusal(obeyed: Obeyed): ProgramSees {
  return obeyed === 'yes' ? 'refused' : 'unknown';
}

function senderSees({ f, kind, elsewhere }: CauseContext): ProgramSees {
  if (kind === 'endpoint') return 'own';
  if (kind === 'unknown') return 'unknown';
  if (f.mirrorAt >= 0 || (elsewhere.event?.sameActAs ?? null) !== null) return 'reset';
  return f.synAt >= 0 && !isOpenAt(f, f.sender) && f.sender === 1 ? 'not-yet' : 'unaware';
}

/** Whether the handshake was done for that side when the reset came: the client's with the SYN-ACK, the server's with what answers it. */
function isOpenAt(f: ResetFacts, side: 0 | 1): boolean {
  if (f.handshake >= 0 || f.lastDataAt[0] >= 0 || f.lastDataAt[1] >= 0) return true;
  return side === 0 && f.synAckAt >= 0 && f.synAckAt < f.at;
}
