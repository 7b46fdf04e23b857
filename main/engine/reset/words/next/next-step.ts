/** What to do next, or what to capture to settle what this capture leaves open. */
import { causeOf, type CauseCode } from '../../../../../shared/causes/list.ts';
import { lowerFirst, upperFirst } from '../../../../../shared/format/text.ts';
import { findCauseIf } from '../../cause/find-cause.ts';
import { isOfDevice } from '../../cause/middlebox.ts';
import { awayText, sideName } from '../../phrases.ts';
import type { Situation } from './advice.ts';
import { proofElsewhere } from '../elsewhere.ts';
import { proofText } from './devices.ts';
import { forwarderStep } from './forwarder.ts';
import { ADVICE } from './table.ts';

const NOTHING = /^Nothing to do/;
/** Causes whose advice holds whether the host or a device made the reset. */
const WHOEVER: ReadonlySet<CauseCode> = new Set(['idle-timeout', 'stale-connection']);

export function nextStep(s: Situation): string {
  return forwarderStep(s) ?? (s.c.kind === 'unknown' ? settleFirst(s) : adviceFor(s));
}

function adviceFor(s: Situation): string {
  const advice = ADVICE[s.cause.code]?.(s) ?? null;
  return advice === null ? general(s) : upperFirst(advice);
}

/** What the cause's own text says for that role, or where to look for a device. */
function general(s: Situation): string {
  const { c, cause, path } = s;
  const { f, kind } = c;
  if (kind === 'middlebox') {
    const receiver = sideName(f.receiver);
    if (c.witness.word === 'not-sent-in') {
      return `This machine did not send it: its kernel was watched. Look for the device ${path.resetHops === null ? `on the path to the ${receiver}` : awayText(path.resetHops)}: firewalls, intrusion prevention and content filters.`;
    }
    const where =
      path.resetHops === null ? `on the path to the ${sideName(f.sender)}` : awayText(path.resetHops);
    return `Look at the device ${where}: its session table, idle timeouts and reject rules. ${proofText(s)}`;
  }
  const { harmless, worthAStep, client, server, confirm } = causeOf(cause.code);
  if (harmless && worthAStep !== true) return `Nothing to do. ${confirm}`;
  const steps = f.sender === 0 ? client : server;
  return steps[0] ?? confirm;
}

/**
 * Where it is open who made the reset, the capture that settles it comes first; what the host's people would do follows as a
 * condition. Where nothing was lost there is nothing to settle either.
 */
function settleFirst(s: Situation): string {
  const { c } = s;
  const cause = findCauseIf(c, 'endpoint');
  // What cures a timer is the same whoever runs it.
  const either =
    c.f.sender === 1 && WHOEVER.has(cause.code) ? (ADVICE[cause.code]?.({ ...s, cause }) ?? null) : null;
  if (either !== null) return `${upperFirst(either)} ${settle(s)}`;
  const asHost = { ...s, cause, c: { ...c, kind: 'endpoint', middlebox: 0 } } as const;
  const advice = cause.code === 'unknown' || isOfDevice(cause) ? null : adviceFor(asHost);
  if (advice !== null && !s.matters && NOTHING.test(advice)) return advice;
  const settled = settle(s);
  if (advice === null || NOTHING.test(advice)) return settled;
  return `${settled} If the ${sideName(c.f.sender)} did send it: ${lowerFirst(advice)}`;
}

/** Which capture would settle who made it. */
function settle({ c, path }: Situation): string {
  const { f } = c;
  const sender = sideName(f.sender);
  const shown = proofElsewhere(c);
  if (shown !== null) return shown;
  if (path.capturePoint === sender) {
    return `Capture on the ${sender} itself with direction (tcpdump -i any), while it happens: an own reset leaves it, a forged one comes in.`;
  }
  if (f.measuredIn === 'nothing') {
    return `Capture at the ${sender} at the same time, or make a connection to one of its open ports in the same capture: its distance then shows whether the reset came from there.`;
  }
  return `Capture at the ${sender} at the same time: if this reset is not among the packets that leave it, a device on the path made it.`;
}
