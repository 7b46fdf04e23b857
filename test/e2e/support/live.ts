/** Whether packets can be captured here as the tests of live capture need it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DIST } from './places.ts';

export const HELPER = join(DIST, 'native/resetscope-capd');

export const canCaptureLive =
  existsSync(HELPER) && process.getuid?.() === 0 && spawnSync('unshare', ['--net', 'true']).status === 0;

/** The kernel can be asked which resets it sends. */
export const hasWitness = canCaptureLive && existsSync('/sys/kernel/tracing');
