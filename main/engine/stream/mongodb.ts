/** MongoDB: how a client begins (wire protocol: MsgHeader, OP_MSG, OP_QUERY). */
import { containsIgnoringCase, i32le } from './bytes.ts';

const MONGO_HEADER = 16;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const MONGO_MAX = 48_000_000;
/** checksumPresent, moreToCome, exhaustAllowed. */
const OP_MSG_FLAGS = 0x1_0003;

/** Whether the payload is a client's first message: OP_MSG, or OP_QUERY on a command collection. */
export function isMongoRequest(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < MONGO_HEADER + 10) return false;
  const size = i32le(bytes, at);
  const responseTo = i32le(bytes, at + 8);
  if (size < length || size > MONGO_MAX || responseTo !== 0) return false;
  const body = at + MONGO_HEADER;
  const flags = i32le(bytes, body);
  const operation = i32le(bytes, at + 12);
  if (operation === OP_MSG) {
    const document = i32le(bytes, body + 5);
    return (flags & ~OP_MSG_FLAGS) === 0 && bytes[body + 4] === 0 && document >= 5 && document < size;
  }
  return (
    operation === OP_QUERY &&
    flags >= 0 &&
    flags < 0x100 &&
    containsIgnoringCase(bytes, body + 4, Math.min(end, body + 70), '.$cmd\0')
  );
}
