/** What to do next, or what to capture to settle what this capture leaves open. */
import { causeOf } from '../../../../../shared/causes/list.ts';
import type { PathModel } from '../../../../../shared/model/verdict.ts';
import type { CauseContext } from '../../cause/context.ts';
import type { Situation } from './advice.ts';
import { forwarderStep } from './forwarder.ts';
import { ADVICE } from './table.ts';
import { awayText, sideName } from '../../phrases.ts';

export function nextStep(s: Situation): string {
  return forwarderStep(s) ?? ADVICE[s.cause.code]?.(s) ?? general(s);
}

/** What the cause's own text says for that role, or what would settle who made it. */
function general({ c, cause, path }: Situation): string {
  const { f, kind } = c;
  const sender = sideName(f.sender);
  if (kind === 'unknown') return settle(c, path);
  if (kind === 'middlebox') {
    if (c.witness.word === 'not-sent-in') {
      return `This machine did not send it: its kernel was watched. Look for the device ${path.resetHops === null ? `on the path to the ${sideName(f.receiver)}` : awayText(path.resetHops)}: firewalls, intrusion prevention and content filters.`;
    }
    const where = path.resetHops === null ? `on the path to the ${sender}` : awayText(path.resetHops);
    return `Look at the device ${where}: its session table, idle timeouts and reject rules. To prove it, capture at the ${sender} too: this reset will be missing among the packets that leave it.`;
  }
  const { harmless, worthAStep, client, server, confirm } = causeOf(cause.code);
  if (harmless && worthAStep !== true) return `Nothing to do. ${confirm}`;
  const steps = f.sender === 0 ? client : server;
  return steps[0] ?? confirm;
}

/** Which capture would settle who made it. */
function settle(c: CauseContext, path: PathModel): string {
  const { f } = c;
  const sender = sideName(f.sender);
  if (path.capturePoint === sender) {
    return `Capture on the ${sender} itself with direction (tcpdump -i any), while it happens: an own reset leaves it, a forged one comes in.`;
  }
  if (f.basePackets === 0 && f.addressFlows === 0) {
    return `Capture at the ${sender} at the same time, or make a connection to one of its open ports in the same capture: its distance then shows whether the reset came from there.`;
  }
  return `Capture at the ${sender} at the same time: if this reset is not among the packets that leave it, a device on the path made it.`;
}
