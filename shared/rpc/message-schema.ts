/**
 * What may come in as a message. vscode-jsonrpc trusts its reader: a cancellation without an id, say, throws inside of
 * its callback. So nothing passes here that is not exactly one of the messages that our own peers send.
 */
import * as v from 'valibot';
import type { Message } from 'vscode-jsonrpc/lib/common/api.js';

const version = v.literal('2.0');
const id = v.union([v.pipe(v.number(), v.safeInteger()), v.pipe(v.string(), v.maxLength(64))]);
const params = v.pipe(v.array(v.unknown()), v.length(1));

const MESSAGE = v.union([
  v.strictObject({ jsonrpc: version, id, method: v.string(), params }),
  v.strictObject({ jsonrpc: version, method: v.literal('$/cancelRequest'), params: v.object({ id }) }),
  v.strictObject({
    jsonrpc: version,
    method: v.pipe(
      v.string(),
      v.check((method) => !method.startsWith('$/')),
    ),
    params,
  }),
  v.strictObject({ jsonrpc: version, id, result: v.unknown() }),
  v.strictObject({
    jsonrpc: version,
    id: v.nullable(id),
    error: v.object({ code: v.number(), message: v.string(), data: v.optional(v.unknown()) }),
  }),
]);

/** The message; undefined for anything else. */
export function asMessage(decoded: unknown): Message | undefined {
  const parsed = v.safeParse(MESSAGE, decoded);
  return parsed.success ? parsed.output : undefined;
}
