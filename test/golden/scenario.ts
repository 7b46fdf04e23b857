/** A capture made by code, and what is true about it by construction. */
import type { CauseCode } from '../../shared/model/cause.ts';
import type { OriginKind } from '../../shared/model/verdict.ts';
import { writePcap } from '../support/capture-writer.ts';
import type { ConversationOptions, ConversationPacket } from '../support/conversation.ts';
import { Conversation, DEFAULT_START_NS } from '../support/conversation.ts';

/** What a verdict may say at most: held besides the recorded output, so that no update can bless an accusation. */
export interface Truth {
  /** Number of the reset in the file, from 1. */
  readonly frame: number;
  readonly origins: readonly OriginKind[];
  /** Accepted causes; undefined where the packets leave it open. */
  readonly causes?: readonly CauseCode[];
  readonly matters?: boolean;
}

export interface Scenario {
  /** kebab-case; names the file of the expected output. */
  readonly name: string;
  /** What happened, for the reader of the test. */
  readonly about: string;
  readonly capture: () => Uint8Array;
  /** pcap unless said. */
  readonly extension?: 'pcap' | 'pcapng';
  readonly truth: readonly Truth[];
}

/** The host itself sent it, or one cannot tell: no device may be accused. */
export const NOT_A_DEVICE: readonly OriginKind[] = ['endpoint', 'unknown'];
export const ENDPOINT: readonly OriginKind[] = ['endpoint'];
export const DEVICE: readonly OriginKind[] = ['middlebox'];
/** A device sent it; not being able to tell is no error. */
export const NOT_THE_HOST: readonly OriginKind[] = ['middlebox', 'unknown'];

export function pcapOf(packets: readonly ConversationPacket[]): Uint8Array {
  return writePcap({ packets, nanos: true });
}

/** A client five hops away from the capture point, a server three hops away on the other side. */
export const BETWEEN: ConversationOptions = {
  client: { hops: 5, delay: 0.02 },
  server: { hops: 3, delay: 0.004 },
};

export function between(options: ConversationOptions = {}): Conversation {
  return new Conversation({
    ...options,
    client: { ...BETWEEN.client, ...options.client },
    server: { ...BETWEEN.server, ...options.server },
  });
}

/** Some ordinary connections of the same hosts beforehand: they show how both of them write packets. */
export function ordinary(count: number, options: ConversationOptions = {}): Conversation[] {
  return Array.from({ length: count }, (_, i) =>
    between({
      ...options,
      startNs: DEFAULT_START_NS - BigInt(count - i) * 10_000_000_000n,
      client: { port: 39_000 + i, initialSeq: 77_000_000 * (i + 1), ...options.client },
    })
      .handshake()
      .exchange('GET / HTTP/1.1\r\nHost: www.example.net\r\n\r\n', 3000)
      .closes('client'),
  );
}
