/** Where cases are kept: RESETSCOPE_CASE_DIR, else where the system keeps data of programs: XDG_DATA_HOME/resetscope on Linux. */
import { join } from 'node:path';
import '../home.ts';
import envPaths from 'env-paths';
import type { CaptureIdentity } from '../../../shared/notes/identity.ts';

export function caseFolder(): string {
  return process.env['RESETSCOPE_CASE_DIR'] ?? join(envPaths('resetscope', { suffix: '' }).data, 'cases');
}

/** The name says nothing of the capture; the file does. */
export function casePath(folder: string, { sha256 }: CaptureIdentity): string {
  return join(folder, `${sha256.slice(0, 32)}.json`);
}

/** With the capture's whole name, so that x.pcap and x.pcapng do not share one. */
export function besidePath(capture: string): string {
  return `${capture}.resetscope.json`;
}
