/** The hints of one flow while they are gathered. One class with all fields, so that all flows share a shape. */
import type {
  ApplicationError,
  CloseNotify,
  FlowHints,
  HintDirection,
  HintProtocol,
  Http2Hint,
  HttpRequestHint,
  HttpStatusHint,
  TlsAlert,
} from '../../../shared/model/hints.ts';
import type { ChunkWalk } from './http-chunks.ts';

const NOTHING_OFFERED: readonly string[] = [];
const NOT_CLOSED = Object.freeze({ client: 'none', server: 'none' } as const);

export class GatheredHints implements FlowHints {
  readonly protocol: HintProtocol;
  serverName: string | null = null;
  clientDirection: HintDirection | null = null;
  banner: string | null = null;

  alpnOffered: readonly string[] = NOTHING_OFFERED;
  alpnSelected: string | null = null;
  tlsVersion: string | null = null;
  clientHelloPacket: number | null = null;
  encryptedClientHello = false;
  serverHelloSeen = false;
  lastTlsAlert: TlsAlert | null = null;
  closeNotify: { readonly client: CloseNotify; readonly server: CloseNotify } = NOT_CLOSED;

  http: HttpRequestHint | null = null;
  httpStatus: HttpStatusHint | null = null;
  /** How far the chunks of that response were followed; null where it has none, they have ended, or they cannot be followed. */
  chunks: ChunkWalk | null = null;
  requestsSeen = 0;
  http2: Http2Hint | null = null;
  /** Whose header section of HTTP is unfinished. */
  headerOf: HintDirection | null = null;
  /** Sequence number with which it goes on. */
  headerGoesOn = 0;
  /** Segments that it was continued with. */
  headerParts = 0;

  error: ApplicationError | null = null;

  constructor(protocol: HintProtocol) {
    this.protocol = protocol;
  }
}

export function otherDirection(direction: HintDirection): HintDirection {
  return direction === 0 ? 1 : 0;
}
