/** `resetscope fleet key`: a key that all hosts of a fleet are given, so that what they capture can be joined. */
import { sanitiseText } from '../../../shared/format/text.ts';
import { writeFleetKey } from '../../host/fleet/keys.ts';
import { EXIT_OK } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';

/** @throws WriteError, also where the file is there already: who has lost a key can join nothing any more */
export async function makeKey(path: string, io: CliIo): Promise<number> {
  const { id } = await writeFleetKey(path);
  io.stderr.write(
    `resetscope: the key ${id} of a fleet is in ${sanitiseText(path, 500)}, for you alone to read: bring it to all hosts that capture, and give it with --fleet-key\n`,
  );
  return EXIT_OK;
}
