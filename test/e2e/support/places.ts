/** Where things are. */
import { join } from 'node:path';

export const ROOT = new URL('../../..', import.meta.url).pathname;
/** The built programs; another folder may be named, such as an unpacked release. */
export const DIST = process.env.RESETSCOPE_E2E_DIST ?? join(ROOT, 'dist');
/** Screenshots and measurements; ignored by git. */
export const RESULTS = join(ROOT, 'test-results');
export const SCREENS = join(RESULTS, 'screens');
export const MEASURED = join(RESULTS, 'e2e-measured.txt');
/** Big captures are generated once. */
export const BENCH_CACHE = join(ROOT, '.cache/bench');
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
