import { expect, it } from 'vitest';
import type { ReportCase, ReportPacket } from '../model/report.ts';
import { ladderSvgs } from './ladder-svg.ts';

function packet(frame: number, isAfterGap: boolean): ReportPacket {
  return {
    file: 0,
    frame,
    sinceNs: frame,
    from: frame % 2 === 0 ? 'client' : 'server',
    text: `ACK seq ${frame}`,
    notes: '',
    isReset: false,
    isEvidence: false,
    isAfterGap,
  };
}

it('stands in drawings that follow each other without a gap, with every packet once', () => {
  for (const count of [1, 5, 6, 7, 22]) {
    const packets = Array.from({ length: count }, (_, frame) => packet(frame, frame === 4));
    const drawings = ladderSvgs({ file: 0, frame: 1, packets } as unknown as ReportCase, ['/a.pcap']);
    let end = 0;
    for (const drawing of drawings) {
      const [, top, height] = /viewBox="0 (\d+) \d+ (\d+)"/u.exec(drawing) ?? [];
      expect(Number(top)).toBe(end);
      end += Number(height);
    }
    const told = Array.from(drawings.join('').matchAll(/>ACK seq (\d+)</gu), ([, frame]) => Number(frame));
    expect(told).toEqual(packets.map(({ frame }) => frame));
    expect(drawings.join('').match(/others, left out/gu) ?? []).toHaveLength(count > 4 ? 1 : 0);
  }
});
