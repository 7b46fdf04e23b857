/**
 * birpc's messages as msgpack frames: rows stay binary. birpc trusts what it is handed (a message that is null, say,
 * rejects where nobody listens, which ends a Node process), so only what our own peers send passes here.
 */
import { decode, encode } from '@msgpack/msgpack';
import * as v from 'valibot';
import { fromWireError, RpcError, toWireError } from '../contract/errors.ts';
import { errorText } from '../format/error.ts';
import { MAX_FRAME_BYTES } from './byte-channel.ts';
import type { FrameLimits } from './frame-limits.ts';
import { checkFrame, FrameLimitError } from './frame-limits.ts';

/** Our own answers have many values where a stream is in many pieces. */
export const ANY_FRAME: FrameLimits = { bytes: MAX_FRAME_BYTES, depth: 32, values: 4_000_000 };
/** Nothing that is asked for is longer than the paths of a set of files. */
export const QUESTION_FRAME: FrameLimits = { bytes: MAX_FRAME_BYTES / 2, depth: 16, values: 20_000 };

/** Longer than the name of any method or event. */
const MAX_NAME = 64;

const question = v.literal('q');
const answer = v.literal('s');
const id = v.pipe(v.string(), v.maxLength(64));
const name = v.pipe(v.string(), v.maxLength(MAX_NAME));
const callId = v.pipe(v.number(), v.safeInteger());
/** Nothing is sent as null; a list that ends before it is none of ours. */
const given = v.nonOptional(v.unknown());

/** Questions are for the three functions that each end offers the other, see peer.ts. */
const MESSAGE = v.union([
  v.strictObject({
    t: question,
    i: id,
    m: v.literal('call'),
    a: v.strictTuple([callId, name, given]),
  }),
  v.strictObject({ t: question, m: v.literal('cancel'), a: v.strictTuple([callId]) }),
  v.strictObject({ t: question, m: v.literal('event'), a: v.strictTuple([name, given]) }),
  v.strictObject({ t: answer, i: id, r: v.unknown() }),
  // An answer to a frame that could not be read has no id.
  v.strictObject({ t: answer, i: v.nullable(id), e: v.unknown() }),
]);
export type Message = v.InferOutput<typeof MESSAGE>;

/** @throws RpcError for what is no data or too large to be sent */
export function writeFrame(message: Message): Uint8Array {
  const data = 'e' in message ? { ...message, e: toWireError(message.e) } : message;
  let bytes: Uint8Array;
  try {
    bytes = encode(data, { ignoreUndefined: true });
  } catch (error) {
    throw new RpcError('failed', errorText(error));
  }
  if (bytes.length > MAX_FRAME_BYTES) throw tooLarge(bytes);
  return bytes;
}

/** @throws RpcError that tells the other end what is wrong with its frame */
export function readFrame(bytes: Uint8Array, limits: FrameLimits): Message {
  let decoded: unknown;
  try {
    checkFrame(bytes, limits);
    decoded = decode(bytes);
  } catch (error) {
    const why = error instanceof FrameLimitError ? `: ${error.message}` : '';
    throw new RpcError('bad-request', `a frame could not be decoded${why}`);
  }
  const parsed = v.safeParse(MESSAGE, decoded, { abortEarly: true });
  if (!parsed.success) throw new RpcError('bad-request', 'a frame is no message of this protocol');
  const message = parsed.output;
  return 'e' in message ? { ...message, e: fromWireError(message.e, 'failed') } : message;
}

function tooLarge(bytes: Uint8Array): RpcError {
  return new RpcError('failed', `a frame of ${bytes.length} bytes is too large`);
}
