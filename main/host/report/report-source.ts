/** What a report is made out of, of an analysis: its session's answers, bytes of packets, and the files as they lie on the disk. */
import type { FlowId, FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FileSummary } from '../../../shared/model/capture.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { Report, ReportFile, ReportSubject } from '../../../shared/model/report.ts';
import type { ReportNote } from '../../../shared/model/report.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';
import { anonymised } from '../../../shared/report/aliases.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { LIMITS } from '../../engine/limits.ts';
import { capturingProgram, SECTION_BYTES } from '../../engine/report/capturing-program.ts';
import { makeReport } from '../../engine/report/make.ts';
import type { ReportSource } from '../../engine/report/source.ts';
import type { Analysis } from '../analysis.ts';
import { accountOf } from '../flow-answers.ts';
import { packetDetail } from '../packet-detail.ts';
import { fileHash } from './file-hash.ts';

/** Files that are told one by one, with their hash: of a ring of thousands the first ones. */
const MOST_FILES = 20;

/** @throws NothingToReport */
export async function reportOf(
  analysis: Analysis,
  subject: ReportSubject,
  notes: readonly ReportNote[],
  isAnonymised: boolean,
  signal: AbortSignal,
): Promise<Report> {
  const made = await makeReport(sourceOf(analysis, signal), subject, {
    notes,
    isAnonymised,
    madeAt: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    madeBy: `Resetscope ${packageJson.version}`,
  });
  return isAnonymised ? anonymised(made) : made;
}

export function sourceOf(analysis: Analysis, signal: AbortSignal): ReportSource {
  const { session } = analysis;
  const { files } = session;
  return {
    epochNs: session.clock.epochNs ?? 0n,
    summary: session.summary(),
    endings: session.failures.report(),
    join: session.join.report(),
    findings: session.findings(session.resetIds(), LIMITS.maxFindings),
    paths: files.map(({ path }) => path),
    reset: (id) => (session.hasReset(id) ? session.findDetail(id) : undefined),
    resetRow: (id) => session.resetRow(id),
    failure: (id) => session.failures.detail(id as FlowId),
    flow: (id) => {
      const flow = session.flows.flowOf(id as FlowId);
      if (flow < 0) return undefined;
      const packets = session.flowPackets(flow).subarray(-REPORT_BOUNDS.packets);
      return {
        account: accountOf(session, flow),
        packets: Array.from(packets, (packet) => session.packetRow(packet as PacketNumber)),
      };
    },
    flows: function* () {
      for (const record of session.liveFlows()) {
        const flow = record as FlowRecord;
        yield { row: session.flowRow(flow), hints: session.hints(flow) };
      }
    },
    resetIn: (packet) =>
      session.packets.holds(packet as PacketNumber) ? session.packetRow(packet as PacketNumber).reset : -1,
    packetDetail: (packet) => packetDetail(analysis, packet as PacketNumber).catch(() => undefined),
    captured: async () => {
      const told: ReportFile[] = [];
      for (const [number, file] of files.slice(0, MOST_FILES).entries())
        told.push(await capturedFile(analysis, number, file, signal));
      return told;
    },
  };
}

async function capturedFile(
  analysis: Analysis,
  number: number,
  file: FileSummary,
  signal: AbortSignal,
): Promise<ReportFile> {
  const head = await analysis
    .source(number)
    ?.readAt(0, SECTION_BYTES)
    .catch(() => undefined);
  const { path, format, linkTypes, packets, bytes, first, last, warnings, moreWarnings } = file;
  return {
    path: sanitiseText(path, 500),
    sha256: await fileHash(path, signal),
    format,
    linkTypes,
    packets,
    bytes,
    first,
    last,
    interfaces: analysis.session
      .interfacesOf(number)
      .slice(0, MOST_FILES)
      .map(({ name, linkType, snapLength }) => ({
        name: sanitiseText(name ?? '', 100),
        linkType,
        snapLength,
      })),
    program: head === undefined ? '' : capturingProgram(head),
    lost: [
      ...warnings.map(({ message }) => sanitiseText(message, 500)),
      ...(moreWarnings > 0 ? [`${moreWarnings} more warnings`] : []),
    ],
  };
}
