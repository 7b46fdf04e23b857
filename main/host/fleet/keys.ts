/** The key of a fleet: what its agents hash connections with, so that hosts can be joined and nobody else learns anything. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { WholeFile } from '../../capture/whole-file.ts';
import { FleetKeys } from '../../engine/fleet/keys.ts';
import { errorText } from '../../../shared/format/error.ts';
import { parseCaseKey } from '../anonymise/case-cipher.ts';

/** Bytes of a key, in the file twice as many hexadecimal digits. */
const KEY_BYTES = 32;
/** No key file is longer, whatever stands at its name. */
const MOST_FILE_BYTES = 1024;

/** Of those that have chosen no key: it hides nothing, and joins all that have none. */
const PUBLIC_KEY = createHash('sha256').update('resetscope fleet public key').digest();

export interface FleetKey {
  readonly bytes: Uint8Array;
  /** What tells which key it is, and nothing of it. */
  readonly id: string;
  readonly isPublic: boolean;
}

export const PUBLIC_FLEET_KEY: FleetKey = { bytes: PUBLIC_KEY, id: 'public', isPublic: true };

/** @param bytes KEY_BYTES of them */
export function fleetKey(bytes: Uint8Array): FleetKey {
  const id = createHash('sha256').update('resetscope fleet key id').update(bytes).digest('hex').slice(0, 8);
  return { bytes, id, isPublic: false };
}

/** @throws FleetKeyError, for people */
export async function readFleetKey(path: string): Promise<FleetKey> {
  let text: string;
  try {
    text = await beginOf(path);
  } catch (error) {
    throw new FleetKeyError(`the fleet key ${path} cannot be read: ${errorText(error)}`, { cause: error });
  }
  const bytes = text.length > MOST_FILE_BYTES ? null : parseCaseKey(text.trim());
  if (bytes === null) {
    throw new FleetKeyError(
      `${path} holds no fleet key, which is ${2 * KEY_BYTES} hexadecimal digits: make one with “resetscope fleet key -o FILE”`,
    );
  }
  return fleetKey(bytes);
}

async function beginOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_FILE_BYTES + 1), 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Makes a key by chance, for its owner alone to read. @throws WriteError where the file is there already */
export async function writeFleetKey(path: string): Promise<FleetKey> {
  const bytes = Uint8Array.from(randomBytes(KEY_BYTES));
  const file = await WholeFile.create(path, { existing: 'refuse', mode: 0o600 });
  try {
    await file.handle.writeFile(`${Buffer.from(bytes).toString('hex')}\n`);
    await file.commit();
  } finally {
    // Of what was put in place there is nothing left to discard.
    await file.discard();
  }
  return fleetKey(bytes);
}

export class FleetKeyError extends Error {
  override readonly name = 'FleetKeyError';
}

/** What makes the keys of rows. */
export function keysWith({ bytes }: FleetKey): FleetKeys {
  return new FleetKeys((label, data) =>
    createHmac('sha256', bytes).update(label).update(data).digest().readBigInt64BE(0),
  );
}

/**
 * By what a capture is known in all tables: the same for the same parts, in whatever run.
 * @param parts where it was made, and what tells it from all others made there
 */
export function captureKey(parts: readonly string[]): bigint {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readBigInt64BE(0);
}
