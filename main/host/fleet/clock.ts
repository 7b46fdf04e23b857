/**
 * How wrong the clock of this machine may be at most. Whether a packet was at one host before it was at another is decided by it, so that
 * nobody guesses: it is the operator's word, or chrony's, or not known.
 */
import type { RunProgram } from '../../capture/live/doctor/run-program.ts';

export interface ClockBound {
  readonly boundSeconds: number;
  readonly source: 'chrony';
}

/** Fields of a line of `chronyc -c tracking`, by their place (chronyc(1), “tracking”). */
const REFERENCE = 0;
const SYSTEM_TIME = 4;
const LAST_OFFSET = 5;
const ROOT_DELAY = 10;
const ROOT_DISPERSION = 11;
const LEAP_STATUS = 13;
const FIELDS = 14;

/** 127.127.1.1: chrony serves the machine's own clock, of which nobody knows how wrong it is, and says 0. */
const OWN_CLOCK = '7F7F0101';

/**
 * What chrony says of this machine's clock. It is asked anew each time, for a clock is set and drifts while a capture goes on.
 * @param run starts a program, and gives up on it after a while
 * @returns null where there is no chrony, or it does not know
 */
export async function chronyBound(run: RunProgram): Promise<ClockBound | null> {
  // −n asks no name server, which may be what is down.
  const { exitCode, stdout } = await run('chronyc', ['-c', '-n', 'tracking']);
  return exitCode === 0 ? boundByChrony(stdout) : null;
}

/**
 * How far the system clock may be from true time by chrony: what is still to be corrected, and root dispersion and half the root delay
 * of its source (chronyc(1), “Root dispersion”; RFC 5905, 11.2.3). The last correction counts where it was larger. A clock that no
 * source corrects has no bound.
 * @param line that `chronyc -c tracking` prints
 */
export function boundByChrony(line: string): ClockBound | null {
  const fields = line.trim().split(',');
  if (fields.length < FIELDS || fields[LEAP_STATUS] === 'Not synchronised') return null;
  if (fields[REFERENCE] === OWN_CLOCK) return null;
  const [left, last, delay, dispersion] = [SYSTEM_TIME, LAST_OFFSET, ROOT_DELAY, ROOT_DISPERSION].map(
    (field) => (fields[field] === '' ? NaN : Number(fields[field])),
  );
  const seconds = Math.max(Math.abs(left), Math.abs(last)) + dispersion + delay / 2;
  return Number.isFinite(seconds) && seconds >= 0 ? { boundSeconds: seconds, source: 'chrony' } : null;
}
