/** Captures one after the other in one file, each a section of it, so that tshark, which takes long to start, reads all of them at once. */
import { spawnSync } from 'node:child_process';
import type { CaptureAnonymiser } from '../../main/engine/anonymise/capture-anonymiser.ts';
import { CaptureCopier } from '../../main/engine/copy/capture-copier.ts';
import { Decoder } from '../../main/engine/decode/decoder.ts';
import { DST0, DST3, DST_PORT, FACT_COUNT, SRC0, SRC3, SRC_PORT } from '../../main/engine/decode/facts.ts';
import { LimitCounter } from '../../main/engine/limits.ts';
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

/**
 * Captures in groups of which no two have a connection in common: tshark would take its packets for sent again, and not look into them.
 * @returns indices of captures
 */
export function withoutSharedConnections(captures: readonly Uint8Array[]): number[][] {
  const groups: { readonly members: number[]; readonly connections: Set<string> }[] = [];
  for (const [i, bytes] of captures.entries()) {
    const own = connectionsOf(bytes);
    let group = groups.find(({ connections }) => own.every((one) => !connections.has(one)));
    if (group === undefined) groups.push((group = { members: [], connections: new Set() }));
    group.members.push(i);
    for (const one of own) group.connections.add(one);
  }
  return groups.map(({ members }) => members);
}

/** Both ends of each, in whatever order; those of what a tunnel carries. */
function connectionsOf(bytes: Uint8Array): string[] {
  const decoder = new Decoder(new LimitCounter());
  const facts = new Int32Array(FACT_COUNT);
  decoder.facts = facts;
  const connections = new Set<string>();
  eachPacket(bytes, (linkType, packet, wire) => {
    decoder.decode(packet, 0, packet.length, wire, linkType, 0);
    const source = `${facts.slice(SRC0, SRC3 + 1).join(' ')} ${facts[SRC_PORT]}`;
    const destination = `${facts.slice(DST0, DST3 + 1).join(' ')} ${facts[DST_PORT]}`;
    connections.add([source, destination].sort().join(', '));
  });
  return [...connections];
}
