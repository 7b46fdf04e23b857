/** One byte per flow: which of its later payloads are worth a look. Flow numbers are dense from 0. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { HintProtocol } from '../../../shared/model/hints.ts';
import { REQUEST_METHODS } from './http.ts';
import { TLS13_ALERT_PAYLOAD, TLS_APPLICATION_DATA } from './tls.ts';

export const WANT_NOTHING = 0;
/** Request lines, and the chunk that ends a body; status lines are wanted of all flows. */
export const WANT_HTTP = 1;
/** What has the size of an encrypted alert of TLS 1.3. */
export const WANT_TLS13 = 2;
/** The rest of a ClientHello. */
export const WANT_HELLO = 3;
/** Error replies. */
export const WANT_SMTP = 4;
export const WANT_POSTGRES = 5;
export const WANT_REDIS = 6;
/** Frames of HTTP/2. */
export const WANT_HTTP2 = 7;
/** The rest of a header section of HTTP. */
export const WANT_HEADER = 8;
/** Every payload, for its last bytes may end a chunked response. */
export const WANT_CHUNKS = 9;

/** What is wanted of a flow of the protocol, unless TLS 1.3 hides it. */
export const WANTED_OF: Readonly<Partial<Record<HintProtocol, number>>> = {
  http: WANT_HTTP,
  http2: WANT_HTTP2,
  smtp: WANT_SMTP,
  postgresql: WANT_POSTGRES,
  redis: WANT_REDIS,
};

const UPPER_E = 0x45;
const DIGIT_4 = 0x34;
const DIGIT_5 = 0x35;
const DASH = 0x2d;

/** First bytes that are looked into on connections of HTTP: those of methods, of chunks without a length, and of SSH, which tunnels carry. */
const HTTP_BEGINNINGS = new Uint8Array(256);
for (const beginning of [...REQUEST_METHODS, '0', 'SSH']) HTTP_BEGINNINGS[beginning.charCodeAt(0)] = 1;

export class Wants {
  #wanted = new Uint8Array(4096);

  set(flow: FlowRecord, wanted: number): void {
    if (flow >= this.#wanted.length) {
      if (wanted === WANT_NOTHING) return;
      const larger = new Uint8Array(Math.max(flow + 1, this.#wanted.length * 2));
      larger.set(this.#wanted);
      this.#wanted = larger;
    }
    this.#wanted[flow] = wanted;
  }

  /** One of WANT_*. */
  of(flow: FlowRecord): number {
    return flow < this.#wanted.length ? this.#wanted[flow] : WANT_NOTHING;
  }

  asks(flow: FlowRecord, firstByte: number, length: number): boolean {
    switch (this.of(flow)) {
      case WANT_HTTP:
        return HTTP_BEGINNINGS[firstByte] === 1;
      case WANT_HTTP2:
        // The first byte of a frame's length; frames of 64 kB and more carry no news of an end.
        return firstByte === 0;
      case WANT_TLS13:
        return firstByte === TLS_APPLICATION_DATA && length === TLS13_ALERT_PAYLOAD;
      case WANT_HELLO:
      case WANT_HEADER:
      case WANT_CHUNKS:
        return true;
      case WANT_SMTP:
        return firstByte === DIGIT_4 || firstByte === DIGIT_5;
      case WANT_POSTGRES:
        return firstByte === UPPER_E;
      case WANT_REDIS:
        return firstByte === DASH;
      default:
        return false;
    }
  }
}
