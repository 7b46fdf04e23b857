/** Writes an analysis of capture files as units of a fleet: each capture of it, all files of a rotated set together, is one. */
import { basename } from 'node:path';
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { CaptureFacts } from '../../engine/fleet/capture-cells.ts';
import type { Disguise, FleetContext } from '../../engine/fleet/fleet-row.ts';
import { WEIGHTS_VERSION } from '../../engine/fleet/weights-version.ts';
import type { Session } from '../../engine/session.ts';
import type { Analysis } from '../analysis.ts';
import { identify } from '../notes/identify.ts';
import { VERSION } from '../version.ts';
import { casesOf, NO_CASES } from './cases-of-analysis.ts';
import { disguiseOf } from './disguise-of.ts';
import { captureKey, keysWith, type FleetKey } from './keys.ts';
import { siteOf } from './layout.ts';
import { rowsOfAnalysis } from './rows-of-analysis.ts';
import { writeUnit, type WrittenUnit } from './unit-writer.ts';

export interface AgentOptions {
  /** Where the tables lie. */
  readonly folder: string;
  readonly site: string;
  /** The machine that captured, as it is told. */
  readonly host: string;
  readonly key: FleetKey;
  readonly isAnonymised: boolean;
  readonly clock: CaptureFacts['clock'];
  /** Whether packets are kept of what mattered, as case files. */
  readonly keepsCases: boolean;
}

export interface WrittenCapture extends WrittenUnit {
  /** Of its files. */
  readonly names: readonly string[];
  readonly capture: bigint;
  /** Connections that a case file would have been kept of, had there been fewer. */
  readonly casesLeftOut: number;
}

/** @throws WriteError, or the reason of the signal */
export async function writeAnalysis(
  analysis: Analysis,
  options: AgentOptions,
  signal: AbortSignal,
): Promise<WrittenCapture[]> {
  const written: WrittenCapture[] = [];
  const disguise = disguiseOf(analysis.session, options.key, options.isAnonymised);
  for (const part of partsOf(analysis.session)) {
    if (part.packets === 0) continue;
    const capture = await keyOf(analysis, part, options, signal);
    // The same capture under two names: what it tells is told already.
    if (written.some((one) => one.capture === capture)) continue;
    const names = part.files.map((file) => basename(analysis.session.files[file].path));
    written.push({
      names,
      capture,
      ...(await writePart(analysis, part, { capture, disguise }, options, signal)),
    });
  }
  return written;
}

/** A capture of an analysis. */
interface Part {
  readonly timeline: number;
  /** By their numbers. */
  readonly files: number[];
  packets: number;
}

function partsOf(session: Session): Part[] {
  const parts: Part[] = [];
  for (const [file, { packets }] of session.files.entries()) {
    const timeline = session.timelineOf(file);
    let part = parts.find((one) => one.timeline === timeline);
    if (part === undefined) parts.push((part = { timeline, files: [], packets: 0 }));
    part.files.push(file);
    part.packets += packets;
  }
  return parts;
}

/** Of where it was made and what it holds, so that a copy under another name is the same capture. */
async function keyOf(
  analysis: Analysis,
  { files }: Part,
  { site, host }: AgentOptions,
  signal: AbortSignal,
): Promise<bigint> {
  const parts = ['file', siteOf(site), host];
  for (const file of files) {
    const identity = await identify(analysis, file, signal);
    parts.push(identity?.sha256 ?? unreadableText(analysis.session, file));
  }
  return captureKey(parts);
}

/** Of a file without packets, or whose bytes cannot be read again: what is still known of it, so that it is taken for no other. */
function unreadableText(session: Session, file: number): string {
  const { path, packets, first, last } = session.files[file];
  return `${basename(path)} ${packets} ${first ?? ''} ${last ?? ''}`;
}

async function writePart(
  analysis: Analysis,
  part: Part,
  { capture, disguise }: Pick<FleetContext, 'capture' | 'disguise'>,
  options: AgentOptions,
  signal: AbortSignal,
): Promise<WrittenUnit & Pick<WrittenCapture, 'casesLeftOut'>> {
  const { session } = analysis;
  const site = siteOf(options.site);
  const context: FleetContext = {
    capture,
    segment: 0,
    epochNs: session.clock.epochNs ?? 0n,
    keys: keysWith(options.key),
    disguise,
  };
  const flows = session
    .liveFlows()
    .filter((flow) => session.flows.timelineOf(flow as FlowRecord) === part.timeline);
  const resets = session.resetSightings().filter((id) => timelineOfReset(session, id) === part.timeline);
  const cases = options.keepsCases
    ? await casesOf(analysis, resets, context, options.isAnonymised ? options.key : undefined, signal)
    : NO_CASES;
  const rows = rowsOfAnalysis(
    session,
    {
      ...{ flows, resets, openFlows: new Uint32Array(0), caseName: (id) => cases.names.get(id) ?? null },
      failures: failuresOf(session, part),
    },
    context,
  );
  const written = await writeUnit(
    {
      ...{ folder: options.folder, site, context, open: null, cases: cases.files },
      rows: [rows.flows, rows.resets, rows.findings, rows.failures],
      captures: (written) => {
        const counted = countResets(session, part);
        const facts = factsOf(session, part, disguise, options, {
          flows: written.flows,
          resets: counted,
          untold: counted - rows.toldResets + flows.length - written.flows,
        });
        return { ...facts, isWhole: facts.isWhole && analysis.progress.phase === 'done' };
      },
    },
    signal,
  );
  return { ...written, casesLeftOut: cases.leftOut };
}

function timelineOfReset(session: Session, id: number): number {
  return session.timelineOf(session.packets.file(session.resets.packet(id)));
}

function* failuresOf(session: Session, { timeline }: Part): Generator<FailureRow> {
  for (const row of session.failures.eachRow()) if (session.timelineOf(row.file) === timeline) yield row;
}

/** All that were captured, with and without a verdict. */
function countResets(session: Session, { timeline }: Part): number {
  const { resets } = session;
  let counted = 0;
  for (let id = resets.first; id < resets.count; id++)
    if (timelineOfReset(session, id) === timeline) counted += resets.members(id);
  return counted;
}

function factsOf(
  session: Session,
  { files, packets }: Part,
  disguise: Disguise,
  { site, host, key, isAnonymised, clock }: AgentOptions,
  counts: Pick<CaptureFacts, 'flows' | 'resets' | 'untold'>,
): CaptureFacts {
  const epochNs = session.clock.epochNs ?? 0n;
  const withPackets = files.filter((file) => session.files[file].packets > 0);
  const firstNs = Math.min(...withPackets.map((file) => session.fileFirstNs(file)));
  const losses = files.map((file) => session.lossesOf(file));
  return {
    ...{ host, site: siteOf(site), interface: null, filter: null, source: 'file' },
    files: files.map((file) => disguise.path(file) ?? ''),
    fromNs: epochNs + BigInt(Math.round(firstNs)),
    toNs: epochNs + BigInt(Math.round(session.timelineEndNs(files[0]))),
    packets,
    bytes: wireBytes(session, files),
    ...counts,
    lost: {
      kernel: total(losses.map(({ kernel }) => kernel)),
      interface: total(losses.map((loss) => loss.interface)),
      // Files do not tell these two apart from the others.
      queue: null,
      analysis: null,
    },
    snapLength: snapLengthOf(session, files),
    isWhole: files.every((file) => {
      const { warnings, moreWarnings } = session.files[file];
      return moreWarnings === 0 && !warnings.some(({ lossy }) => lossy);
    }),
    clock,
    keyId: key.id,
    isAnonymised,
    engineVersion: VERSION,
    weightsVersion: WEIGHTS_VERSION,
    spoolLost: null,
  };
}

/** Null where nobody counted any. */
function total(counted: readonly (number | null)[]): number | null {
  const known = counted.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0);
}

/** What all interfaces kept; null where none of them had a limit. */
function snapLengthOf(session: Session, files: readonly number[]): number | null {
  const lengths = files.flatMap((file) => session.interfacesOf(file).map(({ snapLength }) => snapLength));
  const limits = lengths.filter((length) => length > 0);
  return limits.length === 0 ? null : Math.min(...limits);
}

function wireBytes({ packets }: Session, files: readonly number[]): number {
  let bytes = 0;
  for (let index = 0; index < packets.chunkCount; index++) {
    if (!files.includes(packets.fileOfChunk(index))) continue;
    const used = packets.usedOf(index);
    for (let row = 0; row < used; row++) bytes += packets.wire(packets.numberAt(index, row) as PacketNumber);
  }
  return bytes;
}
