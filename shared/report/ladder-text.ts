/** The packets as a ladder in letters, for tickets. */
import { durationText } from '../format/duration.ts';
import type { ReportCase } from '../model/report.ts';
import { frameName, pathsToName } from './frame-name.ts';

const WAY = 44;

export function ladderText(told: ReportCase, paths: readonly string[]): string {
  const named = pathsToName(told, told.packets, paths);
  const rows = told.packets.map((packet) => {
    const isSubject = packet.file === told.file && packet.frame === told.frame;
    const time = isSubject
      ? '0'
      : `${packet.sinceNs < 0 ? '-' : '+'}${durationText(Math.abs(packet.sinceNs))}`;
    return { packet, isSubject, frame: frameName(named, packet), time };
  });
  const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const frames = widest(['Frame', ...rows.map(({ frame }) => frame)]);
  const times = widest(['Time', ...rows.map(({ time }) => time)]);
  const lines = [
    `  ${'Frame'.padStart(frames)}  ${'Time'.padStart(times)}  Client${' '.repeat(WAY - 8)}Server`,
  ];
  for (const { packet, isSubject, frame, time } of rows) {
    if (packet.isAfterGap) lines.push(`  ${' '.repeat(frames + times + 2)}  ... others, left out`);
    const text = ` ${packet.text} `;
    const dashes = Math.max(2, WAY - 4 - text.length);
    const left = '-'.repeat(Math.floor(dashes / 2));
    const right = '-'.repeat(dashes - left.length);
    const way = packet.from === 'client' ? `|${left}${text}${right}>|` : `|<${left}${text}${right}|`;
    const mark = isSubject ? '>' : packet.isEvidence ? '*' : ' ';
    lines.push(
      `${mark} ${frame.padStart(frames)}  ${time.padStart(times)}  ${way}${packet.notes === '' ? '' : `  ${packet.notes}`}`,
    );
  }
  return lines.join('\n');
}
