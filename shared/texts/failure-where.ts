/** Where between client and server a connection failed, in words. */
import type { Failure } from '../model/failure.ts';

/** `none` where the capture cannot tell. */
const WHERE: Readonly<Record<NonNullable<Failure['side']> | 'none', string>> = {
  client: 'It failed at the client, or on its side of the path.',
  server: 'It failed at the server, or on its side of the path.',
  path: 'It failed on the path between them.',
  none: 'Where it failed cannot be told from this capture.',
};

export function failureWhereText(side: Failure['side']): string {
  return WHERE[side ?? 'none'];
}
