/** The capture helper built for tests, and whether it can be run here as its tests need it. */
import { spawnSync } from 'node:child_process';
import { PATIENCE_MS } from '../../support/patience-times.ts';

interface NativeBuild {
  ensureNativeBuilt(options: { variants: readonly string[] }): { built: boolean; reason?: string };
  nativeProgram(variant?: string): string;
}

const build = (await import(
  new URL('../../../scripts/build-native.mjs', import.meta.url).href
)) as NativeBuild;

const VARIANTS = ['plain', 'sanitized', 'witness-lines', 'inherited', 'hostile-compiler'];
const result = build.ensureNativeBuilt({ variants: VARIANTS });
if (!result.built) console.warn(`the capture helper is not tested: ${result.reason}`);

export const isBuilt = result.built;

/** The fuzzers need sanitizers, which not every compiler has. */
const fuzzers = isBuilt ? build.ensureNativeBuilt({ variants: ['fuzz'] }) : result;
if (!fuzzers.built && isBuilt) console.warn(`the capture helper is not fuzzed in C: ${fuzzers.reason}`);
export const areFuzzersBuilt = fuzzers.built;

/** Network namespaces are root's. */
export const canCapture =
  isBuilt && process.getuid?.() === 0 && spawnSync('unshare', ['--net', 'true']).status === 0;

export const PLAIN = build.nativeProgram('plain');
export const SANITIZED = build.nativeProgram('sanitized');
export const WITNESS_LINES = build.nativeProgram('witness-lines');
export const FUZZ = build.nativeProgram('fuzz');
export const INHERITED = build.nativeProgram('inherited');
export const HOSTILE_COMPILER = build.nativeProgram('hostile-compiler');
/** The copy that may ask the kernel witness. */
export const WITNESS = `${PLAIN}-witness`;

/** Of a program that gave its rights up the leak checker may not look into the memory. */
export const SANITIZER_ENV = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=0' };

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function runProgram(program: string, args: readonly string[]): Finished {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: SANITIZER_ENV,
    timeout: PATIENCE_MS,
    maxBuffer: 64 << 20,
  });
  return { code: status, stdout, stderr };
}
