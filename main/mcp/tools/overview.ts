/** The capture as a whole: its files, how its connections ended, and its findings. */
import { basename } from 'node:path';
import * as v from 'valibot';
import { sanitiseText } from '../../../shared/format/text.ts';
import { ENDINGS } from '../../../shared/model/failure.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { ORIGIN_KINDS, ORIGIN_SIDES, SIDES } from '../../../shared/model/verdict.ts';
import { WARNING_CODES } from '../../../shared/model/warning.ts';
import { firstOf, pageEntries, pageOf } from '../bounded.ts';
import {
  causeForm,
  causeJson,
  clockOf,
  count,
  endpoint,
  probability,
  rounded,
  seconds,
  time,
  unfinished,
  unfinishedText,
  words,
} from '../forms/shared-parts.ts';
import { captureParam, defineTool, pageParams } from '../tool.ts';
import { untrusted, untrustedOrNull, untrustedText } from '../untrusted.ts';

/** Warnings told of one file. */
const MOST_WARNINGS = 10;
/** How long a text of a finding may be. */
const SENTENCE_CHARACTERS = 1200;

export const summaryTool = defineTool({
  name: 'summary',
  title: 'Sum up a capture',
  description:
    'What is in a capture: files with their time span and what was lost in them, numbers of packets, connections and resets, and how all connections ended. The first thing to ask after “open”.',
  quotesPackets: true,
  input: v.strictObject({ capture: captureParam }),
  output: v.strictObject({
    capture: v.string(),
    files: v.array(
      v.strictObject({
        file: count,
        name: words,
        format: words,
        linkTypes: v.array(words),
        packets: count,
        first: v.nullable(time),
        last: v.nullable(time),
        warnings: v.array(
          v.strictObject({ code: v.picklist(WARNING_CODES), message: words, lossy: v.boolean() }),
        ),
        moreWarnings: count,
      }),
    ),
    packets: count,
    tcpPackets: count,
    flows: count,
    tcpFlows: count,
    resets: count,
    resetsThatMatter: count,
    resetsBy: v.strictObject(
      Object.fromEntries(ORIGIN_KINDS.map((kind) => [kind, count])) as Record<
        (typeof ORIGIN_KINDS)[number],
        typeof count
      >,
    ),
    findings: count,
    droppedByCapture: v.pipe(
      v.nullable(count),
      v.description('Packets that the capturing machine lost; null where the file does not say.'),
    ),
    endings: v.strictObject(
      Object.fromEntries(ENDINGS.map((ending) => [ending, count])) as Record<
        (typeof ENDINGS)[number],
        typeof count
      >,
    ),
    failuresWithoutReset: count,
    headline: untrustedText,
    unfinished,
  }),
  async run({ capture }, { captures, signal }) {
    const opened = captures.get(capture);
    const [summary, endings, overview] = [
      await opened.summary(signal),
      await opened.ask('capture.endings', {}, signal),
      await opened.ask('capture.overview', { buckets: 1, filter: '' }, signal),
    ];
    return {
      capture: opened.id,
      files: summary.files.map((file, at) => {
        const warnings = firstOf(file.warnings, MOST_WARNINGS);
        return {
          file: at,
          name: sanitiseText(basename(file.path), 300),
          format: sanitiseText(file.format, 100),
          linkTypes: firstOf(file.linkTypes, 20).list.map((type) => sanitiseText(type, 100)),
          packets: file.packets,
          first: file.first,
          last: file.last,
          warnings: warnings.list.map(({ code, message, lossy }) => ({
            code,
            message: sanitiseText(message, 500),
            lossy,
          })),
          moreWarnings: file.moreWarnings + warnings.more,
        };
      }),
      packets: summary.packets,
      tcpPackets: summary.tcpPackets,
      flows: summary.flows,
      tcpFlows: summary.tcpFlows,
      resets: summary.resets,
      resetsThatMatter: summary.resetsThatMatter,
      resetsBy: overview.byOrigin,
      findings: overview.findings.total,
      droppedByCapture: summary.dropped,
      endings: endings.counts,
      failuresWithoutReset: endings.failures,
      headline: untrusted(endings.headline, SENTENCE_CHARACTERS),
      unfinished: unfinishedText(opened),
    };
  },
});

const findingForm = v.strictObject({
  kind: v.picklist(ORIGIN_KINDS),
  side: v.picklist(ORIGIN_SIDES),
  claimed: v.picklist([...SIDES, 'both']),
  hops: v.nullable(count),
  cause: causeForm,
  server: endpoint,
  serverName: v.nullable(untrustedText),
  count,
  matters: count,
  noise: v.boolean(),
  clients: count,
  first: time,
  last: time,
  idleMedianSeconds: v.pipe(
    v.nullable(seconds),
    v.description('The silence before the resets, where there was one.'),
  ),
  matchesKnownTimeout: v.nullable(words),
  meanConfidence: probability,
  sentence: untrustedText,
  next: v.pipe(untrustedText, v.description('What to do, or what to capture.')),
  examples: v.pipe(
    v.array(count),
    v.description('Numbers of resets, for “verdict”; the best evidence first.'),
  ),
});

export const findingsTool = defineTool({
  name: 'findings',
  title: 'List findings',
  description:
    'What happened, however often: all resets of one origin, cause and server as one finding, what matters first and noise last. Each has a sentence, the next step, and resets to look at with “verdict”.',
  quotesPackets: true,
  input: v.strictObject({ capture: captureParam, ...pageParams }),
  output: v.strictObject({ ...pageEntries, rows: v.array(findingForm), unfinished }),
  async run({ capture, from, count: most }, { captures, signal }) {
    const opened = captures.get(capture);
    const { list, total } = await opened.ask('capture.findings', { from, count: most }, signal);
    const clock = clockOf(await opened.summary(signal));
    return {
      ...pageOf(
        list.map((finding) => findingJson(finding, clock)),
        from,
        total,
      ),
      unfinished: unfinishedText(opened),
    };
  },
});

function findingJson(finding: Finding, clock: (ns: number) => string): v.InferInput<typeof findingForm> {
  const { idle } = finding;
  return {
    kind: finding.kind,
    side: finding.side,
    claimed: finding.claimed,
    hops: finding.hops,
    cause: causeJson(finding.cause),
    server: finding.server,
    serverName: untrustedOrNull(finding.serverName),
    count: finding.count,
    matters: finding.matters,
    noise: finding.noise,
    clients: finding.clients,
    first: clock(finding.firstNs),
    last: clock(finding.lastNs),
    idleMedianSeconds: idle === null ? null : rounded(idle.medianSeconds),
    matchesKnownTimeout: idle?.matchesKnownTimeout ?? null,
    meanConfidence: rounded(finding.meanConfidence),
    sentence: untrusted(finding.sentence, SENTENCE_CHARACTERS),
    next: untrusted(finding.next, SENTENCE_CHARACTERS),
    examples: firstOf(finding.examples, 10).list,
  };
}
