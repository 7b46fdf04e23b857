/** What clients may cost the loopback host, all by name. */
import { MAX_FRAME_BYTES } from '../../shared/rpc/byte-channel.ts';

export const SERVER_LIMITS = {
  /** Pages that are connected at once. */
  pages: 16,
  /** Connections that have not shown the token; where more come, the oldest of them goes. */
  strangers: 128,
  /** All of them; what comes on top is closed by the system. Far below the usual limit of 1,024 descriptors. */
  connections: 512,
  /** To send the headers of a request. */
  headersMs: 10_000,
  /** Between two looks at who is too slow; Node looks every half minute unless told otherwise. */
  slownessCheckMs: 2_000,
  /** Nothing was sent or taken for so long, while a request was under way. */
  idleMs: 30_000,
  /** Between two requests on one connection. */
  keepAliveMs: 5_000,
  /** A page that did not answer one ping before the next one is gone. */
  heartbeatMs: 20_000,
  /** Bytes that wait for a page that does not read. The budget of its answers is half of it, see CALL_LIMITS. */
  unsentBytes: 2 * MAX_FRAME_BYTES,
  /** Frames that wait for it: answers to all calls that it may have open, and some events. Each costs more than its bytes. */
  unsentFrames: 2_048,
} as const;
