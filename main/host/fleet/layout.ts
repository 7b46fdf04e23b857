/**
 * Where the files of a fleet lie: DIR/kind/day=2026-11-29/site=berlin/0123456789abcdef-00000.parquet. Day and site are what questions
 * leave out most by, so readers need not open what lies elsewhere.
 *
 * A _unit_ is a capture, or a segment of a live one: its files have its name, in each kind and day that it has rows of.
 */
import { join } from 'node:path';
import type { FleetKind } from '../../../shared/fleet/tables.ts';

export interface UnitId {
  readonly capture: bigint;
  readonly segment: number;
}

/** A day, 24 hours: files of one hold rows of that day alone. */
export const DAY_NS = 86_400_000_000_000n;

const MOST_SITE_CHARACTERS = 64;
export const DEFAULT_SITE = 'default';

/** Only characters that mean the same in a path, in a URL and to a shell; others become underlines. */
export function siteOf(name: string): string {
  const site = name.replaceAll(/[^\w.-]/gu, '_').slice(0, MOST_SITE_CHARACTERS);
  return site === '' ? DEFAULT_SITE : site;
}

export function captureName(capture: bigint): string {
  return BigInt.asUintN(64, capture).toString(16).padStart(16, '0');
}

export function unitName({ capture, segment }: UnitId): string {
  return `${captureName(capture)}-${String(segment).padStart(5, '0')}`;
}

/** Of a file of packets that a unit keeps. @param what tells it from the unit's others: the number of its reset */
export function caseName(unit: UnitId, what: number): string {
  return `${casePrefix(unit)}${what}.pcapng`;
}

/** What names of all files of packets of a unit begin with. */
export function casePrefix(unit: UnitId): string {
  return `${unitName(unit)}-`;
}

/** @returns undefined for what is no file of a unit: of open flows, or a compacted one */
export function unitOfFile(fileName: string): UnitId | undefined {
  const match = /^([0-9a-f]{16})-(\d{5,})\.parquet$/u.exec(fileName);
  return match === null
    ? undefined
    : { capture: BigInt.asIntN(64, BigInt(`0x${match[1]}`)), segment: Number(match[2]) };
}

/** @param ns since 1970 @returns 2026-11-29, of UTC */
export function dayOf(ns: bigint): string {
  return new Date(Number(floorDay(ns)) * (Number(DAY_NS) / 1e6)).toISOString().slice(0, 10);
}

/** Days since 1970; times before are on negative ones. */
export function floorDay(ns: bigint): bigint {
  const rest = ns % DAY_NS;
  return (ns - rest) / DAY_NS - (rest < 0n ? 1n : 0n);
}

export function partition(folder: string, kind: FleetKind, day: string, site: string): string {
  return join(folder, kind, `day=${day}`, `site=${site}`);
}
