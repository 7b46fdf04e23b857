/** The report as JSON: one document, or one object a line. Written piece by piece: there may be millions of resets. */
import { jsonText } from '../../shared/format/text.ts';
import { isoTime } from '../../shared/format/time.ts';
import type { IcmpErrorJson, Report, WriteText } from './report.ts';
import type { ReportJoin } from './report-join.ts';
import { joinedFlowsJson, journeyJson, memberJourneyJson, pairJson, placeJson } from './report-join-json.ts';
import { burstJson, failureJson, fileJson, findingJson, icmpErrorJson, resetJson } from './report.ts';

export async function writeJson(report: Report, write: WriteText): Promise<void> {
  await write('{\n"schema": 1,\n"files": ');
  await writeArray(map(report.files, fileJson), write);
  if (report.join !== null) await writeJoin(report.join, report, write);
  await write(`,\n"flows": ${report.flows},\n"findings": `);
  await writeArray(findings(report), write);
  await write(`,\n"moreFindings": ${moreFindings(report)},\n"resets": `);
  await writeArray(resets(report), write);
  await write(`,\n"endings": ${jsonText(report.endings.counts)},\n"failures": `);
  await writeArray(failures(report), write);
  await write(`,\n"moreFailures": ${moreFailures(report)},\n"icmpErrors": `);
  await writeArray(icmpErrors(report), write);
  await write('\n}\n');
}

/** Connections of the pairs are told where captures are compared: there may be millions, and whoever analyses asks for resets. */
async function writeJoin(join: ReportJoin, report: Report, write: WriteText): Promise<void> {
  await write(',\n"places": ');
  await writeArray(places(join, report), write);
  await write(',\n"pairs": ');
  if (!report.isComparison) {
    await writeArray(map(join.pairs, pairJson), write);
    return;
  }
  let before = '[\n';
  for (const pair of join.pairs) {
    await write(`${before}${jsonText(pairJson(pair)).slice(0, -1)},"flows":`);
    await writeArray(map(join.flows(pair), joinedFlowsJson), write);
    await write('}');
    before = ',\n';
  }
  await write(before === '[\n' ? '[]' : '\n]');
}

function places(join: ReportJoin, { epochNs }: Report): Iterable<object> {
  return map(join.places, (place) => placeJson(place, epochNs));
}

function* joinedFlows({ join }: Report): Iterable<object> {
  for (const pair of join?.pairs ?? []) {
    for (const flows of join?.flows(pair) ?? []) yield { files: pair.files, ...joinedFlowsJson(flows) };
  }
}

export async function writeNdjson(report: Report, write: WriteText): Promise<void> {
  await writeLines('file', map(report.files, fileJson), write);
  if (report.join !== null) {
    await writeLines('place', places(report.join, report), write);
    await writeLines('pair', map(report.join.pairs, pairJson), write);
    if (report.isComparison) await writeLines('joinedFlows', joinedFlows(report), write);
  }
  await writeLines('finding', findings(report), write);
  await writeLines('reset', resets(report), write);
  await writeLines('icmpError', map(icmpErrors(report), withIcmpType), write);
  await writeLines('endings', [report.endings.counts], write);
  await writeLines('failure', failures(report), write);
}

/** In a line `type` says what the line is. */
function withIcmpType(error: IcmpErrorJson): object {
  const { type, ...rest } = error;
  return { ...rest, icmpType: type };
}

/** Findings beyond those that are listed. */
function moreFindings({ findings: { list, total } }: Report): number {
  return total - list.length;
}

/** Failures beyond those that are kept one by one. */
function moreFailures({ endings, failuresKept }: Report): number {
  return Math.max(0, endings.failures - failuresKept);
}

function failures(report: Report): Iterable<object> {
  return map(report.failures(), (account) => failureJson(account, report.epochNs));
}

function findings(report: Report): Iterable<object> {
  return map(report.findings.list, (finding) => findingJson(finding, report));
}

/**
 * A burst of few resets is written as that many entries, so that whoever looks a frame up finds it; each says whose verdict it has. A
 * flood would be a document of gigabytes: its bursts are one entry each.
 */
const MOST_SPELLED_OUT = 512;

function* resets(report: Report): Iterable<object> {
  const { epochNs, join } = report;
  for (const id of report.ids) {
    const detail = report.detail(id);
    const { burst, row } = detail;
    const whole = {
      ...resetJson(detail, epochNs),
      ...(join === null ? {} : journeyJson(detail, join, epochNs)),
    };
    if (burst === null) {
      yield whole;
    } else if (burst.count > MOST_SPELLED_OUT) {
      const frames = report.members(id).map(({ frame }) => frame);
      yield { ...whole, ...burstJson(burst, epochNs, frames) };
    } else {
      const seen = join?.membersSeenAt(id);
      for (const [at, { frame, timeNs }] of report.members(id).entries()) {
        const own = seen === undefined ? {} : memberJourneyJson(detail, seen[at], epochNs);
        yield { ...whole, ...own, frame, time: isoTime(epochNs, timeNs), burstOf: row.frame };
      }
    }
  }
}

function* icmpErrors(report: Report): Iterable<IcmpErrorJson> {
  for (let id = 0; id < report.icmp.total; id++) yield icmpErrorJson(report.icmpError(id), report.epochNs);
}

function* map<T>(items: Iterable<T>, make: (item: T) => object): Iterable<object> {
  for (const item of items) yield make(item);
}

async function writeArray(items: Iterable<object>, write: WriteText): Promise<void> {
  let before = '[\n';
  for (const item of items) {
    await write(before + jsonText(item));
    before = ',\n';
  }
  await write(before === '[\n' ? '[]' : '\n]');
}

async function writeLines(type: string, items: Iterable<object>, write: WriteText): Promise<void> {
  for (const item of items) await write(`${jsonText({ type, ...item })}\n`);
}
