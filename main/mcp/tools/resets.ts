/** Resets: their list, the verdict on one, and who hung up on somebody. */
import * as v from 'valibot';
import { RESET_ROWS } from '../../../shared/columns/rows.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import { parseAddress } from '../../../shared/format/address.ts';
import { plural } from '../../../shared/format/count.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import {
  EVIDENCE_FAMILIES,
  FAVOURS,
  OBEYED,
  PROGRAM_SEES,
  RESET_FAMILIES,
} from '../../../shared/model/verdict.ts';
import { causeWord } from '../../../shared/texts/confidence.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import { firstOf, pageEntries, pageOf } from '../bounded.ts';
import { frameText, whoHungUp } from '../forms/answer-sentence.ts';
import { resetForm, resetRowJson } from '../forms/reset-form.ts';
import {
  causeForm,
  causeJson,
  clockOf,
  count,
  frameAt,
  framesJson,
  probability,
  rounded,
  seconds,
  unfinished,
  unfinishedText,
  words,
} from '../forms/shared-parts.ts';
import { MCP_LIMITS } from '../limits.ts';
import type { OpenCapture } from '../open-capture.ts';
import { captureParam, defineTool, fileParam, filterParam, frameParam, pageParams } from '../tool.ts';
import { untrusted, untrustedOrNull, untrustedText } from '../untrusted.ts';

const MOST_ALTERNATIVES = 5;
/** Resets among which the one is looked for that hit the address. */
const LOOKED_AT = 500;

export const resetsTool = defineTool({
  name: 'resets',
  title: 'List resets',
  description:
    'TCP resets that pass a filter, one entry each: who sent it, why, and whether it mattered. What matters first, or in the order of time.',
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    filter: filterParam,
    sort: v.optional(v.picklist(['importance', 'time']), 'importance'),
    ...pageParams,
  }),
  output: v.strictObject({ ...pageEntries, rows: v.array(resetForm), unfinished }),
  async run({ capture, filter, sort, from, count: most }, { captures, signal }) {
    const opened = captures.get(capture);
    const window = await opened.askWhole(
      'resets.rows',
      { sort, direction: 'ascending', filter, from, count: most },
      signal,
    );
    const clock = clockOf(await opened.summary(signal));
    const rows = RESET_ROWS.decode(window.rows).map((row) => resetRowJson(row, clock));
    return { ...pageOf(rows, from, window.total), unfinished: unfinishedText(opened, window.looked) };
  },
});

const evidenceForm = v.strictObject({
  code: v.pipe(v.string(), v.maxLength(100)),
  family: v.picklist(EVIDENCE_FAMILIES),
  favours: v.picklist(FAVOURS),
  weight: v.pipe(v.number(), v.description('log10 of how many times likelier it is in the favoured case.')),
  frames: v.array(frameAt),
  text: untrustedText,
});

const sides = <const S extends v.GenericSchema>(one: S) => v.strictObject({ client: one, server: one });

const verdictForm = v.strictObject({
  answer: v.pipe(words, v.description('Who hung up, in one sentence without any text out of packets.')),
  ...resetForm.entries,
  family: v.picklist(RESET_FAMILIES),
  causeConfidence: probability,
  causeWord: words,
  alternatives: v.pipe(v.array(causeForm), v.description('What the packets cannot tell from the cause.')),
  obeyed: v.picklist(OBEYED),
  unacknowledgedBytes: sides(v.nullable(count)),
  idleSeconds: v.nullable(seconds),
  silenceSeconds: v.nullable(seconds),
  sees: v.pipe(sides(v.picklist(PROGRAM_SEES)), v.description('What the program at each end sees of it.')),
  label: v.pipe(untrustedText, v.description('Who sent it, in words.')),
  summary: untrustedText,
  story: v.pipe(untrustedText, v.description('What happened with the connection, in the order of time.')),
  next: v.pipe(untrustedText, v.description('What to do, or what to capture.')),
  evidence: v.array(evidenceForm),
  moreEvidence: count,
  limitations: v.pipe(v.array(untrustedText), v.description('What weakens the verdict.')),
  payloadText: v.pipe(v.nullable(untrustedText), v.description('What its maker wrote into it.')),
  kernelWord: v.pipe(
    v.nullable(v.picklist(['sent', 'not-sent', 'received'])),
    v.description('What the capturing machine’s kernel said of it.'),
  ),
  seenAt: v.pipe(
    v.array(frameAt),
    v.description('At which capture points it was seen, from its claimed sender on; empty for one capture.'),
  ),
  absentAt: v.array(
    v.strictObject({
      file: count,
      lies: v.picklist(['before', 'beyond', 'unknown']),
      doubt: v.nullable(words),
    }),
  ),
  proven: v.boolean(),
  unfinished,
});

const resetParams = {
  reset: v.optional(v.pipe(count, v.description('Number of the reset, as “resets” tells it.'))),
  frame: v.optional(v.pipe(frameParam, v.description('Or the frame that it is in.'))),
  file: fileParam,
};

/** @throws RpcError where none is meant, or none is there */
export async function resetOf(
  opened: OpenCapture,
  { reset, frame, file }: { readonly reset?: number; readonly frame?: number; readonly file: number },
  signal: AbortSignal,
): Promise<number> {
  if (reset !== undefined) return reset;
  if (frame === undefined)
    throw new RpcError('bad-request', 'say which reset is meant, by reset or by frame');
  const at = await opened.ask('resets.at', { file, frame }, signal);
  if (at < 0)
    throw new RpcError(
      'not-found',
      `frame ${frame} of file ${file} is no reset that was judged; “resets” lists them`,
    );
  return at;
}

export const verdictTool = defineTool({
  name: 'verdict',
  title: 'Explain one reset',
  description:
    'The whole verdict on one reset: who sent it and how sure that is, why, whether it mattered, every piece of evidence with its frames, what weakens it, what happened before, and what to do next.',
  quotesPackets: true,
  input: v.strictObject({ capture: captureParam, ...resetParams }),
  output: verdictForm,
  async run({ capture, ...which }, { captures, signal }) {
    const opened = captures.get(capture);
    const id = await resetOf(opened, which, signal);
    const detail = await opened.ask('resets.detail', { id }, signal);
    const clock = clockOf(await opened.summary(signal));
    return verdictJson(detail, opened, clock);
  },
});

function verdictJson(
  { row, verdict, evidence, payloadText, witness, journey }: ResetDetail,
  opened: OpenCapture,
  clock: (ns: number) => string,
): v.InferInput<typeof verdictForm> {
  const { cause } = verdict;
  const told = firstOf(evidence);
  return {
    answer: whoHungUp(row, opened.paths.length > 1, cause.confidence),
    ...resetRowJson(row, clock),
    family: verdict.family,
    causeConfidence: rounded(cause.confidence),
    causeWord: causeWord(cause.confidence),
    alternatives: firstOf(cause.alternatives, MOST_ALTERNATIVES).list.map(causeJson),
    obeyed: verdict.obeyed,
    unacknowledgedBytes: {
      client: verdict.unacknowledgedBytes.client,
      server: verdict.unacknowledgedBytes.server,
    },
    idleSeconds: verdict.idleSeconds,
    silenceSeconds: verdict.silenceSeconds,
    sees: { client: verdict.sees.client, server: verdict.sees.server },
    label: untrusted(verdict.origin.label),
    summary: untrusted(verdict.summary, MCP_LIMITS.textCharacters),
    story: untrusted(verdict.story, MCP_LIMITS.textCharacters),
    next: untrusted(verdict.next, MCP_LIMITS.textCharacters),
    evidence: told.list.map((piece) => ({
      code: piece.code,
      family: piece.family,
      favours: piece.favours,
      weight: rounded(piece.weight),
      frames: framesJson(piece),
      text: untrusted(piece.text),
    })),
    moreEvidence: told.more,
    limitations: firstOf(verdict.limitations).list.map((text) => untrusted(text)),
    payloadText: untrustedOrNull(payloadText),
    kernelWord: witness?.word ?? null,
    seenAt: firstOf(journey?.seenAt ?? []).list.map(({ file, frame }) => ({ file, frame })),
    absentAt: firstOf(journey?.absentAt ?? []).list.map(({ vantage, lies, doubt }) => ({
      file: vantage,
      lies,
      doubt,
    })),
    proven: journey?.proven ?? false,
    unfinished: unfinishedText(opened),
  };
}

export const whoHungUpTool = defineTool({
  name: 'who_hung_up',
  title: 'Say who hung up',
  description:
    'Answers in one sentence who hung up on an address (and port): the verdict, how sure it is, and the frame to look at; `next` is what to do. Without an address, on whom the most important reset fell. The sentence holds no text out of packets. “verdict” tells the evidence.',
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    address: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(MCP_LIMITS.addressCharacters),
        v.check(
          (text) => parseAddress(text) !== undefined,
          'the address is an IPv4 or IPv6 address such as 10.0.0.5',
        ),
        v.description('IPv4 or IPv6 address, of client or server.'),
      ),
    ),
    port: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(65_535),
        v.description('Of TCP, of either end.'),
      ),
    ),
  }),
  output: v.strictObject({
    answer: words,
    confidence: v.pipe(
      v.nullable(probability),
      v.description('That the answer names the right one; null where there is no reset.'),
    ),
    frames: v.pipe(v.array(frameAt), v.description('The reset, and then what the evidence rests on.')),
    next: v.pipe(v.nullable(untrustedText), v.description('What to do, or what to capture.')),
    reset: v.nullable(resetForm),
    resets: v.pipe(
      count,
      v.description('Resets of connections with that address and port, this one among them.'),
    ),
    resetsThatMatter: count,
    failures: v.pipe(count, v.description('Of these connections, those that failed without a reset.')),
    unfinished,
  }),
  async run({ capture, address, port }, { captures, signal }) {
    const opened = captures.get(capture);
    const filter = filterOf(address, port);
    const order = { sort: 'importance', direction: 'ascending', from: 0 } as const;
    const listed = await opened.askWhole('resets.rows', { ...order, filter, count: LOOKED_AT }, signal);
    const mattering = await opened.askWhole(
      'resets.rows',
      { ...order, filter: `${filter}${filter === '' ? '' : ' and '}rst.matters == 1`, count: 0 },
      signal,
    );
    const failed = await opened.askWhole('failures.rows', { ...order, filter, count: 1 }, signal);
    const rows = RESET_ROWS.decode(listed.rows);
    const numbers = {
      resets: listed.total,
      resetsThatMatter: mattering.total,
      failures: failed.total,
      unfinished: unfinishedText(opened, listed.looked),
    };
    const on = `${address ?? 'anybody'}${port === undefined ? '' : ` (port ${port})`}`;
    const row = rows.find((one) => isHit(one, address)) ?? rows.at(0);
    if (row === undefined) {
      const failure = failed.rows.at(0);
      const flows = await opened.askWhole(
        'flows.rows',
        { sort: 'start', direction: 'ascending', filter, from: 0, count: 0 },
        signal,
      );
      const else_ =
        failure === undefined
          ? 'no connection of it is known to have failed otherwise'
          : `${plural(failed.total, 'connection')} failed without a reset, the first as “${lowerFirst(FAILURE_KIND_TEXTS[failure.kind].title)}” (${frameText({ ...failure, count: 1 }, opened.paths.length > 1)})`;
      const frames = failure === undefined ? [] : [{ file: failure.file, frame: failure.frame }];
      return {
        answer:
          flows.total === 0
            ? `There is no connection of ${on} in this capture.`
            : `Nobody hung up on ${on} with a reset in this capture; ${else_}.`,
        confidence: null,
        frames,
        next: failure === undefined ? null : untrustedOrNull(failure.next, MCP_LIMITS.textCharacters),
        reset: null,
        ...numbers,
      };
    }
    const { verdict, evidence } = await opened.ask('resets.detail', { id: row.id }, signal);
    const clock = clockOf(await opened.summary(signal));
    const besides = evidence
      .flatMap(framesJson)
      .filter(({ file, frame }) => file !== row.file || frame !== row.frame);
    const unique = [...new Map(besides.map((at) => [`${at.file}:${at.frame}`, at])).values()];
    return {
      answer: whoHungUp(row, opened.paths.length > 1, verdict.cause.confidence),
      confidence: rounded(row.confidence),
      frames: firstOf([{ file: row.file, frame: row.frame }, ...unique]).list,
      next: untrusted(verdict.next, MCP_LIMITS.textCharacters),
      reset: resetRowJson(row, clock),
      ...numbers,
    };
  },
});

/** All that was parsed is an address, so that nothing of a filter can be in it. */
function filterOf(address: string | undefined, port: number | undefined): string {
  const parts: string[] = [];
  if (address !== undefined)
    parts.push(`${address.includes(':') ? 'ipv6' : 'ip'}.addr == ${address.replace(/^\[|\]$/gu, '')}`);
  if (port !== undefined) parts.push(`tcp.port == ${port}`);
  return parts.join(' and ');
}

/** Whether the reset was sent to the address, and not by it. */
function isHit({ claimed, client, server }: ResetRow, address: string | undefined): boolean {
  if (address === undefined) return true;
  const other = parseAddress((claimed === 'client' ? server : client).replace(/:\d+$/u, ''));
  const wanted = parseAddress(address);
  return other !== undefined && wanted !== undefined && String(other.words) === String(wanted.words);
}
