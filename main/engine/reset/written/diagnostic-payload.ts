/**
 * The reason that a stack or middlebox writes into the payload of its reset, after draft-boucadair-tcpm-rst-diagnostic-payload
 * and its successor draft-ietf-tcpm-rst-diagnostic-payload. Three forms were published:
 *
 *   CBOR sequence   12345, { ? 1: reason code, ? 2: PEN, ? 3: description }
 *   CBOR array      [ 12345, { … } ]
 *   eight octets    0x33AA, reason code (16 bits), PEN (32 bits)
 *
 * What it says is a claim of whoever made the reset: it is shown, and weighs nothing.
 */
import { sanitiseText } from '../../../../shared/format/text.ts';
import type { CborValue } from './cbor.ts';
import { decodeCborSequence } from './cbor.ts';

export interface DiagnosticPayload {
  /** null where only a description is given. */
  readonly code: number | null;
  /** Private Enterprise Number of the registry that the code is from; null for IANA's. */
  readonly enterprise: number | null;
  readonly description: string | null;
}

/** This number stands until the draft is an RFC; it then becomes the RFC's number. */
const COOKIE = 12_345;
const KEY_CODE = 1;
const KEY_ENTERPRISE = 2;
const KEY_DESCRIPTION = 3;
/** Recommended maximum of the payload, octets. */
const MAX_BYTES = 255;
const MAX_DESCRIPTION = 200;

const MAGIC = 0x33aa;
const COMPACT_LENGTH = 8;

/** "TCP Failure Causes", as the draft fills the registry at first. */
const FAILURE_CAUSES: readonly string[] = [
  'reserved',
  'illegal option',
  'desynchronized state',
  'new data is received after CLOSE is called',
  'ABORT process',
  'unexpected ACK received by non-synchronized state connection',
  'unexpected SYN in the window',
  'unexpected security compartment',
  'malformed message',
  'not authorized',
  'resource exceeded',
  'network failure',
  'reset received from the peer',
  'destination unreachable',
  'connection timeout',
  'too much outstanding data',
  'unacceptable performance',
  'middlebox interference',
];

/** @param payload of the reset, whole */
export function decodeDiagnosticPayload(payload: Uint8Array): DiagnosticPayload | null {
  return compact(payload) ?? cbor(payload);
}

/** For people: "Connection timeout (diagnostic code 14)". */
export function diagnosticText({ code, enterprise, description }: DiagnosticPayload): string {
  const said = description === null ? '' : `“${description}”`;
  if (code === null) return said;
  const number =
    enterprise === null
      ? `diagnostic code ${code}`
      : `diagnostic code ${code} of private enterprise ${enterprise}`;
  const known = enterprise === null && code > 0 ? FAILURE_CAUSES[code] : undefined;
  const what = [known, said].filter(Boolean).join(', ');
  return what === '' ? number : `${what} (${number})`;
}

function compact(payload: Uint8Array): DiagnosticPayload | null {
  if (payload.length !== COMPACT_LENGTH) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const code = view.getUint16(2);
  if (view.getUint16(0) !== MAGIC || code === 0) return null;
  const enterprise = view.getUint32(4);
  return { code, enterprise: enterprise === 0 ? null : enterprise, description: null };
}

function cbor(payload: Uint8Array): DiagnosticPayload | null {
  if (payload.length > MAX_BYTES) return null;
  const sequence = decodeCborSequence(payload);
  if (sequence === null) return null;
  const [first] = sequence;
  const items = sequence.length === 1 && Array.isArray(first) ? (first as readonly CborValue[]) : sequence;
  const [cookie, reason] = items;
  if (items.length !== 2 || cookie !== COOKIE || !(reason instanceof Map)) return null;
  const map = reason as ReadonlyMap<number, CborValue>;
  const code = asNumber(map.get(KEY_CODE));
  const text = map.get(KEY_DESCRIPTION);
  const description = typeof text === 'string' ? sanitiseText(text, MAX_DESCRIPTION) : null;
  if (code === null && description === null) return null;
  return { code, enterprise: asNumber(map.get(KEY_ENTERPRISE)), description };
}

function asNumber(value: CborValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
