/**
 * What the first bytes of a flow say about its application: names and codes that make a verdict readable and
 * a cause likelier ("the server sent a TLS alert first"). Hints never say who sent a reset.
 *
 * Every text is bounded and sanitised (shared/format/text.ts); every packet is its number in the analysis, from 0.
 */
import type { PacketNumber } from '../base/units.ts';

/** Which half of the flow: 0 from its client, 1 from its server, as the flow table took them. */
export type HintDirection = 0 | 1;

/** A protocol is recognised by bytes that only it sends, never by port number. */
export const HINT_PROTOCOLS = [
  'tls',
  'http',
  'http2',
  'ssh',
  'smtp',
  'dns',
  'postgresql',
  'mysql',
  'redis',
  'mongodb',
  'amqp',
  'mqtt',
  'smb',
  'bittorrent',
] as const;
export type HintProtocol = (typeof HINT_PROTOCOLS)[number];

/** A TLS alert record (RFC 8446 §6). */
export interface TlsAlert {
  /** null where encrypted. */
  readonly level: 'warning' | 'fatal' | null;
  /** AlertDescription by its RFC name, such as `unknown_ca`; `alert_<n>` where unassigned, null where encrypted. */
  readonly description: string | null;
  readonly direction: HintDirection;
  readonly packet: PacketNumber;
  /** The record is an alert by its type or size, but its content is encrypted. */
  readonly encrypted: boolean;
}

/**
 * `seen`: a close_notify in clear. `likely`: an encrypted alert, or (TLS 1.3) a record of an alert's size; nearly
 * always close_notify once the handshake is done, but the packets cannot prove it.
 */
export type CloseNotify = 'none' | 'likely' | 'seen';

/** How long the body of an HTTP/1.x message is, and where it begins (RFC 9112 §6). */
export interface HttpFraming {
  /** Content-Length; null where absent or not captured. */
  readonly contentLength: number | null;
  readonly chunked: boolean;
  /**
   * Whether the newest payload of a chunked body ended it. `unknown`: it is not chunked, its end was cut off, or (in requests) the last
   * chunk did not begin a payload.
   */
  readonly lastChunk: 'seen' | 'missing' | 'unknown';
  /**
   * Neither Content-Length nor Transfer-Encoding stands in its header section, which was captured whole and in one segment: if it is a
   * response with a body, that ends where the connection does (RFC 9112 §6.3).
   */
  readonly untilClose: boolean;
  /** Sequence number of the body's first byte; null where the end of the header section was not captured. */
  readonly bodySeq: number | null;
}

/** The newest HTTP/1.x request line and what its header section, as far as it was captured, says. */
export interface HttpRequestHint extends HttpFraming {
  readonly method: string;
  /** At most LIMITS.maxHintText characters. */
  readonly target: string;
  /** Host header; null where absent or not captured. */
  readonly host: string | null;
  readonly userAgent: string | null;
  readonly connectionClose: boolean;
  /** Expect: 100-continue. */
  readonly expectsContinue: boolean;
  readonly requestPacket: number;
  readonly direction: HintDirection;
}

/** The newest HTTP/1.x status line. */
export interface HttpStatusHint extends HttpFraming {
  readonly code: number;
  readonly reason: string;
  readonly connectionClose: boolean;
  readonly packet: PacketNumber;
  readonly direction: HintDirection;
}

/** What HTTP/2 in clear says of its own end: GOAWAY (RFC 9113 §6.8). */
export interface Http2GoAway {
  /** The last stream that its sender took; newer ones were not looked at and may be sent again. */
  readonly lastStream: number;
  /** Error code by its RFC name, such as `ENHANCE_YOUR_CALM`. */
  readonly code: string;
  /** Additional debug data; null where there is none. */
  readonly text: string | null;
  readonly direction: HintDirection;
  readonly packet: PacketNumber;
}

/** The newest RST_STREAM (RFC 9113 §6.4). */
export interface Http2StreamReset {
  readonly stream: number;
  readonly code: string;
  readonly direction: HintDirection;
  readonly packet: PacketNumber;
}

/** Frames of HTTP/2 in clear, as far as they begin a payload or follow such a frame. */
export interface Http2Hint {
  readonly goAway: Http2GoAway | null;
  readonly streamReset: Http2StreamReset | null;
  /** Highest stream that the client opened; 0 where no HEADERS frame was seen. */
  readonly newestStream: number;
}

/** An error reply of SMTP, PostgreSQL, MySQL or Redis. */
export interface ApplicationError {
  /** Reply code, SQLSTATE, error number or Redis error prefix. */
  readonly code: string;
  readonly text: string;
  readonly direction: HintDirection;
  readonly packet: PacketNumber;
}

export interface FlowHints {
  /** The first protocol recognised: SMTP that went on with STARTTLS stays `smtp`. */
  readonly protocol: HintProtocol;
  /** SNI, else HTTP Host without its port; null where neither was seen. */
  readonly serverName: string | null;
  /** The half that spoke as the protocol's client; 1 means that the flow table took the sides wrongly. */
  readonly clientDirection: HintDirection | null;
  /** What the server calls itself: SSH identification, SMTP greeting, MySQL version. */
  readonly banner: string | null;

  readonly alpnOffered: readonly string[];
  /** The protocol that the ServerHello selects in clear; TLS 1.3 encrypts it. */
  readonly alpnSelected: string | null;
  /** Version that the ServerHello selects: `TLS 1.2`; null before it. */
  readonly tlsVersion: string | null;
  readonly clientHelloPacket: number | null;
  /**
   * An Encrypted ClientHello extension was there, in earnest or as GREASE: `serverName` may be only the public
   * name of the provider.
   */
  readonly encryptedClientHello: boolean;
  readonly serverHelloSeen: boolean;
  readonly lastTlsAlert: TlsAlert | null;
  readonly closeNotify: { readonly client: CloseNotify; readonly server: CloseNotify };

  readonly http: HttpRequestHint | null;
  readonly httpStatus: HttpStatusHint | null;
  /** Packets that began with a request line of HTTP; one sent again counts again. */
  readonly requestsSeen: number;
  readonly http2: Http2Hint | null;

  /** The newest error reply. */
  readonly error: ApplicationError | null;
}
