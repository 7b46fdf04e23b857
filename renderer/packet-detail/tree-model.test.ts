import { describe, expect, it } from 'vitest';
import type { DetailNode } from '../../shared/model/packet-detail.ts';
import { bytesAs } from './byte-text.ts';
import { deepestLine, lineNamed, nodeAt, parentPath, shownLines, typeAhead } from './tree-model.ts';

function node(name: string, from: number, to: number, children: readonly DetailNode[] = []): DetailNode {
  return {
    ...{ name, title: name, value: '', source: 0, from, to, derived: false },
    ...{ meaning: '', definedIn: '', severity: 'plain', filter: '', children },
  };
}

const FLAGS = node('tcp.flags', 12, 14, [node('tcp.flags.reset', 13, 14)]);
const LAYERS = [
  node('frame', 0, 20),
  node('ip', 0, 10),
  node('tcp', 10, 20, [node('tcp.seq', 10, 12), FLAGS]),
];

describe('the lines of a tree', () => {
  it('are those below expanded ones', () => {
    const paths = (keys: readonly string[]): string[] =>
      shownLines(LAYERS, (key) => keys.includes(key)).map((line) => line.path);
    expect(paths([])).toEqual(['0', '1', '2']);
    expect(paths(['tcp'])).toEqual(['0', '1', '2', '2.0', '2.1']);
    expect(paths(['tcp.flags'])).toEqual(['0', '1', '2']);
    expect(paths(['tcp', 'tcp.flags'])).toEqual(['0', '1', '2', '2.0', '2.1', '2.1.0']);
  });

  it('are found by path, and so is what is above them', () => {
    expect(nodeAt(LAYERS, '2.1.0')?.name).toBe('tcp.flags.reset');
    expect(nodeAt(LAYERS, '2.7')).toBeUndefined();
    expect(parentPath('2.1.0')).toBe('2.1');
    expect(parentPath('2')).toBe('');
  });

  it('are found by a byte: the most exact one, never the frame', () => {
    expect(deepestLine(LAYERS, 0, 13)).toBe('2.1.0');
    expect(deepestLine(LAYERS, 0, 12)).toBe('2.1');
    expect(deepestLine(LAYERS, 0, 3)).toBe('1');
    expect(deepestLine(LAYERS, 0, 99)).toBeNull();
    expect(deepestLine(LAYERS, 1, 3)).toBeNull();
  });

  it('are found by the name of their field, the innermost of several', () => {
    expect(lineNamed(LAYERS, 'tcp.flags.reset')).toBe('2.1.0');
    expect(lineNamed([node('ip', 0, 1), node('ip', 1, 2)], 'ip')).toBe('1');
    expect(lineNamed(LAYERS, 'udp')).toBeNull();
  });

  it('are found by typing, around the end', () => {
    const lines = shownLines(LAYERS, () => false);
    expect(typeAhead(lines, 0, 't')).toBe(2);
    expect(typeAhead(lines, 2, 'f')).toBe(0);
    expect(typeAhead(lines, 1, 'x')).toBe(1);
  });
});

describe('bytes as text', () => {
  it('are taken in four forms', () => {
    const bytes = Uint8Array.of(0x47, 0x00, 0x0a, 0xff);
    expect(bytesAs('hex', bytes)).toBe('47 00 0a ff');
    expect(bytesAs('text', bytes)).toBe('G·\n·');
    expect(bytesAs('c', bytes)).toBe('const unsigned char bytes[4] = {\n  0x47, 0x00, 0x0a, 0xff\n};');
    expect(bytesAs('base64', bytes)).toBe('RwAK/w==');
  });
});
