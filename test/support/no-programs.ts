import type { LiveParts } from '../../main/host/live/live-parts.ts';

/** A machine without anything that could capture. */
export const NO_PROGRAMS: LiveParts = {
  places: { path: '', moreFolders: [], helpers: [], capChild: null, node: process.execPath },
  recorderWorker: undefined,
  captureFolder: '/nonexistent',
  run: () => Promise.resolve({ exitCode: -1, stdout: '', stderr: 'there are no programs' }),
};
