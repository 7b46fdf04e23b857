/** The command that builds the capture helper out of the sources that came with this program. */
import { accessSync, constants, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shellWord } from '../sources/source.ts';

/** @param program a built file, two folders below the one that has scripts/ and native/, in a checkout and in the npm package */
export function buildCommand(program: string): string {
  const script = fileURLToPath(new URL('../../scripts/build-native.mjs', program));
  // Other packages bring the helper along; there is nothing to build it with.
  if (!existsSync(script)) return 'node scripts/build-native.mjs';
  return `${mayWrite(fileURLToPath(new URL('..', program))) ? '' : 'sudo '}node ${shellWord(script)}`;
}

/** What was installed for all users is root's. */
function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
