/**
 * A piece of evidence: when it holds, how much it weighs and what it says, in one place. The files beside this one hold them
 * by topic; `table.ts` lists the topics in the order in which they are looked at.
 *
 * A weight is log10 of P(seen | a middlebox made it) / P(seen | the claimed endpoint made it). Positive favours the middlebox.
 *
 * Sources, as `source` names them: [P] 1,590 resets of public captures, 1,406 of them with a baseline of their sender,
 * taken as genuine, so that a rate there is a rate of false alarms; [L] network namespaces with real kernels, where the
 * truth is known; [W] Weaver, Sommer, Paxson, NDSS 2009; [C] Cloudflare/University of Michigan, SIGCOMM 2023; [prior] an
 * engineering estimate for want of a measurement. The middlebox's side of each ratio is mostly [prior].
 * "Lab: h and d; stated w" marks a weight that `npm run fit` moved from w where that helped on labs it was not fitted to:
 * h scenarios in which endpoints' resets showed it (of 9,700), d in which middleboxes' did (of 3,900). "Lab 2" is a later fit, to
 * two labs after the rules had changed; a scenario counts once for each topology and place in both.
 */
import type { FlowHints } from '../../../../shared/model/hints.ts';
import type { EvidenceFamily, Side } from '../../../../shared/model/verdict.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import type { CaptureView } from '../observe/view.ts';
import type { Across } from '../across/across.ts';
import type { Elsewhere } from '../elsewhere/elsewhere.ts';
import type { WitnessSays } from '../witness/hear.ts';
import type { ProductHint } from '../written/products.ts';

/** What evidence may look at. One object, filled anew for every reset. */
export interface EvidenceContext {
  readonly view: CaptureView;
  readonly w: FlowWindow;
  readonly f: ResetFacts;
  /** What other flows and other tries say. */
  readonly across: Across;
  hints: FlowHints | undefined;
  product: ProductHint | null;
  readonly witness: WitnessSays;
  /** What captures at other points of the path say. */
  readonly elsewhere: Elsewhere;
}

/** What a text may use besides. */
export interface Telling extends EvidenceContext {
  /** Window index of the packet that the evidence rests on, −1 for none. */
  readonly at: number;
  readonly sender: Side;
  readonly receiver: Side;
}

export interface Weight {
  readonly family: EvidenceFamily;
  /** log10 likelihood ratio; > 0 favours a middlebox. */
  readonly weight: number;
  /** Enough by itself: no second family is asked for before a middlebox is named. */
  readonly decisive?: boolean;
  /** Rests on the distance, which is independent of the rest of the header: counts as a kind of evidence of its own. */
  readonly distance?: boolean;
}

/** A piece of evidence as it is written down. */
interface Entry<Code extends string> extends Weight {
  /** kebab-case; part of the JSON contract, so it never changes. */
  readonly code: Code;
  /** Shows somebody who forges, rather than a firewall or translator that refuses what comes by. */
  readonly injector?: boolean;
  /** Where the weight comes from. */
  readonly source: string;
  readonly when: (c: EvidenceContext) => boolean;
  /** Window index of the packet that it rests on, −1 for none. */
  readonly at?: (c: EvidenceContext) => number;
  /** Window index of a second packet, −1 for none. */
  readonly and?: (c: EvidenceContext) => number;
  /** One sentence, with the numbers that it rests on. */
  readonly text: (t: Telling) => string;
}

/** The same complete: entries of one shape are looked through faster. */
export type EvidenceEntry<Code extends string = string> = Required<Entry<Code>>;

/** Entries of which one holds at most: the first whose `when` says so; none where what they are given does not hold. */
export interface EvidenceGroup<Code extends string = string> {
  readonly given: ((c: EvidenceContext) => boolean) | undefined;
  readonly entries: readonly EvidenceEntry<Code>[];
}

const nothing = (): number => -1;

function complete<Code extends string>(entry: Entry<Code>): EvidenceEntry<Code> {
  const { code, family, weight, source, when, text } = entry;
  const { decisive = false, distance = false, injector = false, at = nothing, and = nothing } = entry;
  return { code, family, weight, decisive, distance, injector, source, when, at, and, text };
}

/** An entry that stands by itself. */
export function alone<const Code extends string>(entry: Entry<Code>): EvidenceGroup<Code> {
  return firstOf(entry);
}

/** See `shows`: for entries that exclude one another. */
export const WHY = { family: 'why', weight: 0 } as const;

/**
 * What shows why a reset was made and says nothing of who made it: it weighs nothing. `source` is the RFC section or the
 * vendor's document that the reading rests on.
 */
export function shows<const Code extends string>(
  entry: Omit<Entry<Code>, 'family' | 'weight' | 'decisive' | 'distance' | 'injector'>,
): EvidenceGroup<Code> {
  return firstOf({ ...entry, ...WHY });
}

/** Entries that exclude one another: the first that holds is taken. */
export function firstOf<const Code extends string>(...entries: readonly Entry<Code>[]): EvidenceGroup<Code> {
  return { given: undefined, entries: entries.map(complete) };
}

/** The same, asked only where something holds that all of them need. */
export function firstOfGiven<const Code extends string>(
  given: (c: EvidenceContext) => boolean,
  ...entries: readonly Entry<Code>[]
): EvidenceGroup<Code> {
  return { given, entries: entries.map(complete) };
}

// Packets that evidence often rests on.
export const theReset = ({ f }: EvidenceContext): number => f.at;
export const trigger = ({ f }: EvidenceContext): number => f.triggerAt;
export const lastOfSender = ({ f }: EvidenceContext): number => f.lastAt[f.sender];
export const lastOfReceiver = ({ f }: EvidenceContext): number => f.lastAt[f.receiver];
