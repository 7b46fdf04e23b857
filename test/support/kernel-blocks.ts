/**
 * Kernel blocks of pcapng files, written from their description and not from the reader, so that the two can disagree: see
 * main/engine/read/pcapng-kernel.ts for the layout.
 */
import { parseAddress } from '../../shared/format/address.ts';
import { splitEndpoint } from '../../shared/filter/address-match.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { PcapngBlock } from './capture-writer.ts';

export const BLOCK_TYPE = 0x80525301;
const KINDS = { sent: 1, received: 2, started: 3, lost: 4, stopped: 5, owner: 6 } as const;
const NOWHERE = new Uint8Array(16);

export interface KernelBlockOptions {
  readonly kind: keyof typeof KINDS;
  readonly timeNs: bigint;
  /** Address and port: `10.0.0.1:80`, `[2001:db8::1]:80`; both ends or none. */
  readonly local?: string;
  readonly remote?: string;
  readonly pid?: number;
  readonly inProcess?: boolean;
  readonly tcpState?: number;
  readonly reason?: string;
  readonly comm?: string;
  readonly detail?: string;
}

export function kernelEvent(options: KernelBlockOptions): PcapngBlock {
  return { kind: 'local', blockType: BLOCK_TYPE, write: (body) => writeBody(body, options) };
}

/** The kernel is watched from here on, on a machine with these addresses. */
export function kernelStarted(timeNs: bigint, addresses: readonly string[]): PcapngBlock {
  return kernelEvent({ kind: 'started', timeNs, detail: addresses.join(' ') });
}

function writeBody(body: ByteWriter, options: KernelBlockOptions): void {
  const local = ends(options.local);
  const remote = ends(options.remote);
  const [reason, comm, detail] = [options.reason, options.comm, options.detail].map((text) =>
    new TextEncoder().encode(text ?? ''),
  );
  body.u16(1).u8(KINDS[options.kind]).u8(local.family);
  body.u32(Number(options.timeNs >> 32n)).u32(Number(options.timeNs & 0xffff_ffffn));
  body.u16(local.port).u16(remote.port);
  body.u32(options.pid ?? 0);
  body.raw(local.bytes).raw(remote.bytes);
  body.u8(options.tcpState ?? 0).u8(options.inProcess ? 1 : 0);
  body.u16(reason.length).u16(comm.length).u16(detail.length);
  body.raw(reason).raw(comm).raw(detail);
}

function ends(endpoint: string | undefined): { family: number; port: number; bytes: Uint8Array } {
  if (endpoint === undefined) return { family: 0, port: 0, bytes: NOWHERE };
  const split = splitEndpoint(endpoint);
  const address = split && parseAddress(split.address);
  if (!split || !address) throw new Error(`${endpoint} is no endpoint`);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < (address.family === 4 ? 1 : 4); i++) view.setInt32(4 * i, address.words[i]);
  return { family: address.family, port: split.port, bytes };
}
