/** Where the built parts of live capture are, and the programs beside them. */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { ProgramPlaces } from '../../capture/live/doctor/find-programs.ts';
import type { RunProgram } from '../../capture/live/doctor/run-program.ts';
import { runProgram } from '../../capture/live/doctor/run-program.ts';

export interface LiveParts {
  readonly places: ProgramPlaces;
  /** The built recorder-worker.js, where there is one. */
  readonly recorderWorker: URL | undefined;
  /** Where captures go unless told otherwise. */
  readonly captureFolder: string;
  readonly run: RunProgram;
}

const HELPER = process.platform === 'win32' ? 'resetscope-capd.exe' : 'resetscope-capd';

/** @param dist the folder of the build @param captureFolder as defaultCaptureFolder() gives it */
export function liveParts(dist: URL, captureFolder: string): LiveParts {
  const built = fileURLToPath(new URL(`native/${HELPER}`, dist));
  const { resourcesPath } = process as { resourcesPath?: string };
  // Programs cannot be started out of an asar archive; they are packed beside it.
  const packed = resourcesPath === undefined ? [] : [join(resourcesPath, 'native', HELPER)];
  // The packaged app's own executable cannot run scripts (its fuse runAsNode is off), nor load an addon made for Node.
  const isElectron = process.versions['electron'] !== undefined;
  return {
    places: {
      path: process.env['PATH'],
      helpers: [...packed, built.replace('app.asar', 'app.asar.unpacked')],
      capChild: isElectron ? null : fileURLToPath(new URL('host/cap-child.js', dist)),
      node: process.execPath,
    },
    recorderWorker: new URL('host/recorder-worker.js', dist),
    captureFolder,
    run: runProgram,
  };
}
