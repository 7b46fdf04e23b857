/**
 * Takes the paths of files that the user dropped onto the page, or chose in it. The preload script reads them off File objects,
 * which a page cannot make for a file of the disk: a script that somebody smuggled into the page gets no path this way.
 * This process, however, cannot see a drop. A renderer process that was taken over as a whole can name any path; all that
 * is held then is that it is an existing, regular file, and that the engine shows of it what a capture has.
 */
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { GrantedPaths } from '../host/granted-paths.ts';
import { TAKE_FILE } from './channels.ts';
import type { SenderFrame } from './security.ts';
import { isTrustedSender } from './security.ts';

/** Linux' PATH_MAX (limits.h). */
const MAX_PATH = 4096;

/** Of Electron's ipcMain. */
export interface FileIpc {
  handle(
    channel: string,
    listener: (event: { readonly senderFrame: SenderFrame | null }, path: unknown) => Promise<boolean>,
  ): void;
}

export function takeDroppedFiles(ipc: FileIpc, granted: GrantedPaths, refused: (why: string) => void): void {
  ipc.handle(TAKE_FILE, async (event, path) => {
    if (!isTrustedSender(event)) {
      refused('a frame that is not our page named a file');
      return false;
    }
    if (typeof path !== 'string' || path.length > MAX_PATH || !isAbsolute(path) || path.includes('\0')) {
      refused('the page named something that is no path');
      return false;
    }
    const found = await stat(path).catch(() => undefined);
    // The page says what is no file: a folder that was dropped, or what has gone meanwhile.
    if (found?.isFile() !== true) return false;
    granted.add(path);
    return true;
  });
}
