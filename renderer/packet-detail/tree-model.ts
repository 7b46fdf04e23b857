/** The lines of a packet's tree as a list: those that are shown, and which of them a byte belongs to. */
import type { DetailNode } from '../../shared/model/packet-detail.ts';

/** A line in its place. */
export interface Line {
  readonly node: DetailNode;
  /** Indices from the layers down, as `1.6.2`: stays the same whatever is expanded. */
  readonly path: string;
  readonly level: number;
  /** Its place among the lines of its parent, from 1, and how many these are. */
  readonly position: number;
  readonly siblings: number;
}

/** By what people expand a line: all of a name at once, in this packet and in the next. */
export function expansionKey(node: DetailNode): string {
  return node.name === '' ? node.title : node.name;
}

/** @param isExpanded of keys; lines without lines below them are not asked about */
export function shownLines(layers: readonly DetailNode[], isExpanded: (key: string) => boolean): Line[] {
  const lines: Line[] = [];
  const add = (nodes: readonly DetailNode[], prefix: string, level: number): void => {
    for (const [index, node] of nodes.entries()) {
      const path = prefix === '' ? String(index) : `${prefix}.${index}`;
      lines.push({ node, path, level, position: index + 1, siblings: nodes.length });
      if (node.children.length > 0 && isExpanded(expansionKey(node))) add(node.children, path, level + 1);
    }
  };
  add(layers, '', 1);
  return lines;
}

export function nodeAt(layers: readonly DetailNode[], path: string): DetailNode | undefined {
  let nodes = layers;
  let node: DetailNode | undefined;
  for (const index of path.split('.')) {
    node = nodes.at(Number(index));
    if (node === undefined) return undefined;
    nodes = node.children;
  }
  return node;
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

/** All lines above one, the outermost first. */
export function ancestors(layers: readonly DetailNode[], path: string): DetailNode[] {
  const found: DetailNode[] = [];
  for (let above = parentPath(path); above !== ''; above = parentPath(above)) {
    const node = nodeAt(layers, above);
    if (node !== undefined) found.unshift(node);
  }
  return found;
}

/** Walks all lines, the shown and the hidden. */
function* everyLine(
  nodes: readonly DetailNode[],
  prefix = '',
): Generator<{ readonly node: DetailNode; readonly path: string }> {
  for (const [index, node] of nodes.entries()) {
    const path = prefix === '' ? String(index) : `${prefix}.${index}`;
    yield { node, path };
    yield* everyLine(node.children, path);
  }
}

/** The line that says most exactly what a byte is: the shortest range, of equal ones the first that is no derived value. */
export function deepestLine(layers: readonly DetailNode[], source: number, offset: number): string | null {
  let best: { readonly node: DetailNode; readonly path: string } | null = null;
  for (const line of everyLine(layers)) {
    const { node } = line;
    if (node.source !== source || offset < node.from || offset >= node.to || node.name === 'frame') continue;
    const length = node.to - node.from;
    const bestLength = best === null ? Infinity : best.node.to - best.node.from;
    const isDeeper = length === bestLength && best !== null && line.path.startsWith(`${best.path}.`);
    if (length < bestLength || (isDeeper && best?.node.children.length === 1)) best = line;
  }
  return best?.path ?? null;
}

/** The first line of that field, which need not be shown; null where the packet has none. */
export function lineNamed(layers: readonly DetailNode[], name: string): string | null {
  let innermost: string | null = null;
  // The innermost packet is what findings speak of: a tunnel's own headers come before it.
  for (const { node, path } of everyLine(layers)) if (node.name === name) innermost = path;
  return innermost;
}

/** The next line whose text begins with what was typed, after the current one and around the end. */
export function typeAhead(lines: readonly Line[], current: number, typed: string): number {
  const wanted = typed.toLowerCase();
  for (let step = typed.length > 1 ? 0 : 1; step <= lines.length; step++) {
    const index = (current + step + lines.length) % lines.length;
    if (lines[index].node.title.toLowerCase().startsWith(wanted)) return index;
  }
  return current;
}
