/** The filter of a command: read before any file is, answered when all are. */
import type { PacketNumber } from '../../shared/base/units.ts';
import type { FilterError, FilterNode } from '../../shared/filter/ast.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { Result } from '../../shared/base/result.ts';
import { err } from '../../shared/base/result.ts';
import { ofRows } from '../engine/select/of-rows.ts';
import { packetsOfResets, passingResets } from '../engine/select/passing.ts';
import { patternProblem } from '../engine/select/regex.ts';
import type { Selection } from '../engine/select/selection.ts';
import type { Analysis } from '../host/analysis.ts';
import { answerOpen, numbersAmong, numbersOf } from '../host/filter-scan.ts';
import { breather } from '../host/sliced-work.ts';
import { PacketBytes } from '../host/packet-bytes.ts';
import { caretUnder } from './caret.ts';
import { interruptible } from './interruptible.ts';
import type { CliIo } from './io.ts';
import type { Interruption } from './read-files.ts';
import { selectorOf } from '../engine/select/selector.ts';

export async function readFilter(text: string): Promise<Result<FilterNode, FilterError>> {
  const parsed = parseFilter(text);
  if (!parsed.ok) return parsed;
  const problem = await patternProblem(parsed.value);
  return problem === undefined ? parsed : err(problem);
}

/** Says what is wrong with a filter, where, and how it was probably meant. */
export function tellFilterError(
  filter: string,
  { message, from, to, suggestion }: FilterError,
  io: CliIo,
): void {
  io.stderr.write(`resetscope: in the filter: ${sanitiseText(message, 500)}\n`);
  io.stderr.write(caretUnder(filter, from, to));
  if (suggestion !== null) io.stderr.write(`perhaps: ${sanitiseText(suggestion.text, 5000)}\n`);
}

/** What passed, and the signal that ended the search, if one did. */
interface Found<T> {
  readonly found: T;
  readonly interruptedBy: Interruption | undefined;
}

/** The packets that pass, with what only their bytes can tell. */
export async function passingPackets(
  analysis: Analysis,
  text: string,
  node: FilterNode,
  io: CliIo,
): Promise<Found<Selection>> {
  const selection = await selectorOf(analysis.session).select(
    text,
    node,
    breather(new AbortController().signal),
  );
  const interruptedBy = await answerUntilInterrupted(analysis, selection, numbersOf(selection), io);
  return { found: selection, interruptedBy };
}

/** The resets that pass, by their ids, in capture order. */
export async function passingOfAllResets(
  analysis: Analysis,
  text: string,
  node: FilterNode,
  io: CliIo,
): Promise<Found<Uint32Array>> {
  const { session } = analysis;
  const ids = session.resetIds();
  if (node.kind === 'everything') return { found: ids, interruptedBy: undefined };
  const breathe = breather(new AbortController().signal);
  const selection = await selectorOf(session).select(text, ofRows(node), breathe);
  const open = numbersAmong(selection, await packetsOfResets(session, ids, breathe));
  const interruptedBy = await answerUntilInterrupted(analysis, selection, open, io);
  return { found: await passingResets(session, selection, ids, breathe), interruptedBy };
}

async function answerUntilInterrupted(
  analysis: Analysis,
  selection: Selection,
  numbers: Iterable<PacketNumber>,
  io: CliIo,
): Promise<Interruption | undefined> {
  const interrupt = interruptible(io);
  try {
    await answerOpen(analysis.session, new PacketBytes(analysis), selection, numbers, interrupt.abort.signal);
  } finally {
    interrupt.ignore();
  }
  if (interrupt.by !== undefined)
    io.stderr.write('resetscope: interrupted; this is what the filter had found by then\n');
  return interrupt.by;
}
