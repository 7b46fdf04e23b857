/** Looks for every piece of evidence in what was observed of one reset, and says what was found. */
import type { Evidence, Favour } from '../../../../shared/model/verdict.ts';
import { sideName } from '../phrases.ts';
import type { EvidenceContext, Telling } from './entry.ts';
import type { EvidenceList } from './evidence-list.ts';
import { EVIDENCE, WEIGHTS } from './table.ts';

/** Fills the list with what holds; makes no texts. */
export function weigh(c: EvidenceContext, list: EvidenceList): void {
  list.clear();
  for (const { given, entries } of EVIDENCE) {
    if (given !== undefined && !given(c)) continue;
    for (const entry of entries) {
      if (!entry.when(c)) continue;
      list.add(entry.code, entry.at(c), entry.and(c));
      break;
    }
  }
}

/** The evidence in the list with its texts, the weightiest first. */
export function tellEvidence(c: EvidenceContext, list: EvidenceList): Evidence[] {
  const { codes, first, second, count } = list;
  const { f, w } = c;
  const telling = tellingOf(c);
  const found: Evidence[] = [];
  for (let i = 0; i < count; i++) {
    const { code, family, weight, text } = WEIGHTS[codes[i]];
    const packets: number[] = [];
    if (first[i] >= 0) packets.push(w.packet[first[i]]);
    if (second[i] >= 0 && second[i] !== first[i]) packets.push(w.packet[second[i]]);
    if (!packets.includes(f.packet)) packets.push(f.packet);
    telling.at = first[i];
    found.push({
      code,
      family,
      favours: favourOf(weight),
      weight: Math.abs(weight),
      packets,
      text: text(telling),
    });
  }
  return found.sort((a, b) => b.weight - a.weight);
}

/** For all pieces of one reset: each has `at` set before it is told. Field by field, since spreading a large object costs as much as a text. */
function tellingOf(c: EvidenceContext): { -readonly [K in keyof Telling]: Telling[K] } {
  const { view, w, f, across, hints, product, witness, elsewhere } = c;
  const sender = sideName(f.sender);
  const receiver = sideName(f.receiver);
  return { view, w, f, across, hints, product, witness, elsewhere, at: -1, sender, receiver };
}

function favourOf(weight: number): Favour {
  if (weight === 0) return 'neither';
  return weight > 0 ? 'middlebox' : 'endpoint';
}
