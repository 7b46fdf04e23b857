/** What a ladder of several capture points says of a packet's way past them. */
import { plural } from '../../shared/format/count.ts';
import { USUAL_CHANGES, changesText, vantageName } from '../words/join-text.ts';
import type { Courses } from './courses.ts';
import {
  FATE_APPEARS,
  FATE_CHANGED,
  FATE_ELSEWHERE,
  FATE_MISSED,
  FATE_VANISHES,
  onTheWay,
} from './courses.ts';

export function courseNotes(courses: Courses, index: number, isFromClient: boolean): string[] {
  const { at, fate, first, vantages } = courses;
  const notes: string[] = [];
  const bits = fate[index];
  const way = onTheWay(courses, index, isFromClient);
  const missing = way.filter((v) => at[v].seen[index] === 0 && at[v].isOut[index] === 0);
  const begin = way.indexOf(first[index]);
  const last = way.findLastIndex((v) => at[v].seen[index] > 0);
  const names = (of: readonly number[]): string => of.map((v) => vantageName(vantages[v].name)).join(', ');
  if ((bits & FATE_APPEARS) !== 0)
    notes.push(`not seen at ${names(missing.filter((v) => way.indexOf(v) < begin))} before`);
  if ((bits & FATE_VANISHES) !== 0)
    notes.push(`did not come to ${names(missing.filter((v) => way.indexOf(v) > last))}`);
  if ((bits & FATE_ELSEWHERE) !== 0) notes.push(`not seen at ${names(missing)}`);
  if ((bits & FATE_MISSED) !== 0)
    notes.push(
      `not captured at ${names(missing.filter((v) => way.indexOf(v) > begin && way.indexOf(v) < last))}`,
    );
  if ((bits & FATE_CHANGED) !== 0) {
    for (const v of way) {
      const changes = at[v].changes[index] & ~USUAL_CHANGES;
      if (changes !== 0) notes.push(`changed on the way to ${names([v])}: ${changesText(changes)}`);
    }
  }
  const out = way.filter((v) => at[v].seen[index] === 0 && at[v].isOut[index] === 1);
  if (out.length > 0) notes.push(`no capture at ${names(out)} at that time`);
  for (const v of way) {
    if (at[v].seen[index] > 1) notes.push(`${plural(at[v].seen[index], 'segment')} at ${names([v])}`);
  }
  return notes;
}

/** `seen at client as frame 12 with TTL 64, at server as frame 14 with TTL 61`. */
export function courseSentence(courses: Courses, index: number, isFromClient: boolean): string {
  const { at, vantages } = courses;
  const told = onTheWay(courses, index, isFromClient)
    .filter((v) => at[v].seen[index] > 0)
    .map(
      (v) =>
        `at ${vantageName(vantages[v].name)} as frame ${at[v].frame[index]} with TTL ${at[v].ttl[index]}`,
    );
  return `seen ${told.join(', ')}`;
}
