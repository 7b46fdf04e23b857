/**
 * A process around the npm package `cap`, which crashes its process in ordinary situations and must be loaded once per
 * capture. Writes pcapng to standard output; ends with its input.
 *
 *   node cap-child.js INTERFACE FILTER SNAPLENGTH BUFFERBYTES
 *   node cap-child.js --probe INTERFACE      exits with 0 where the package can be loaded and may open it
 *
 * The package gives no stamps: those written are of arrival in this process, and the interface says so.
 */
import { createRequire } from 'node:module';
import { errorText } from '../../../../shared/format/error.ts';
import { ARRIVAL_STAMPS } from '../../../engine/read/pcapng-interfaces.ts';
import {
  BlockWriter,
  writeInterface,
  writePacket,
  writeSection,
  writeStatistics,
} from '../blocks/pcapng-blocks.ts';

/** What is used of the package, which comes without types. */
interface CapPackage {
  readonly Cap: {
    new (): {
      open(device: string, filter: string, bufferBytes: number, buffer: Buffer): string;
      close(): void;
      on(event: 'packet', listener: (bytes: number, truncated: boolean) => void): void;
    };
  };
}

const EXIT_UNUSABLE = 69;
const PACKET_BYTES = 65_535;
/** Bytes that may wait for the reader; packets beyond that are dropped and counted. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const FLUSH_MS = 20;
const STATISTICS_MS = 1000;
const MICROSECONDS = 6;
/** The package's names of link types, with their numbers in tcpdump.org/linktypes.html. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  ETHERNET: 1,
  NULL: 0,
  RAW: 101,
  IEEE802_11_RADIO: 127,
  LINKTYPE_LINUX_SLL: 113,
};

function fail(message: string): never {
  process.stderr.write(`resetscope-cap: ${message}\n`);
  process.exit(EXIT_UNUSABLE);
}

function load(): CapPackage {
  try {
    return createRequire(import.meta.url)('cap') as CapPackage;
  } catch (error) {
    return fail(`the package cap cannot be loaded (${errorText(error).split('\n')[0]})`);
  }
}

function capture(device: string, filter: string, snapLength: number, bufferBytes: number): void {
  const { Cap } = load();
  const one = new Cap();
  const buffer = Buffer.alloc(PACKET_BYTES);
  let linkType: string;
  try {
    linkType = one.open(device, filter, bufferBytes, buffer);
  } catch (error) {
    // The process must end at once: what could not be opened crashes it when it is collected.
    return fail(errorText(error));
  }
  const number = LINK_TYPES[linkType];
  if (number === undefined)
    fail(`${device} has the link type ${linkType}, which cannot be captured with cap`);
  const out = new BlockWriter(false, 256 * 1024);
  writeSection(out, 'resetscope, npm cap');
  writeInterface(out, {
    linkType: number,
    snapLength,
    name: device,
    comment: ARRIVAL_STAMPS,
    resolutionExponent: MICROSECONDS,
  });
  let received = 0;
  let dropped = 0;
  const startUs = BigInt(Date.now()) * 1000n;
  const startMs = performance.now();
  const nowUs = (): bigint => startUs + BigInt(Math.round((performance.now() - startMs) * 1000));
  const flush = (): void => {
    if (out.length > 0) process.stdout.write(out.take());
  };
  one.on('packet', (bytes) => {
    received++;
    if (process.stdout.writableLength + out.length > MAX_WAITING_BYTES) {
      dropped++;
      return;
    }
    const stamp = nowUs();
    const kept = buffer.subarray(0, Math.min(bytes, snapLength));
    writePacket(out, Number(stamp >> 32n), Number(stamp & 0xffff_ffffn), kept, bytes);
  });
  setInterval(flush, FLUSH_MS);
  setInterval(() => {
    writeStatistics(out, nowUs(), {
      interfaceId: 0,
      received,
      droppedByInterface: null,
      droppedByKernel: dropped,
    });
  }, STATISTICS_MS);
  flush();
  process.stdin.on('end', () => {
    one.close();
    flush();
    process.stdout.end(() => process.exit(0));
  });
  for (const stream of [process.stdin, process.stdout]) stream.on('error', () => process.exit(0));
  process.stderr.on('error', () => undefined);
  process.stdin.resume();
}

function probe(on: string): void {
  const { Cap } = load();
  try {
    new Cap().open(on, '', PACKET_BYTES, Buffer.alloc(PACKET_BYTES));
  } catch (error) {
    // The process must end at once: what could not be opened crashes it when it is collected.
    fail(errorText(error));
  }
  process.exit(0);
}

const [device, filter = '', snapLength = '262144', bufferBytes = '33554432'] = process.argv.slice(2);
if (device === '--probe') probe(filter);
else if (device !== undefined) capture(device, filter, Number(snapLength), Number(bufferBytes));
else fail('an interface is missing');
