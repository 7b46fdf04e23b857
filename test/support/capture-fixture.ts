/** Conversations judged: what tests of verdicts start from. */
import { existsSync, readFileSync } from 'node:fs';
import type { Verdict } from '../../shared/model/verdict.ts';
import { analyzeBytes, analyzePackets } from './analyze.ts';
import { LINKTYPE_ETHERNET } from './capture-writer.ts';
import type { Conversation } from './conversation.ts';

export interface Judged extends Verdict {
  /** Frame number in the capture, from 1. */
  readonly frame: number;
  readonly codes: readonly string[];
}

/** The verdicts of all resets of conversations captured together, in capture order. */
export function judge(...talks: readonly Conversation[]): Judged[] {
  return judgeOn(LINKTYPE_ETHERNET, ...talks);
}

/** The same for conversations on another link type. */
export function judgeOn(linkType: number, ...talks: readonly Conversation[]): Judged[] {
  const packets = talks.flatMap((talk) => talk.packets);
  packets.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
  return all(analyzePackets(packets, linkType));
}

/** The verdict of the first reset. */
export function judgeFirst(...talks: readonly Conversation[]): Judged {
  const [first] = judge(...talks);
  if (first === undefined) throw new Error('no reset was found');
  return first;
}

function all(session: ReturnType<typeof analyzePackets>): Judged[] {
  return Array.from({ length: session.resets.count }, (_, id) => {
    const { row, verdict } = session.resetDetail(id);
    return { ...verdict, frame: row.frame, codes: verdict.evidence.map((evidence) => evidence.code) };
  });
}

/** Folder of public captures: RESETSCOPE_CORPUS, or beside the repository; undefined where there is none. */
export function corpusFolder(): string | undefined {
  const beside = new URL('../../../shared/corpus/zeek/', import.meta.url).pathname;
  const folder = process.env.RESETSCOPE_CORPUS ?? beside;
  return existsSync(folder) ? folder : undefined;
}

/** Folder of rebuilt cases of public reports (RESETSCOPE_FIELD, or beside the repository); undefined where there is none. */
export function fieldFolder(): string | undefined {
  const folder = process.env.RESETSCOPE_FIELD ?? new URL('../../../shared/field/', import.meta.url).pathname;
  return existsSync(folder) ? folder : undefined;
}

/** Folder of captures with a fault in them (RESETSCOPE_FAULTS, or beside the repository); undefined where there is none. */
export function faultsFolder(): string | undefined {
  const folder =
    process.env.RESETSCOPE_FAULTS ?? new URL('../../../shared/faults/', import.meta.url).pathname;
  return existsSync(folder) ? folder : undefined;
}

export function judgeFile(path: string): Judged[] {
  return all(analyzeBytes(new Uint8Array(readFileSync(path)), path));
}
