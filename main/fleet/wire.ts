/** How a fleet’s service crosses to the process that serves it: failures keep their codes, and times their nanoseconds. */
import * as v from 'valibot';
import { errorText } from '../../shared/format/error.ts';
import type { SchemasOf } from '../../shared/rpc/serve.ts';
import type { FleetService } from './fleet-service.ts';
import { FleetError, type FleetErrorCode, type SqlAnswer, type Value } from './store.ts';

export const FLEET_METHODS = [
  'open',
  'coverage',
  'findings',
  'timeline',
  'talkers',
  'resets',
  'joinOne',
  'join',
  'sql',
] as const satisfies readonly (keyof FleetService)[];
export type FleetMethod = (typeof FLEET_METHODS)[number];

const FLEET_ERRORS: readonly FleetErrorCode[] = [
  'bad-query',
  'unreachable',
  'not-a-fleet',
  'not-installed',
  'failed',
];

export type Outcome =
  { readonly answer: unknown } | { readonly error: { readonly code: string; readonly message: string } };

export interface FleetWire {
  ask: { params: { readonly method: FleetMethod; readonly args: readonly unknown[] }; result: Outcome };
}

/** The host asks, and nobody else; what the arguments are is for the types. */
export const FLEET_WIRE_SCHEMAS: SchemasOf<FleetWire> = {
  ask: v.strictObject({ method: v.picklist(FLEET_METHODS), args: v.array(v.unknown()) }),
};

const MAX_MESSAGE = 10_000;

/** Answers one call of the wire by a service. */
export async function outcomeOf(
  service: FleetService,
  { method, args }: FleetWire['ask']['params'],
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const call = service[method].bind(service) as (...all: readonly unknown[]) => Promise<unknown>;
    const answer = await call(...args, signal);
    return { answer: method === 'sql' ? packed(answer as SqlAnswer) : answer };
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof FleetError ? error.code : 'failed';
    return { error: { code, message: errorText(error).slice(0, MAX_MESSAGE) } };
  }
}

/** @throws FleetError */
export function answerOf(method: FleetMethod, outcome: Outcome): unknown {
  if ('error' in outcome) {
    const code = FLEET_ERRORS.find((one) => one === outcome.error.code) ?? 'failed';
    throw new FleetError(code, outcome.error.message);
  }
  return method === 'sql' ? unpacked(outcome.answer as Packed) : outcome.answer;
}

/** Times would not outlive a double: they cross as text in a list of one. */
type PackedValue = Exclude<Value, bigint> | readonly [ns: string];
type Packed = Omit<SqlAnswer, 'rows'> & { readonly rows: readonly (readonly PackedValue[])[] };

function packed(answer: SqlAnswer): Packed {
  const rows = answer.rows.map((row) =>
    row.map((value): PackedValue => (typeof value === 'bigint' ? [String(value)] : value)),
  );
  return { ...answer, rows };
}

function unpacked(answer: Packed): SqlAnswer {
  const rows = answer.rows.map((row) =>
    row.map((value): Value =>
      Array.isArray(value) ? BigInt((value as readonly [string])[0]) : (value as Value),
    ),
  );
  return { ...answer, rows };
}
