/** PostgreSQL: how a session begins and what its errors say (frontend/backend protocol 3, "Message Formats"). */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { ApplicationError, HintDirection } from '../../../shared/model/hints.ts';
import { containsIgnoringCase, findByte, safeText, u32 } from './bytes.ts';

const NUL = 0;
const POSTGRES_REQUESTS: readonly number[] = [80_877_102, 80_877_103, 80_877_104]; // cancel, SSL, GSS
const POSTGRES_ERROR = 0x45; // 'E'
const MAX_ERROR_FIELDS = 32;

/** Whether the payload is a client's first message: StartupMessage of protocol 3.x, SSLRequest, GSSENCRequest, CancelRequest. */
export function isPostgresStart(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < 8 || u32(bytes, at) !== length) return false;
  const code = u32(bytes, at + 4);
  if (POSTGRES_REQUESTS.includes(code)) return length === 8 || length === 16;
  // The terminating NUL is looked at, so all of the message must have been captured.
  if (code >>> 16 !== 3 || end - at !== length) return false;
  return bytes[end - 1] === NUL && containsIgnoringCase(bytes, at + 8, end, 'user\0');
}

/** ErrorResponse. */
export function postgresError(
  bytes: Uint8Array,
  at: number,
  end: number,
  direction: HintDirection,
  packet: PacketNumber,
): ApplicationError | undefined {
  if (end - at < 7 || bytes[at] !== POSTGRES_ERROR) return undefined;
  const messageEnd = at + 1 + u32(bytes, at + 1);
  let severity = '';
  let code = '';
  let text = '';
  let field = at + 5;
  for (let count = 0; count < MAX_ERROR_FIELDS && field < Math.min(end, messageEnd); count++) {
    const type = String.fromCharCode(bytes[field]);
    const to = findByte(bytes, NUL, field + 1, end);
    if (bytes[field] === NUL || to === end) break;
    if (type === 'S') severity = safeText(bytes, field + 1, to);
    else if (type === 'C') code = safeText(bytes, field + 1, to);
    else if (type === 'M') text = safeText(bytes, field + 1, to);
    field = to + 1;
  }
  if (code === '' || severity === '') return undefined;
  return { code, text: `${severity}: ${text}`, direction, packet };
}
