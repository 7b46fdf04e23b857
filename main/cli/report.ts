/** What every form of report is made from. */
import type { FlowId } from '../../shared/base/units.ts';
import type { Burst, FileSummary, ResetAccount } from '../../shared/model/capture.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import type { EndingsReport, FailureAccount, FailureRow } from '../../shared/model/failure.ts';
import type { Finding, Findings } from '../../shared/model/finding.ts';
import type { IcmpError, IcmpErrors } from '../../shared/model/icmp-error.ts';
import type { ReportJoin } from './report-join.ts';
import { isoTime } from '../../shared/format/time.ts';

export interface Report {
  readonly files: readonly FileSummary[];
  readonly flows: number;
  /** Null where no two captures hold the same connection; of captures that are compared it says that, too. */
  readonly join: ReportJoin | null;
  /** Captures are compared: the path and what each two of them share is told first. */
  readonly isComparison: boolean;
  /** All resets that were read. */
  readonly resets: number;
  /** Those of them that matter. */
  readonly resetsThatMatter: number;
  /** How many of them pass the filter. */
  readonly matching: number;
  /** Those to print, in the order to print them. */
  readonly ids: Uint32Array;
  /** The user said how many resets to print: nothing is folded. */
  readonly isWhole: boolean;
  /** The story of each reset of the table is told as well, with the commands that lead on. */
  readonly isVerbose: boolean;
  /** Nanoseconds since 1970 of the analysis' time zero. */
  readonly epochNs: bigint;
  /** Time of the first packet since the epoch. */
  readonly firstNs: number;
  /** Of all resets that pass the filter. */
  readonly findings: Findings;
  /** Of the whole capture, as ICMP errors are: the filter is about resets. */
  readonly endings: EndingsReport;
  /** Failures without a reset that are kept one by one. */
  readonly failuresKept: number;
  /** Of the whole capture: the filter is about resets. */
  readonly icmp: IcmpErrors;
  /** Those that are kept, what matters first; each is read out of its text when it is its turn. */
  failures(): Iterable<FailureAccount>;
  /** Of those that are kept. */
  failureRow(id: FlowId): FailureRow | undefined;
  icmpError(id: number): IcmpError;
  row(id: number): ResetRow;
  /** Of all resets that it stands for. */
  members(id: number): readonly { readonly frame: number; readonly timeNs: number }[];
  detail(id: number): ResetAccount;
}

export type WriteText = (text: string) => Promise<void>;

export function fileJson(file: FileSummary): object {
  return {
    path: file.path,
    format: file.format,
    linkTypes: file.linkTypes,
    packets: file.packets,
    bytes: file.bytes,
    first: file.first,
    last: file.last,
    warnings: file.warnings.map((warning) => ({
      code: warning.code,
      message: warning.message,
      offset: warning.offset ?? null,
      packet: warning.packet ?? null,
      lossy: warning.lossy,
    })),
    moreWarnings: file.moreWarnings,
  };
}

export function findingJson(finding: Finding, report: Report): object {
  const { idle } = finding;
  return {
    kind: finding.kind,
    side: finding.side === 'none' ? null : finding.side,
    claimed: finding.claimed,
    hops: finding.hops,
    cause: finding.cause,
    label: finding.label,
    server: finding.server,
    serverName: finding.serverName === '' ? null : finding.serverName,
    count: finding.count,
    matters: finding.matters,
    noise: finding.noise,
    clients: finding.clients,
    first: isoTime(report.epochNs, finding.firstNs),
    last: isoTime(report.epochNs, finding.lastNs),
    perHour: finding.perHour === null ? null : rounded(finding.perHour),
    idle:
      idle === null
        ? null
        : {
            medianSeconds: rounded(idle.medianSeconds),
            spreadSeconds: rounded(idle.spreadSeconds),
            constant: idle.constant,
            matchesKnownTimeout: idle.matchesKnownTimeout,
          },
    meanConfidence: rounded(finding.meanConfidence),
    sentence: finding.sentence,
    next: finding.next,
    resets: finding.examples.map((id) => {
      const { file, frame } = report.row(id);
      return { file, frame };
    }),
  };
}

export function failureJson({ row, evidence }: FailureAccount, epochNs: bigint): object {
  return {
    file: row.file,
    frame: row.frame,
    time: isoTime(epochNs, row.timeNs),
    flow: {
      id: row.id,
      client: row.client,
      server: row.server,
      serverName: row.serverName === '' ? null : row.serverName,
    },
    protocol: row.protocol,
    kind: row.kind,
    side: row.side,
    tries: row.tries,
    seconds: rounded(row.seconds),
    recovered: row.recovered,
    matters: row.matters,
    confidence: rounded(row.confidence),
    evidence: evidence.map(({ code, frames, text }) => ({ code, frames, text })),
    summary: row.summary,
    next: row.next,
  };
}

export type IcmpErrorJson = ReturnType<typeof icmpErrorJson>;

export function icmpErrorJson(error: IcmpError, epochNs: bigint) {
  return {
    file: error.file,
    frame: error.frame,
    time: isoTime(epochNs, error.timeNs),
    flow: { id: error.flow, client: error.client, server: error.server },
    protocol: error.protocol,
    ipVersion: error.ipVersion,
    type: error.type,
    code: error.code,
    reporter: error.reporter,
    told: error.told,
    name: error.name,
    meaning: error.meaning,
  };
}

/** A reset; of a burst, its first. */
export function resetJson(detail: ResetAccount, epochNs: bigint): object {
  const { row, flow, verdict } = detail;
  const { origin, cause } = verdict;
  return {
    file: row.file,
    frame: row.frame,
    time: isoTime(epochNs, row.timeNs),
    flow: {
      id: row.flow,
      client: row.client,
      server: row.server,
      serverName: row.serverName === '' ? null : row.serverName,
      state: flow.state,
      history: flow.history,
      tunnel: detail.tunnel,
    },
    claimed: verdict.claimed,
    family: verdict.family,
    origin: {
      kind: origin.kind,
      hops: origin.hops,
      side: origin.side,
      label: origin.label,
      confidence: rounded(origin.confidence),
    },
    cause: { code: cause.code, confidence: rounded(cause.confidence), alternatives: cause.alternatives },
    matters: verdict.matters,
    obeyed: verdict.obeyed,
    unacknowledgedBytes: {
      client: verdict.unacknowledgedBytes.client,
      server: verdict.unacknowledgedBytes.server,
    },
    idleSeconds: verdict.idleSeconds,
    silenceSeconds: verdict.silenceSeconds,
    payloadText: detail.payloadText,
    evidence: detail.evidence.map((evidence) => ({
      code: evidence.code,
      family: evidence.family,
      favours: evidence.favours,
      weight: rounded(evidence.weight),
      frames: evidence.frames,
      text: evidence.text,
    })),
    witness: detail.witness,
    owners: detail.owners,
    limitations: verdict.limitations,
    sees: verdict.sees,
    summary: verdict.summary,
    story: verdict.story,
    next: verdict.next,
  };
}

/**
 * What a burst has besides, so that whoever reads single resets reads no more than before.
 * @param frames of all of its resets, where they are known
 */
export function burstJson(burst: Burst, epochNs: bigint, frames?: readonly number[]): object {
  return { count: burst.count, lastFrame: burst.lastFrame, last: isoTime(epochNs, burst.lastNs), frames };
}

/** Four decimals: more would print the noise of floating point and not knowledge. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
