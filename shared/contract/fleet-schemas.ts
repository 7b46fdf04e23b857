/** The parameters of fleet-methods.ts as run-time schemas. They become questions to a store: what they may be is stated here. */
import * as v from 'valibot';
import { CAUSE_CODES } from '../model/cause.ts';
import { ORIGIN_KINDS } from '../model/verdict.ts';

export const FLEET_BOUNDS = {
  /** A path, or an address of many servers. */
  placeLength: 4096,
  /** Of a site, a host, an address, a name. */
  wordLength: 255,
  /** Rows of a list in one answer. */
  rows: 1000,
  /** Stretches of time in one answer, which has them for each site. */
  stretches: 500,
} as const;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const word = v.pipe(v.string(), v.minLength(1), v.maxLength(FLEET_BOUNDS.wordLength));
const timeMs = v.pipe(v.number(), v.finite());

/** Text of 64 signed bits. */
const key = v.pipe(v.string(), v.regex(/^-?\d{1,19}$/, 'a capture is known by a whole number'));

export const fleetPlace = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(FLEET_BOUNDS.placeLength),
  v.regex(/^\P{Cc}+$/u, 'a place has no control characters'),
);

export const fleetScope = v.strictObject({
  fromMs: v.exactOptional(timeMs),
  toMs: v.exactOptional(timeMs),
  site: v.exactOptional(word),
  host: v.exactOptional(word),
  server: v.exactOptional(word),
  serverPort: v.exactOptional(v.pipe(whole, v.maxValue(65_535))),
  client: v.exactOptional(word),
  cause: v.exactOptional(v.picklist(CAUSE_CODES)),
  origin: v.exactOptional(v.picklist(ORIGIN_KINDS)),
  onlyMatters: v.exactOptional(v.boolean()),
});

export const fleetResetId = v.strictObject({ capture: key, segment: whole, reset: whole });

const nothing = v.strictObject({});
const ofPlace = { place: fleetPlace };
const ofScope = { ...ofPlace, scope: fleetScope };
const list = v.strictObject({
  ...ofScope,
  limit: v.pipe(whole, v.minValue(1), v.maxValue(FLEET_BOUNDS.rows)),
});
const ofReset = v.strictObject({ ...ofPlace, reset: fleetResetId });

export const FLEET_SCHEMAS = {
  'fleet.places': nothing,
  'fleet.pickFolder': nothing,
  'fleet.open': v.strictObject(ofPlace),
  'fleet.coverage': v.strictObject(ofScope),
  'fleet.findings': list,
  'fleet.timeline': v.strictObject({
    ...ofScope,
    stretches: v.pipe(whole, v.minValue(1), v.maxValue(FLEET_BOUNDS.stretches)),
  }),
  'fleet.talkers': list,
  'fleet.resets': list,
  'fleet.join': ofReset,
  'fleet.openCase': ofReset,
  'fleet.close': v.strictObject(ofPlace),
};
