/**
 * Products and injectors known by what they write into a reset. A hint names a middlebox that other evidence found; only
 * the few with a code or text of their own count as evidence (family `code`), never a mere habit.
 */
import type { CauseCode } from '../../../../shared/model/cause.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { ODD_FLAGS } from '../observe/sequence.ts';

export interface ProductHint {
  /** For people: "a Citrix NetScaler (reset code 9300)". */
  readonly name: string;
  /** What of its own it wrote, which counts as evidence; none where the text may be anybody's. */
  readonly sign?: 'window-code' | 'text' | 'payload';
  /** What its code says about the cause. */
  readonly cause?: CauseCode;
}

/** NetScaler writes a reason into the window field: 8201 and from 9100 on (Citrix, "What's that NetScaler reset packet?"). */
const NETSCALER_SYN_COOKIE = 8201;
const NETSCALER_FIRST = 9100;
const NETSCALER_LAST = 9999;
/** NetScaler opens its side of a connection with this window. */
const NETSCALER_WINDOW = 8190;
/** The provincial injector of Henan carries these bytes (net4people/bbs 442). */
const HENAN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

/** 9300: idle for too long (observed at its timer). 8201: the first segment after a SYN cookie was out of order (CTX695832). */
const ADC_CAUSES: Readonly<Partial<Record<number, CauseCode>>> = {
  [NETSCALER_SYN_COOKIE]: 'unacceptable-segment',
  9300: 'idle-timeout',
};

const F5_CAUSES: readonly (readonly [RegExp, CauseCode])[] = [
  [/no local listener|port denied/i, 'connection-refused'],
  [/idle timeout|flow expired/i, 'idle-timeout'],
  [/3whs rejected|no flow found|no session/i, 'stateful-device-lost-flow'],
  [/pool member|node|peer|no server/i, 'proxy-reset'],
  [/rst from|remote|handshake timeout/i, 'proxy-reset'],
  [/policy|asm|security|irule/i, 'injected'],
];

/**
 * @param payload first bytes of the reset's payload
 * @param text the same where printable
 * @param synWindow window of the sender's SYN or SYN-ACK, −1 where not seen
 */
export function productOf(
  f: ResetFacts,
  payload: Uint8Array | undefined,
  text: string | null,
  synWindow: number,
): ProductHint | null {
  if (text !== null) return productOfText(text);
  if (payload !== undefined && HENAN.every((byte, i) => payload[i] === byte)) {
    return { name: 'an injector of the kind seen in Henan', sign: 'payload', cause: 'injected' };
  }
  const code = f.window;
  const isAdcCode = code === NETSCALER_SYN_COOKIE || (code >= NETSCALER_FIRST && code <= NETSCALER_LAST);
  // A window of this size is common; as a code it stands where a window has no business (and an ACK number without
  // its flag), or beside such a handshake; in a packet that makes no sense as a whole it means nothing.
  const asCode =
    ((!f.hasAck && f.ack !== 0) || synWindow === NETSCALER_WINDOW) && (f.tcpFlags & ODD_FLAGS) === 0;
  if (isAdcCode && asCode && code !== f.senderWindow && code !== f.receiverWindow) {
    return {
      name: `a Citrix NetScaler (reset code ${code} in the window field)`,
      sign: 'window-code',
      cause: ADC_CAUSES[code],
    };
  }
  return null;
}

function productOfText(text: string): ProductHint {
  if (/^(BIG-IP|\[0x[0-9a-f]+)/i.test(text)) {
    const cause = F5_CAUSES.find(([pattern]) => pattern.test(text))?.[1];
    return { name: `an F5 BIG-IP that says "${text.trim()}"`, sign: 'text', cause };
  }
  return { name: `a sender that says "${text.trim()}"` };
}

/** Names of injectors whose habits fit; only for resets that other evidence ascribes to a middlebox. */
export function injectorName(f: ResetFacts): string | null {
  if (f.guessedAt >= 0 && f.hasAck && f.burst >= 3)
    return 'its pattern is that of GFW type 2 (bursts of RST+ACK)';
  if (!f.hasAck && f.window !== 0 && !f.df && !f.ipv6)
    return 'its pattern is that of GFW type 1 (window set, DF clear)';
  if (f.hasAck && !f.df && !f.ipv6 && f.ttl >= 33 && f.window !== 0 && f.window === f.receiverWindow) {
    return 'its pattern is that of Suricata or another libnet program (window copied, DF clear)';
  }
  if ((f.tcpFlags & 0xf00) !== 0 && f.copiedIpIdAt >= 0)
    return 'its pattern is that of the "RAE" injector of Weaver et al.';
  if (f.family !== 'active' && f.tos === 0x10) return 'its TOS is that of a pf return-rst rule (BSD)';
  return null;
}
