import { describe, expect, it } from 'vitest';
import type { FlowReset } from '../../shared/model/connection.ts';
import type { OriginKind, PathModel } from '../../shared/model/verdict.ts';
import { SAMPLE_VERDICT, sampleReset } from '../testing/sample.ts';
import { sampleDownload, samplePackets } from '../testing/sample-ladder.ts';
import { layLanes } from './lanes.ts';
import { ladderLayout } from './layout.ts';
import { layRungs } from './rungs.ts';
import type { LadderScene } from './scene.ts';
import { ladderResets } from './scene.ts';
import { svgLadder } from './svg-ladder.ts';
import { textLadder } from './text-ladder.ts';

const THEME = {
  name: 'light',
  colour: (token: string) => `token-${token}`,
  sizes: { small: 10, text: 11 },
  fonts: { sans: 'sans-serif', mono: 'monospace' },
};
const ENDS = { client: '10.0.0.1:40000', server: '192.0.2.1:443' };

function scene(kind: OriginKind, message = ''): LadderScene {
  const packets = samplePackets([
    { from: 'client', flags: 0x02, seq: 0 },
    { flags: 0x12, seq: 0 },
    { from: 'client', payload: 10 },
    { flags: 0x04, seq: 1, ttl: 28, reset: 4 },
    { payload: 99 },
  ]);
  const row = {
    ...sampleReset(4),
    id: 4,
    kind,
    claimed: 'server' as const,
    label: 'a device one hop away',
    count: 1,
  };
  const path: PathModel = { ...SAMPLE_VERDICT.path, serverHops: 9, resetHops: 1, place: 0.3 };
  const resets: FlowReset[] = [
    { row, packet: 13, path, unacknowledged: { client: 10, server: 0 }, summary: '' },
  ];
  const lanes = layLanes(resets);
  return {
    packets,
    rungs: layRungs(packets, { scale: 'rows', pxPerNs: 0, rowPx: 28, open: new Set(), kept: new Set() }),
    lanes,
    resets: ladderResets(resets, lanes),
    layout: ladderLayout(1600, true),
    theme: THEME,
    clock: { epochNs: null, firstNs: 0, style: 'relative' },
    rowPx: 28,
    selected: null,
    hovered: -1,
    cursor: -1,
    marks: new Map(),
    messages: new Map(message === '' ? [] : [[12, message]]),
    about: null,
  };
}

function svg(drawn: LadderScene): string {
  return svgLadder(drawn, (text) => text.length * 5, { from: 0, height: 1e6, title: 'a ladder', ends: ENDS });
}

describe('a drawn ladder', () => {
  it('has a forged reset leave the device, and a ghost that says who did not send it', () => {
    const drawn = svg(scene('middlebox'));
    expect(drawn).toContain('the server never sent this');
    expect(drawn).toContain('TTL 28, the server’s others 50');
    expect(drawn).toContain('client’s 10 B unacknowledged');
  });

  it('says of no host that it never sent what it did send', () => {
    expect(svg(scene('endpoint'))).not.toContain('never sent');
    expect(svg(scene('unknown'))).not.toContain('never sent');
    expect(svg(scene('unknown'))).toContain('the server, or a device?');
  });

  it('shows what a packet says as text, whatever that is', () => {
    const drawn = svg(scene('middlebox', 'GET /<script>alert(1)</script>'));
    expect(drawn).not.toContain('<script');
    expect(drawn).toContain('&lt;script&gt;');
  });

  it('draws the window alone, however long the ladder', () => {
    const base = scene('middlebox');
    const length = (segments: number): number => {
      const packets = samplePackets(sampleDownload(segments));
      const rungs = layRungs(packets, {
        scale: 'rows',
        pxPerNs: 0,
        rowPx: 28,
        open: new Set(Array.from(packets.columns.packet)),
        kept: new Set(),
      });
      const options = { from: rungs.totalPx / 2, height: 600, title: '', ends: ENDS };
      return svgLadder({ ...base, packets, rungs }, (text) => text.length * 6, options).length;
    };
    expect(length(20_000) / length(200)).toBeLessThan(1.3);
  });

  it('reads as text', () => {
    const text = textLadder(scene('middlebox'), ENDS);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toContain('<device>');
    expect(lines[4]).toContain('made by a device one hop away; the server never sent this');
    expect(lines[4]).toMatch(/\*·+\|/);
  });
});
