/**
 * A scope as the names and values of an address, and back: what the page shows can be handed on.
 *
 * Invariant: scopeOf(scopeText(scope)) is the scope again, times to the millisecond; what is no scope is undefined.
 */
import * as v from 'valibot';
import { fleetResetId, fleetScope } from '../contract/fleet-schemas.ts';
import type { FleetResetId, FleetScope } from '../model/fleet.ts';

const WORDS = ['site', 'host', 'server', 'client', 'cause', 'origin'] as const;

export function scopeText(scope: FleetScope): readonly (readonly [name: string, value: string])[] {
  const texts: [string, string][] = [];
  const { fromMs, toMs, serverPort, onlyMatters } = scope;
  if (fromMs !== undefined) texts.push(['from', timeText(fromMs)]);
  if (toMs !== undefined) texts.push(['to', timeText(toMs)]);
  for (const word of WORDS) {
    const value = scope[word];
    if (value !== undefined) texts.push([word, value]);
  }
  if (serverPort !== undefined) texts.push(['port', String(serverPort)]);
  if (onlyMatters === true) texts.push(['matters', 'yes']);
  return texts;
}

/** @param value what an address has for a name; null where it has none */
export function scopeOf(value: (name: string) => string | null): FleetScope | undefined {
  const found: Record<string, unknown> = {};
  for (const word of WORDS) {
    const text = value(word);
    if (text !== null) found[word] = text;
  }
  const from = value('from');
  const to = value('to');
  const port = value('port');
  const matters = value('matters');
  if (from !== null) found['fromMs'] = Date.parse(from);
  if (to !== null) found['toMs'] = Date.parse(to);
  if (port !== null) found['serverPort'] = /^\d{1,5}$/.test(port) ? Number(port) : null;
  if (matters !== null) found['onlyMatters'] = matters === 'yes' ? true : null;
  const parsed = v.safeParse(fleetScope, found);
  return parsed.success ? parsed.output : undefined;
}

/** `CAPTURE/SEGMENT/NUMBER`, as the command line, the page and its addresses name a reset of a fleet. */
export function resetIdText({ capture, segment, reset }: FleetResetId): string {
  return `${capture}/${segment}/${reset}`;
}

export function parseResetId(text: string): FleetResetId | undefined {
  const [capture, segment, reset, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const number = (part: string | undefined): number => (/^\d{1,15}$/.test(part ?? '') ? Number(part) : -1);
  const parsed = v.safeParse(fleetResetId, { capture, segment: number(segment), reset: number(reset) });
  return parsed.success ? parsed.output : undefined;
}

/** What no calendar has stands as it is, and is refused when it is read. */
function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
