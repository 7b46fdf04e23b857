/** Captures one after the other in one file, each a section of it, so that tshark, which takes long to start, reads all of them at once. */
import { spawnSync } from 'node:child_process';
import type { CaptureAnonymiser } from '../../main/engine/anonymise/capture-anonymiser.ts';
import { CaptureCopier } from '../../main/engine/copy/capture-copier.ts';
import { eachPacket } from './anonymise-file.ts';

/** @param rewriter leaves the packets as they are when there is none @returns the file, and how many packets each capture has */
export function joinedFile(
  captures: readonly Uint8Array[],
  rewriter?: CaptureAnonymiser,
): { readonly bytes: Uint8Array; readonly counts: readonly number[] } {
  const copier = new CaptureCopier({
    application: 'test',
    comment: 'captures joined',
    keepsKernelEvent: null,
    rewriter,
  });
  const parts: Uint8Array[] = [];
  const counts = captures.map((bytes) => {
    const chosen: { fileOffset: number; comments: string[] }[] = [];
    eachPacket(bytes, (_linkType, _packet, _wire, fileOffset) => chosen.push({ fileOffset, comments: [] }));
    copier.startFile(chosen);
    copier.feed(bytes);
    copier.endFile();
    parts.push(copier.take());
    return chosen.length;
  });
  return { bytes: Buffer.concat(parts), counts };
}

/** A line of tshark's for each packet: the values of the fields, a tab between them. */
export function tsharkFields(
  path: string,
  fields: readonly string[],
  options: readonly string[] = [],
): string[] {
  const { stdout, stderr, status } = spawnSync(
    'tshark',
    ['-n', '-r', path, ...options, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])],
    { encoding: 'latin1', maxBuffer: 1 << 29 },
  );
  if (status !== 0) throw new Error(`tshark ends with ${status}: ${stderr}`);
  return stdout.split('\n').slice(0, -1);
}
