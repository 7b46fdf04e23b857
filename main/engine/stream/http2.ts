/** Frames of HTTP/2 in clear (RFC 9113 §4.1) that say how a connection or a stream ended; gRPC without TLS speaks it. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { HintDirection, Http2Hint } from '../../../shared/model/hints.ts';
import { safeText, startsWith, u24, u32 } from './bytes.ts';
import type { GatheredHints } from './flow-hints.ts';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const FRAME_HEADER = 9;
const FRAME_HEADERS = 0x1;
const FRAME_RST_STREAM = 0x3;
const FRAME_GOAWAY = 0x7;
/** ALTSVC, ORIGIN and PRIORITY_UPDATE, the highest type in use. */
const HIGHEST_TYPE = 0x10;
const STREAM_BITS = 0x7fff_ffff;
/** Last stream and error code; debug data follows. */
const GOAWAY_LENGTH = 8;
const MOST_FRAMES = 64;

/** RFC 9113 §7. */
const ERROR_CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const NOTHING: Http2Hint = Object.freeze({ goAway: null, streamReset: null, newestStream: 0 });

/** Reads the frames of a payload that begins with one, until one reaches beyond it. */
export function readFrames(
  hints: GatheredHints,
  direction: HintDirection,
  packet: PacketNumber,
  bytes: Uint8Array,
  from: number,
  end: number,
): void {
  let at = startsWith(bytes, from, end, PREFACE) ? from + PREFACE.length : from;
  for (let count = 0; count < MOST_FRAMES && at + FRAME_HEADER <= end; count++) {
    const length = u24(bytes, at);
    const type = bytes[at + 3];
    const stream = u32(bytes, at + 5);
    const body = at + FRAME_HEADER;
    // Not a frame's beginning, but the inside of one.
    if (type > HIGHEST_TYPE || stream > STREAM_BITS) return;
    const known = hints.http2 ?? NOTHING;
    if (type === FRAME_HEADERS && direction === hints.clientDirection && stream > known.newestStream) {
      hints.http2 = { ...known, newestStream: stream };
    } else if (type === FRAME_RST_STREAM && length === 4 && stream > 0 && body + 4 <= end) {
      const code = errorCode(u32(bytes, body));
      hints.http2 = { ...known, streamReset: { stream, code, direction, packet } };
    } else if (
      type === FRAME_GOAWAY &&
      length >= GOAWAY_LENGTH &&
      stream === 0 &&
      body + GOAWAY_LENGTH <= end
    ) {
      const textEnd = Math.min(end, body + length);
      const text = length > GOAWAY_LENGTH ? safeText(bytes, body + GOAWAY_LENGTH, textEnd) : null;
      const lastStream = u32(bytes, body) & STREAM_BITS;
      const code = errorCode(u32(bytes, body + 4));
      hints.http2 = { ...known, goAway: { lastStream, code, text, direction, packet } };
    }
    at = body + length;
  }
}

function errorCode(code: number): string {
  return ERROR_CODES[code] ?? `0x${code.toString(16)}`;
}
