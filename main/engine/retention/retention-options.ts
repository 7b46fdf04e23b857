/**
 * How much of an endless capture is kept. A file is kept whole: there is no policy for it. What is let go is counted
 * (`LetGo`), and findings outlive the resets that they were made of.
 */
import { LIMITS } from '../limits.ts';

export interface RetentionOptions {
  /** Packets kept in the index, in whole chunks. */
  readonly maxPackets: number;
  /** Packets let go at a time; where they are fewer than a chunk of the packet index has room for, no more of its rows are used. */
  readonly chunkPackets: number;
  /** Flows kept. More than three quarters of those that twice as many packets can open as are let go at a time. */
  readonly maxFlows: number;
  /** Resets kept as row and account once their verdicts are final. */
  readonly maxResets: number;
  /** Accounts (evidence and texts) made final of the noise of one chunk; further ones keep their rows only. */
  readonly maxNoiseAccounts: number;
  /** Names learned from DNS. */
  readonly maxNames: number;
  /** An open flow without a packet for so long, whose packets were let go, is let go as well. */
  readonly idleSeconds: number;
  /** Evidence about a reset is awaited so long: younger ones are judged again and again, older ones no more. */
  readonly settleSeconds: number;
  /** Packet numbers, which have 32 bits, begin anew from here on; every flow is then let go. */
  readonly restartAt: number;
}

/**
 * For live capture: under 300 MB whatever comes and for however long. 2 million packets take 67 MB, 262,144 flows 92 MB,
 * 20,000 accounts about 60 MB; at 200,000 packets a second the packets of the last ten seconds are at hand.
 */
export const LIVE_RETENTION: RetentionOptions = {
  maxPackets: 1 << 21,
  chunkPackets: 1 << 16,
  maxFlows: 1 << 18,
  maxResets: 20_000,
  maxNoiseAccounts: 512,
  maxNames: 50_000,
  idleSeconds: 2 * 3600,
  settleSeconds: 30,
  // Every six hours at 200,000 packets a second.
  restartAt: LIMITS.maxPackets - (1 << 18),
};
