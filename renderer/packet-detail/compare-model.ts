/**
 * The trees of one packet at two capture points, line beside line. Lines belong together by the name of their field, the first of
 * a name with the first, below lines that belong together.
 */
import type { DetailNode } from '../../shared/model/packet-detail.ts';
import { expansionKey } from './tree-model.ts';

/**
 * `expected`: what every hop writes anew, and what is derived of a capture and not in the packet. Lines that are only here or there
 * are told apart from those whose values differ.
 */
export type Difference = 'same' | 'expected' | 'differs' | 'only-here' | 'only-there';

export interface ComparedLine {
  readonly key: string;
  readonly path: string;
  readonly level: number;
  readonly title: string;
  readonly name: string;
  /** Null where that side has no such line. */
  readonly here: string | null;
  readonly there: string | null;
  readonly is: Difference;
  readonly hasChildren: boolean;
}

interface Pair {
  readonly here: DetailNode | undefined;
  readonly there: DetailNode | undefined;
  readonly children: readonly Pair[];
  readonly is: Difference;
}

/** Lines of one packet that are compared: of a page of DNS records nobody looks for the last hundreds. */
export const MOST_LINES = 4000;

/** What routers and links write anew on each hop, or what is of the capture and not of the packet. */
const MUTABLE =
  /^(?:frame|eth|sll|vlan|ieee8021ad|mpls|null|raw|ppp|pppoe)(?:\.|$)|^(?:ip\.ttl|ipv6\.hlim|ip\.checksum|tcp\.checksum|udp\.checksum|icmp\.checksum|icmpv6\.checksum)/u;

export function comparedTrees(
  here: readonly DetailNode[],
  there: readonly DetailNode[],
): readonly ComparedLine[] {
  const lines: ComparedLine[] = [];
  const add = (pairs: readonly Pair[], prefix: string, level: number): void => {
    for (const [index, pair] of pairs.entries()) {
      const node = pair.here ?? pair.there;
      if (node === undefined || lines.length >= MOST_LINES) return;
      const path = prefix === '' ? String(index) : `${prefix}.${index}`;
      lines.push({
        ...{ key: expansionKey(node), path, level, title: node.title, name: node.name },
        here: pair.here?.value ?? null,
        there: pair.there?.value ?? null,
        is: pair.is,
        hasChildren: pair.children.length > 0,
      });
      add(pair.children, path, level + 1);
    }
  };
  add(paired(here, there, false), '', 1);
  return lines;
}

function paired(
  here: readonly DetailNode[],
  there: readonly DetailNode[],
  isMutable: boolean,
): readonly Pair[] {
  const left = [...there];
  const pairs: Pair[] = [];
  for (const node of here) {
    const at = left.findIndex((other) => expansionKey(other) === expansionKey(node));
    // What is only there stands before what follows it there.
    if (at > 0) pairs.push(...left.splice(0, at).map((other) => pairOf(undefined, other, isMutable)));
    const other = at < 0 ? undefined : left.shift();
    pairs.push(pairOf(node, other, isMutable));
  }
  return [...pairs, ...left.map((other) => pairOf(undefined, other, isMutable))];
}

function pairOf(here: DetailNode | undefined, there: DetailNode | undefined, isMutableAbove: boolean): Pair {
  const node = here ?? there;
  const isMutable =
    isMutableAbove || node === undefined || node.derived || (node.name !== '' && MUTABLE.test(node.name));
  const children = paired(here?.children ?? [], there?.children ?? [], isMutable);
  return { here, there, children, is: differenceOf(here, there, children, isMutable) };
}

function differenceOf(
  here: DetailNode | undefined,
  there: DetailNode | undefined,
  children: readonly Pair[],
  isMutable: boolean,
): Difference {
  if (here === undefined) return isMutable ? 'expected' : 'only-there';
  if (there === undefined) return isMutable ? 'expected' : 'only-here';
  const worst = children.reduce<Difference>((most, { is }) => (RANK[is] > RANK[most] ? is : most), 'same');
  // A line over others repeats their values: where one of them differs, that is it.
  if (worst !== 'same') return worst === 'expected' ? 'expected' : 'differs';
  if (here.value === there.value) return 'same';
  return isMutable ? 'expected' : 'differs';
}

const RANK: Readonly<Record<Difference, number>> = {
  same: 0,
  expected: 1,
  'only-here': 2,
  'only-there': 2,
  differs: 3,
};

/** Lines that are shown: below what is expanded, and everything over a difference. */
export function shownCompared(
  lines: readonly ComparedLine[],
  isExpanded: (key: string) => boolean,
  isOnlyDifferences: boolean,
): readonly ComparedLine[] {
  const shown: ComparedLine[] = [];
  let hiddenBelow = Infinity;
  for (const line of lines) {
    if (line.level > hiddenBelow) continue;
    hiddenBelow = Infinity;
    const isTelling = line.is !== 'same' && line.is !== 'expected';
    if (isOnlyDifferences && !isTelling) {
      hiddenBelow = line.level;
      continue;
    }
    shown.push(line);
    if (line.hasChildren && !isTelling && !isExpanded(line.key)) hiddenBelow = line.level;
  }
  return shown;
}

export interface DifferenceCount {
  readonly differs: number;
  readonly expected: number;
  readonly onlyHere: number;
  readonly onlyThere: number;
}

/** Fields that differ; lines over others are not counted beside them. */
export function countDifferences(lines: readonly ComparedLine[]): DifferenceCount {
  const count = { differs: 0, expected: 0, onlyHere: 0, onlyThere: 0 };
  for (const { is, hasChildren } of lines) {
    if (hasChildren) continue;
    if (is === 'differs') count.differs++;
    else if (is === 'expected') count.expected++;
    else if (is === 'only-here') count.onlyHere++;
    else if (is === 'only-there') count.onlyThere++;
  }
  return count;
}

export function isTold(is: Difference): boolean {
  return is !== 'same' && is !== 'expected';
}
