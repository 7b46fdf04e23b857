/** Words of reports that all their forms share. */
import { bytesText } from '../format/bytes.ts';
import { countText, plural } from '../format/count.ts';
import { dateAndTime } from '../format/time.ts';
import type { ReportBytes, ReportCase, ReportEvidence, ReportFile, ReportTerm } from '../model/report.ts';
import type { Command } from '../texts/commands.ts';

export const TITLES = {
  next: 'What to do',
  ladder: 'The packets around it',
  ladderAbout:
    'Times are relative to the marked packet. Sequence numbers are relative, as Wireshark shows them. A dot marks packets that evidence rests on.',
  evidence: 'Evidence',
  bytes: 'The bytes that count',
  refute: 'What would show that this is wrong',
  limits: 'What weakens this verdict',
  captured: 'How it was captured',
  notes: 'Notes',
} as const;

/** Puts the user's names into texts. */
export interface Naming {
  text(text: string): string;
  /** The name of a device by its key; empty without one. */
  device(key: string): string;
}

export const NO_NAMES: Naming = { text: (text) => text, device: () => '' };

export function placeWord(where: Command['where']): string {
  return where === 'device' ? 'device on the path' : where;
}

export interface EvidenceGroup {
  readonly title: string;
  readonly pieces: readonly ReportEvidence[];
  readonly hasWeight: boolean;
}

/** Evidence by whom it speaks for; what speaks for neither is told last. */
export function evidenceGroups({ evidence, claimed }: ReportCase): EvidenceGroup[] {
  const groups: EvidenceGroup[] = [
    { title: 'For a device on the path', pieces: of('middlebox'), hasWeight: true },
    { title: `For the ${claimed ?? 'host'} itself`, pieces: of('endpoint'), hasWeight: true },
    { title: claimed === null ? 'What shows it' : 'For the cause', pieces: of('neither'), hasWeight: false },
  ];
  return groups.filter(({ pieces }) => pieces.length > 0);
  function of(favours: ReportEvidence['favours']): ReportEvidence[] {
    return evidence.filter((piece) => piece.favours === favours);
  }
}

/** Where a byte stands, as the dump counts. */
export function hexOffset(at: number): string {
  return at.toString(16).padStart(4, '0');
}

/** What the dump shows, and what of the frame it does not. */
export function bytesSentence({ hex, captured, wire }: ReportBytes, frame: string): string {
  const shown =
    hex.length < captured
      ? `the first ${hex.length} of ${countText(captured)} captured bytes`
      : plural(captured, 'byte');
  const cut =
    captured < wire
      ? ` The packet had ${countText(wire)} on the wire: the capture kept ${countText(captured)}.`
      : '';
  const masked = hex.includes('..') ? ' Two dots stand for a byte that was left out.' : '';
  return `Frame ${frame}, ${shown}; what the verdict is made of is marked.${cut}${masked}`;
}

/** How one file was captured, and what was lost in it. */
export function capturedTerms(file: ReportFile): ReportTerm[] {
  const { sha256, format, linkTypes, packets, bytes, first, last, interfaces, program, lost } = file;
  const terms: ReportTerm[] = [
    {
      term: 'Format',
      text: `${format}, ${linkTypes.join(', ')}; ${plural(packets, 'packet')}, ${bytesText(bytes)}`,
    },
    {
      term: 'Time',
      text:
        first === null || last === null
          ? 'no packet'
          : `${dateAndTime(first, false)} to ${dateAndTime(last, false)}`,
    },
    { term: 'Interface', text: interfacesText(file) },
    { term: 'Program', text: program === '' ? 'not said in the file' : program },
    { term: 'SHA-256', text: sha256 ?? 'not known: the file could not be read a second time' },
    { term: 'Lost in it', text: lost.length === 0 ? 'nothing that the file tells of' : lost.join('; ') },
  ];
  return interfaces.length === 0 ? terms.filter(({ term }) => term !== 'Interface') : terms;
}

function interfacesText({ interfaces }: ReportFile): string {
  return interfaces
    .map(({ name, snapLength }) => {
      const kept =
        snapLength === 0 || snapLength >= 65_535
          ? 'whole packets'
          : `the first ${countText(snapLength)} bytes of each packet`;
      return `${name === '' ? 'name not said' : name}; snap length ${snapLength === 0 ? 'not limited' : countText(snapLength)} (${kept})`;
    })
    .join('. ');
}
