/** Anonymises whole capture files by the product's own copying, and holds what is read of both against each other. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FlowRecord } from '../../shared/base/units.ts';
import { CaptureAnonymiser } from '../../main/engine/anonymise/capture-anonymiser.ts';
import { CaptureCopier, type ChosenPacket } from '../../main/engine/copy/capture-copier.ts';
import { LimitCounter } from '../../main/engine/limits.ts';
import { CaptureReader } from '../../main/engine/read/capture-reader.ts';
import { CaptureClock, type PacketSink } from '../../main/engine/read/sink.ts';
import { Analysis } from '../../main/host/analysis.ts';
import { createCaseCipher } from '../../main/host/anonymise/case-cipher.ts';

export const CASE_KEY = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 0xff);

export const newAnonymiser = (key = CASE_KEY): CaptureAnonymiser =>
  new CaptureAnonymiser(createCaseCipher(key));

/** The bytes of a capture file, unpacked. */
export function bytesOf(path: string): Uint8Array {
  const bytes = readFileSync(path);
  return new Uint8Array(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}

/** Calls `visit` for each packet of a capture's bytes. */
export function eachPacket(
  bytes: Uint8Array,
  visit: (linkType: number, packet: Uint8Array, wireLength: number, fileOffset: number) => void,
): void {
  const linkTypes = new Map<number, number>();
  const nothing = (): void => undefined;
  const sink: PacketSink = {
    onInterface: ({ id, linkType }) => linkTypes.set(id, linkType),
    onPacket: (data, start, captured, wire, _timeNs, interfaceId, _direction, fileOffset) => {
      visit(linkTypes.get(interfaceId) ?? -1, data.slice(start, start + captured), wire, fileOffset);
    },
    onOtherFrames: nothing,
    onComment: nothing,
    onName: nothing,
    onDrops: nothing,
    onKernelEvent: nothing,
    onWarning: nothing,
  };
  const reader = new CaptureReader(sink, new CaptureClock(), new LimitCounter());
  reader.feed(bytes);
  reader.end();
}

/** The whole capture, anonymised, as pcapng. */
export function anonymised(bytes: Uint8Array, rewriter = newAnonymiser()): Uint8Array {
  const chosen: ChosenPacket[] = [];
  eachPacket(bytes, (_linkType, _packet, _wire, fileOffset) => chosen.push({ fileOffset, comments: [] }));
  const copier = new CaptureCopier({
    application: 'test',
    comment: 'a copy',
    keepsKernelEvent: null,
    rewriter,
  });
  copier.startFile(chosen);
  copier.feed(bytes);
  copier.endFile();
  copier.finish();
  return copier.take();
}

/** Anonymises the files of one case. @returns paths of the copies, in the same order */
export function anonymisedFiles(paths: readonly string[], folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const rewriter = newAnonymiser();
  return paths.map((path, i) => {
    const to = join(folder, `${i}-${basename(path).replace(/\.gz$/u, '')}.pcapng`);
    writeFileSync(to, anonymised(bytesOf(path), rewriter));
    return to;
  });
}

/** What verdicts say, without words: texts hold addresses and names. */
export async function verdictsOf(paths: readonly string[]): Promise<string[]> {
  const analysis = new Analysis();
  await analysis.run(paths, {});
  const { session } = analysis;
  try {
    const said: string[] = [];
    for (const id of session.resetIds()) {
      const { row, verdict } = session.resetDetail(id);
      const { origin, cause, matters, family, obeyed, evidence, silenceSeconds } = verdict;
      said.push(
        [
          `frame ${row.frame}: ${origin.kind} ${origin.side} ${origin.confidence.toFixed(3)} ${cause.code} ${cause.confidence.toFixed(3)}`,
          `${matters ? 'matters' : 'harmless'} ${family} ${obeyed} ${silenceSeconds ?? 'no'} silence`,
          evidence.map(({ code, weight }) => `${code} ${weight.toFixed(2)}`).join(' '),
        ].join('; '),
      );
    }
    for (const { id, kind, side, matters, timeNs } of session.failures.eachRow()) {
      said.push(`failure of ${id}: ${kind} ${side} ${matters ? 'matters' : 'harmless'} at ${timeNs}`);
    }
    for (const flow of session.liveFlows() as unknown as FlowRecord[]) {
      const { packets } = session.flowRow(flow);
      said.push(`flow ${flow}: ${session.ending(flow)}, ${packets} packets, ${session.application(flow)}`);
    }
    return said;
  } finally {
    await analysis.close();
  }
}
