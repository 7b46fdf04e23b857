/** Exports each reset and failure of captures, and reads each export again as a file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analysis } from '../../main/host/analysis.ts';
import { prepareExport, type ReadyExport } from '../../main/host/export/prepare-export.ts';
import type { ExportSubject } from '../../shared/model/export.ts';
import type { ResetRow } from '../../shared/model/rows.ts';

export async function analysisOf(paths: readonly string[]): Promise<Analysis> {
  const analysis = new Analysis();
  await analysis.run(paths, {});
  return analysis;
}

export function exportOf(analysis: Analysis, subject: ExportSubject): Promise<ReadyExport> {
  const request = { subject, notes: [], baseName: 'out' };
  return prepareExport(analysis, request, new AbortController().signal);
}

/** Writes the files of an export. @returns their paths */
export async function written(ready: ReadyExport, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (const [i, { name }] of ready.told.files.entries()) {
    const pieces: Uint8Array[] = [];
    for await (const piece of ready.pieces(i, new AbortController().signal)) pieces.push(piece);
    const path = join(folder, name);
    writeFileSync(path, Buffer.concat(pieces));
    paths.push(path);
  }
  return paths;
}

/** Who, why, whether it mattered, and how sure: what an export must keep. */
export function verdictText({ kind, side, cause, matters }: ResetRow): string {
  return `${kind} ${side} ${cause} ${matters ? 'matters' : 'harmless'}`;
}

export interface ExportTally {
  resets: number;
  failures: number;
  changed: number;
  written: number;
  of: number;
  widened: number;
  readonly wrong: string[];
}

/** @param mostResets of one set of captures that are exported one by one */
export async function exportEachReset(
  paths: readonly string[],
  folder: string,
  mostResets: number,
  tally: ExportTally,
): Promise<void> {
  const analysis = await analysisOf(paths);
  const { session } = analysis;
  try {
    if (session.failures.count > 0) await exportFailures(analysis, folder, tally);
    const ids = session.resetIds();
    const step = Math.max(1, ids.length / mostResets);
    for (let at = 0; at < ids.length; at += step) {
      const id = session.join.primary(ids[Math.floor(at)]);
      const before = session.resetRow(id);
      const ready = await exportOf(analysis, { kind: 'reset', packet: session.resets.packet(id) });
      tally.resets++;
      tally.changed += ready.told.changed;
      tally.written += ready.told.packets;
      tally.of += ready.told.of;
      tally.widened += ready.told.widened;
      const copy = await analysisOf(await written(ready, folder));
      try {
        const found = Array.from(copy.session.resetIds(), (one) => copy.session.resetRow(one)).filter(
          (row) => timeOf(copy, row) === timeOf(analysis, before) && row.client === before.client,
        );
        const isThere = found.some(
          (row) =>
            verdictText(row) === verdictText(before) && Math.abs(row.confidence - before.confidence) <= 0.05,
        );
        const packets = copy.session.packets.count;
        if (packets !== ready.told.packets)
          tally.wrong.push(
            `${paths.join(' ')} frame ${before.frame}: ${packets} packets for ${ready.told.packets}`,
          );
        if (!isThere)
          tally.wrong.push(
            `${paths.join(' ')} frame ${before.frame}: ${verdictText(before)} became ${found.map(verdictText).join(', ')}`,
          );
      } finally {
        await copy.close();
      }
    }
  } finally {
    await analysis.close();
  }
}

/** All failures of a set of captures at once. */
async function exportFailures(analysis: Analysis, folder: string, tally: ExportTally): Promise<void> {
  const ready = await exportOf(analysis, { kind: 'failures' });
  tally.failures += ready.told.verdicts;
  tally.changed += ready.told.changed;
  tally.widened += ready.told.widened;
  const copy = await analysisOf(await written(ready, folder));
  const kinds = ({ session }: Analysis): string[] =>
    Array.from(session.failures.eachRow(), ({ kind, client, server }) => `${kind} ${client} ${server}`);
  const there = new Set(kinds(copy));
  for (const one of kinds(analysis)) if (!there.has(one)) tally.wrong.push(`no more: ${one}`);
  await copy.close();
}

function timeOf({ session }: Analysis, { timeNs }: ResetRow): bigint {
  return (session.clock.epochNs ?? 0n) + BigInt(timeNs);
}
