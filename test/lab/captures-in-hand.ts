/** Captures of several places that are analysed together, and the numbers of the packets that their frames hold. */
import { join } from 'node:path';
import { Analysis } from '../../main/host/analysis.ts';
import type { TruthFile } from './cases.ts';
import { type Place, PLACES } from './places.ts';

export type Session = Analysis['session'];

/** One capture of several that are analysed together. */
export interface CaptureInHand {
  readonly path: string;
  /** What tells it from the others, for people: 'client' … */
  readonly name: string;
  /** Numbers of the packets that each frame holds, and which run they are of: numbers of different runs mean nothing. */
  readonly journeys: readonly (readonly number[])[];
  readonly run: string;
}

/** Undefined where none was made, or its packets are not known. */
export function captureAt(
  folder: string,
  name: string,
  { captures, topology }: TruthFile,
  place: Place,
): CaptureInHand | undefined {
  const capture = PLACES.includes(place) ? captures[place] : undefined;
  if (capture?.journeys === undefined) return undefined;
  const journeys = capture.journeys
    .split(' ')
    .map((held) => (held === '0' || held === '' ? [] : held.split('+').map(Number)));
  return { path: join(folder, name, capture.file), name: place, journeys, run: `${folder} ${topology.name}` };
}

/** @param judge is told which of the captures a file of the session is */
export async function analysed<T>(
  captures: readonly CaptureInHand[],
  judge: (session: Session, fileOf: (file: number) => number) => T,
): Promise<T> {
  const analysis = new Analysis();
  try {
    await analysis.run(
      captures.map(({ path }) => path),
      {},
    );
    if (analysis.unreadable.length > 0) throw new Error(analysis.unreadable[0].message);
    const order = analysis.session.files.map(({ path }) => captures.findIndex((one) => one.path === path));
    return judge(analysis.session, (file) => order[file]);
  } finally {
    await analysis.close();
  }
}
