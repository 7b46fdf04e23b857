/** What a capture is started with when nobody said otherwise. */
import type { CaptureInterface, LiveOptions } from '../../../shared/model/live.ts';

const MIB = 1024 * 1024;

export const DEFAULT_RING: LiveOptions['ring'] = { fileBytes: 64 * MIB, fileSeconds: null, files: 16 };

/** Enough for some hundred thousand packets a second until a busy reader comes back. */
const BUFFER_BYTES = 32 * MIB;
const KEEP_FREE_BYTES = 1024 * MIB;
const WHOLE_PACKETS = 262_144;

export function defaultOptions(interfaceName: string): LiveOptions {
  return {
    source: 'auto',
    interface: interfaceName,
    host: null,
    filter: '',
    snapLength: WHOLE_PACKETS,
    promiscuous: true,
    bufferBytes: BUFFER_BYTES,
    folder: null,
    ring: DEFAULT_RING,
    keepFreeBytes: KEEP_FREE_BYTES,
    witness: true,
    catch: null,
    second: null,
  };
}

/** The interface that most likely carries what somebody is after. */
export function likelyInterface(interfaces: readonly CaptureInterface[]): string {
  const real = interfaces.find((one) => one.up && !one.loopback && one.addresses.length > 0);
  return (real ?? interfaces.find((one) => one.up) ?? interfaces[0])?.name ?? 'any';
}
