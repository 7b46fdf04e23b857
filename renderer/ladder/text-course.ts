/** A packet's way past several capture points in letters: `|..o---o..>|`, `|  o--x |`, `|  : *-o..>|`. */
import { vantageName } from '../words/join-text.ts';
import type { Courses } from './courses.ts';
import { FATE_APPEARS, FATE_VANISHES, legEnds, onTheWay } from './courses.ts';

export function courseHead(
  { vantages, proxies }: Courses,
  span: number,
  ends: { readonly client: string; readonly server: string },
): string {
  const line: string[] = Array.from({ length: span + 2 }, () => ' ');
  const between = vantages.map(({ name, at }) => {
    const text = vantageName(name);
    return { text, at: Math.round(at * span) - Math.floor(text.length / 2) };
  });
  for (const at of proxies) between.push({ text: 'proxy', at: Math.round(at * span) - 2 });
  for (const { text, at } of between)
    [...text].forEach((letter, index) => {
      line[Math.max(0, at + index)] = letter;
    });
  return `${line.join('').trimEnd()}   (client ${ends.client}, server ${ends.server})`;
}

export function courseArrow(courses: Courses, index: number, span: number, isFromClient: boolean): string {
  const { at, vantages, proxies, first, fate } = courses;
  const line: string[] = Array.from({ length: span + 1 }, () => ' ');
  const columnOf = (v: number): number => Math.round(vantages[v].at * span);
  const put = (from: number, to: number, letter: string): void => {
    for (let i = Math.min(from, to) + 1; i < Math.max(from, to); i++) line[i] = letter;
  };
  const way = onTheWay(courses, index, isFromClient);
  const begin = way.indexOf(first[index]);
  const last = way.findLastIndex((v) => at[v].seen[index] > 0);
  const [left, right] = legEnds(courses, index).map((end) => Math.round(end * span));
  const [sender, receiver] = isFromClient ? [left, right] : [right, left];
  const start = columnOf(way[begin]);
  const end = columnOf(way[last]);
  for (let i = begin; i < last; i++) put(columnOf(way[i]), columnOf(way[i + 1]), '-');
  const isMade = (fate[index] & FATE_APPEARS) !== 0;
  const before = begin === 0 ? sender : columnOf(way[begin - 1]);
  const made = Math.round((before + start) / 2);
  if (isMade) {
    put(made, start, '-');
    line[made] = '*';
  } else put(sender, start, '.');
  if ((fate[index] & FATE_VANISHES) !== 0) {
    const beyond = last + 1 < way.length ? columnOf(way[last + 1]) : receiver;
    const stop = Math.round((end + beyond) / 2);
    put(end, stop, '-');
    line[stop] = 'x';
  } else {
    put(end, receiver, '.');
    line[isFromClient ? receiver - 1 : receiver + 1] = isFromClient ? '>' : '<';
  }
  for (const v of way) line[columnOf(v)] = at[v].seen[index] > 0 ? 'o' : ':';
  for (const end of proxies) line[Math.round(end * span)] = '|';
  line[0] = '|';
  line[span] = '|';
  return line.join('');
}
