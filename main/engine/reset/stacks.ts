/** Stacks known by the order of the options in their SYN. */

/** Linux: MSS, SACK permitted, timestamps, padding, window scale. */
const LINUX_KINDS = [2, 4, 8, 1, 3];

/** The decoder's hash of option kinds (OPTION_STYLE in decode/facts.ts). */
function styleOf(kinds: readonly number[]): number {
  let hash = 0;
  for (const kind of kinds) hash = (Math.imul(hash, 31) + kind + 1) & 0xffff;
  return hash;
}

const LINUX = styleOf(LINUX_KINDS);

/** @param synOptions word SYN_OPTIONS of a direction: option style in the upper half */
export function isLinuxSyn(synOptions: number): boolean {
  return synOptions >>> 16 === LINUX;
}
