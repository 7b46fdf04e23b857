/** Failures that one end tells the other about. */
import { errorText } from '../format/error.ts';
import type { ErrorCode, WireError } from './methods.ts';
import { ERROR_CODES } from './methods.ts';

/** An expected failure: the message is for people and may be shown as it is. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What is wrong with a question may quote it, and questions can be long. */
const MAX_MESSAGE = 10_000;

/** What crosses the wire when something was thrown: never a stack, which names paths of the machine. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof RpcError) return { code: thrown.code, message: thrown.message.slice(0, MAX_MESSAGE) };
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return { code: 'cancelled', message: 'cancelled' };
  return { code: 'failed', message: errorText(thrown).slice(0, MAX_MESSAGE) };
}

/** Reads what came over the wire; whatever is not understood is a `failed`. */
export function fromWireError(data: unknown, fallback: string): RpcError {
  if (typeof data === 'object' && data !== null && 'code' in data && 'message' in data) {
    const code = ERROR_CODES.find((known) => known === data.code);
    if (code !== undefined && typeof data.message === 'string') return new RpcError(code, data.message);
  }
  return new RpcError('failed', fallback);
}
