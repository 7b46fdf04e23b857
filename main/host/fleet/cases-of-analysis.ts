/** Case files of an analysis: the packets that verdicts rest on, kept beside the tables where somebody will want to look at them. */
import { endpointParts } from '../../../shared/format/endpoint.ts';
import type { FleetContext } from '../../engine/fleet/fleet-row.ts';
import type { Analysis } from '../analysis.ts';
import { anonymiser, type MakeAnonymiser } from '../export/anonymiser.ts';
import { prepareExport } from '../export/prepare-export.ts';
import type { FleetKey } from './keys.ts';
import { caseName } from './layout.ts';
import type { CaseFile } from './unit-writer.ts';

/** Connections that files are kept of: more nobody looks at, and each takes as long as reading the capture. */
export const MOST_CASES = 100;

export interface KeptCases {
  readonly files: readonly CaseFile[];
  /** Of each reset that a file is kept of, by its number. */
  readonly names: ReadonlyMap<number, string>;
  /** Connections with resets that mattered and no file, as there were too many. */
  readonly leftOut: number;
}

export const NO_CASES: KeptCases = { files: [], names: new Map(), leftOut: 0 };

/**
 * One for each connection with resets that mattered, the newest ones.
 * @param resets of one capture, by their numbers
 * @param key what the files are anonymised under; undefined for packets as they are
 * @throws RpcError, CaptureFileError, or the signal's reason
 */
export async function casesOf(
  analysis: Analysis,
  resets: Uint32Array,
  context: FleetContext,
  key: FleetKey | undefined,
  signal: AbortSignal,
): Promise<KeptCases> {
  const { session } = analysis;
  const byFlow = new Map<number, number[]>();
  for (const id of resets) {
    if (session.verdicts.matters[session.verdicts.at(id)] !== 1) continue;
    const flow = session.flows.id(session.resets.flow(id));
    const known = byFlow.get(flow);
    if (known === undefined) byFlow.set(flow, [id]);
    else known.push(id);
  }
  const makeAnonymiser = key === undefined ? undefined : anonymiser(key.bytes);
  const files: CaseFile[] = [];
  const names = new Map<number, string>();
  for (const [flow, ids] of [...byFlow].slice(-MOST_CASES)) {
    const file = await caseFile(analysis, flow, ids, context, makeAnonymiser, signal);
    files.push(file);
    for (const id of ids) names.set(id, file.name);
  }
  return { files, names, leftOut: Math.max(0, byFlow.size - MOST_CASES) };
}

async function caseFile(
  analysis: Analysis,
  flow: number,
  [first, ...others]: readonly number[],
  context: FleetContext,
  makeAnonymiser: MakeAnonymiser | undefined,
  signal: AbortSignal,
): Promise<CaseFile> {
  const { session } = analysis;
  const name = caseName(context, first);
  const ready = await prepareExport(
    analysis,
    { subject: { kind: 'flow', flow }, notes: [], baseName: name, makeRewriter: makeAnonymiser?.() },
    signal,
  );
  // Of a connection that several captures hold each unit keeps its own part.
  const own = session.packets.file(session.resets.packet(first));
  const file = ready.from.findIndex((files) => files.includes(own));
  const [firstNs, lastNs] = ready.span(file);
  const server = endpointParts(session.flowView.endpoint(session.resets.flow(first), 1));
  return {
    name,
    fromNs: context.epochNs + BigInt(Math.round(firstNs)),
    toNs: context.epochNs + BigInt(Math.round(lastNs)),
    serverAddress: server.address,
    serverPort: server.port ?? 0,
    resets: 1 + others.length,
    pieces: () => ready.pieces(file, signal),
  };
}
