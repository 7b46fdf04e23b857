/** Stacks known by the order of the options in their SYN or SYN-ACK. */
import { optionStyle } from '../../decode/tcp-options.ts';
import type { ResetFacts } from './facts.ts';

/** Linux with time stamps: MSS, SACK permitted, time stamps, padding, window scale. */
const LINUX = optionStyle([2, 4, 8, 1, 3]);
/** Linux without: MSS, padding, padding, SACK permitted, padding, window scale. */
const LINUX_PLAIN = optionStyle([2, 1, 1, 4, 1, 3]);

/**
 * Other systems may order their options so too; callers that need to be sure look at the initial TTL as well.
 * @param synOptions word SYN_OPTIONS of a direction: option style in the upper half
 */
export function isLinuxSyn(synOptions: number): boolean {
  const style = synOptions >>> 16;
  return style === LINUX || style === LINUX_PLAIN;
}

/**
 * Whether Linux' habits may be asked of the sender's resets: its SYN shows Linux, and all of its packets here come from
 * one stack. Behind a front end, what the handshake shows is not what sends the data. Needs `baseTtls` of the facts.
 */
export function isLinuxSender(f: ResetFacts): boolean {
  return f.baseTtls === 1 && isLinuxSyn(f.senderSyn);
}
