/** What must hold of the readers whatever bytes they are given. */
import { LIMITS, LimitCounter } from '../../main/engine/limits.ts';
import { CaptureReader } from '../../main/engine/read/capture-reader.ts';
import { CaptureClock, type InterfaceInfo, type PacketSink } from '../../main/engine/read/sink.ts';
import type { KernelEvent } from '../../main/engine/read/kernel-event.ts';
import type { ReadWarning } from '../../shared/model/warning.ts';
import { CAPTURE_VARIANTS } from '../support/capture-variants.ts';
import { writePcap, writePcapng, type PcapngBlock } from '../support/capture-writer.ts';
import { kernelEvent, kernelStarted } from '../support/kernel-blocks.ts';
import type { FuzzTarget } from './fuzz-loop.ts';

const START = 1_700_000_000_123_456_789n;

export const readersTarget: FuzzTarget = {
  name: 'readers',
  corpus: makeCorpus(),
  check(input, random) {
    const whole = read(input, () => Math.max(1, input.length));
    const sizes = random.pick([
      () => 1,
      () => 1 + random.below(20),
      () => 1 + random.below(4000),
      () => Math.max(1, input.length >> 1),
    ]);
    const pieces = read(input, sizes);
    if (whole !== pieces) throw new Error(`chunks change the result:\n${whole}\n---\n${pieces}`);
  },
};

/** Reads `input` in chunks and checks each call. @returns all that was told, to compare */
function read(input: Uint8Array, nextSize: () => number): string {
  const sink = new CheckingSink(input.length);
  const reader = new CaptureReader(sink, new CaptureClock(), new LimitCounter());
  for (let at = 0; at < input.length;) {
    const to = Math.min(input.length, at + nextSize());
    // A buffer of its own, overwritten afterwards: nobody may look behind it or keep it.
    const chunk = input.slice(at, to);
    reader.feed(chunk);
    chunk.fill(0xee);
    if (reader.bytes > to) throw new Error(`${reader.bytes} bytes read of ${to}`);
    at = to;
  }
  reader.end();
  if (input.length > 0 && reader.bytes > input.length) throw new Error('more bytes read than there are');
  if (reader.packets !== sink.packets)
    throw new Error(`${reader.packets} packets counted, ${sink.packets} seen`);
  return sink.told.join('\n');
}

class CheckingSink implements PacketSink {
  readonly told: string[] = [];
  packets = 0;
  readonly #fileLength: number;
  #interfaces = 0;
  #warnings = 0;
  #lastOffset = -1;

  constructor(fileLength: number) {
    this.#fileLength = fileLength;
  }

  onInterface(info: InterfaceInfo): void {
    if (info.id !== this.#interfaces++) throw new Error(`interface ${info.id} is not the next`);
    if (!(info.resolutionNs >= 1)) throw new Error(`resolution ${info.resolutionNs}`);
    this.told.push(`interface ${JSON.stringify(info)}`);
  }

  onPacket(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
    direction: number,
    fileOffset: number,
  ): void {
    this.packets++;
    const facts = { start, capturedLength, wireLength, timeNs, interfaceId, direction, fileOffset };
    const fail = (what: string) => {
      throw new Error(`packet ${this.packets} ${what}: ${JSON.stringify(facts)}`);
    };
    if (!(start >= 0 && capturedLength >= 0 && start + capturedLength <= data.length))
      fail('leaves its chunk');
    if (capturedLength > LIMITS.maxRecordBytes || wireLength > LIMITS.maxRecordBytes) fail('is too long');
    if (wireLength < capturedLength) fail('was longer in the file than on the wire');
    if (!Number.isInteger(timeNs)) fail('has no time');
    if (!(interfaceId >= 0 && interfaceId < this.#interfaces)) fail('has no interface');
    if (!(direction >= 0 && direction <= 2)) fail('has no direction');
    if (fileOffset <= this.#lastOffset || fileOffset + capturedLength > this.#fileLength)
      fail('lies elsewhere');
    this.#lastOffset = fileOffset;
    let sum = 0;
    for (let i = start; i < start + capturedLength; i++) sum = (Math.imul(sum, 31) + data[i]) | 0;
    this.told.push(
      `packet ${fileOffset} ${capturedLength} ${wireLength} ${timeNs} ${interfaceId} ${direction} ${sum}`,
    );
  }

  onOtherFrames(count: number): void {
    this.told.push(`${count} other frames`);
  }

  onComment(text: string): void {
    if (this.packets === 0) throw new Error('a comment before any packet');
    this.told.push(`comment ${text}`);
  }

  onName(address: string, name: string): void {
    this.told.push(`name ${address} ${name}`);
  }

  onDrops(drops: object): void {
    this.told.push(`drops ${JSON.stringify(drops)}`);
  }

  onKernelEvent(event: KernelEvent): void {
    const { timeNs, ...rest } = event;
    if (!(timeNs >= 0n && timeNs < 1n << 64n)) throw new Error(`a kernel event at ${timeNs}`);
    for (const text of [event.reason, event.comm, event.text])
      if (text.length > LIMITS.maxTextBytes) throw new Error('a text is too long');
    if (event.local.length !== 4 || event.remote.length !== 4) throw new Error('an address is none');
    this.told.push(`kernel ${timeNs} ${JSON.stringify(rest)}`);
  }

  onWarning(warning: ReadWarning): void {
    if (++this.#warnings > LIMITS.maxWarnings) throw new Error('too many warnings');
    const { offset, packet } = warning;
    if (offset !== undefined && !(offset >= 0 && offset <= this.#fileLength))
      throw new Error(warning.message);
    if (packet !== undefined && packet > this.packets + 1) throw new Error(warning.message);
    this.told.push(`warning ${JSON.stringify(warning)}`);
  }
}

function makeCorpus(): Uint8Array[] {
  const packets = Array.from({ length: 12 }, (_, i) => ({
    timeNs: START + BigInt(i) * 1_234_567n,
    data: Uint8Array.from({ length: 40 + ((i * 17) % 90) }, (_unused, j) => (i * 3 + j) & 0xff),
    wireLength: 200,
  }));
  const blocks: PcapngBlock[] = [
    { kind: 'names', records: [{ address: Uint8Array.of(10, 0, 0, 1), names: ['host'] }] },
    ...packets.map((packet, i): PcapngBlock => ({
      kind: i % 5 === 4 ? 'obsolete' : 'packet',
      ...packet,
      interfaceId: i % 2,
      direction: i % 3,
      comments: i % 4 === 0 ? ['remark'] : [],
      dropCount: i % 6 === 0 ? 3n : undefined,
    })),
    { kind: 'simple', data: packets[0].data },
    { kind: 'secrets', secretsType: 7, data: new Uint8Array(50) },
    kernelStarted(START, ['10.0.0.1', '2001:db8::1']),
    kernelEvent({
      kind: 'sent',
      timeNs: START,
      local: '10.0.0.1:80',
      remote: '10.0.0.2:4000',
      comm: 'nginx',
    }),
    kernelEvent({ kind: 'owner', timeNs: START, local: '[2001:db8::1]:80', remote: '[2001:db8::2]:9' }),
    { kind: 'custom', enterprise: 1, data: new Uint8Array(5) },
    { kind: 'local', blockType: 9, write: (body) => body.raw(new Uint8Array(40)) },
    { kind: 'local', blockType: 0x204, write: (body) => body.raw(new Uint8Array(40)) },
    { kind: 'statistics', received: 12n, droppedByKernel: 1n },
  ];
  const interfaces = [
    { tsresol: 9, name: 'eth0', description: 'uplink' },
    { tsresol: 0x80 | 30, tsoffset: 1_600_000_000n, snapLength: 96 },
  ];
  const section = { interfaces, blocks };
  return [
    writePcap({ packets }),
    writePcap({ packets, nanos: true, bigEndian: true }),
    writePcap({ packets, modified: true }),
    writePcap({ packets: packets.slice(0, 1) }),
    ...CAPTURE_VARIANTS.map(({ bytes }) => bytes),
    writePcapng({ sections: [section] }),
    writePcapng({ sections: [{ ...section, bigEndian: true, statesLength: true }] }),
    writePcapng({ sections: [section, { ...section, bigEndian: true, comment: 'second' }] }),
  ];
}
