/** Phrases that the advice of several causes shares. */
import { endText } from '../../phrases.ts';
import { hostText } from '../labels.ts';
import type { Situation } from './advice.ts';

/** Cause confidence below which advice begins with "If". */
const UNSURE = 0.6;

/** "the server 10.0.0.2" of the side whose address the reset carries. */
export function senderText({ c }: Situation): string {
  return hostText(c.view, c.f, c.f.sender);
}

export function receiverText({ c }: Situation): string {
  return hostText(c.view, c.f, c.f.receiver);
}

/** "10.0.0.2:443" */
export function serviceText({ c }: Situation): string {
  return endText(c.view, c.f.flow, 1);
}

export function clientText({ c }: Situation): string {
  return hostText(c.view, c.f, 0);
}

export function serverText({ c }: Situation): string {
  return hostText(c.view, c.f, 1);
}

export function isUnsure({ cause }: Situation): boolean {
  return cause.confidence < UNSURE;
}

/** Settings of clients that keep connections for later use: the usual few, as the table of settings beside it holds the rest. */
export const POOL_SETTINGS =
  'Node agentkeepalive freeSocketTimeout, Go IdleConnTimeout, .NET PooledConnectionIdleTimeout, HikariCP maxLifetime';
