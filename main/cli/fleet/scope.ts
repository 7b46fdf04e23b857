/** What part of a fleet a command is about, out of its options. */
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { FleetScope } from '../../../shared/model/fleet.ts';
import type { OriginKind } from '../../../shared/model/verdict.ts';

export interface ScopeOptions {
  readonly from?: string;
  readonly to?: string;
  readonly site?: string;
  readonly host?: string;
  readonly server?: string;
  readonly client?: string;
  readonly cause?: CauseCode;
  readonly origin?: OriginKind;
  readonly onlyMatters?: boolean;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

/** @returns the scope, or what is wrong with an option */
export function scopeOf(options: ScopeOptions, nowMs: number): FleetScope | string {
  const times: { fromMs?: number; toMs?: number } = {};
  for (const [name, key] of [
    ['from', 'fromMs'],
    ['to', 'toMs'],
  ] as const) {
    const text = options[name];
    if (text === undefined) continue;
    const ms = timeOf(text, nowMs);
    if (ms === undefined)
      return `--${name} is a time such as 2026-11-29T14:00 (UTC), or how long ago it is: 30m, 2h, 7d; not “${text}”`;
    times[key] = ms;
  }
  if (times.fromMs !== undefined && times.toMs !== undefined && times.fromMs >= times.toMs)
    return '--from is not before --to';
  const { cause, site, host, client, onlyMatters } = options;
  return {
    ...times,
    ...(site === undefined ? {} : { site }),
    ...(host === undefined ? {} : { host }),
    ...serverOf(options.server),
    ...(client === undefined ? {} : { client }),
    ...(cause === undefined ? {} : { cause }),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(onlyMatters === true ? { onlyMatters } : {}),
  };
}

/** Milliseconds since 1970; a time without a zone is UTC, as all times of a fleet are. */
export function timeOf(text: string, nowMs: number): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/u.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * UNITS_MS[unit];
  if (text === 'now') return nowMs;
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:\d\d)?$/u.exec(text) ?? [];
  if (date === undefined) return undefined;
  const ms = Date.parse(`${date}T${time ?? '00:00'}${zone ?? 'Z'}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** An address with a port is both; a name or an address alone is any port. */
function serverOf(text: string | undefined): Pick<FleetScope, 'server' | 'serverPort'> {
  if (text === undefined) return {};
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/u.exec(text) ?? [];
  if (port === undefined) return { server: text };
  const server = bracketed ?? plain;
  return { ...(server === '' ? {} : { server }), serverPort: Number(port) };
}
