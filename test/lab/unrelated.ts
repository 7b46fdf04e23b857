/**
 * Captures that have nothing to do with each other although addresses and ports are the same: of other scenarios of a topology, and of
 * the same scenario of another run. Nothing of them may be joined but what both hold.
 */
import { basename, join } from 'node:path';
import { readTruth } from './cases.ts';
import { analysed, captureAt, setsOf } from './joined.ts';
import type { CaptureInHand } from './joined-capture.ts';
import { judgePackets } from './joined-packets.ts';

export interface UnrelatedScore {
  readonly pairs: number;
  readonly falselyJoined: number;
  readonly mistakes: readonly string[];
}

/** How far apart in the list of sets the two of a pair are. */
const STEPS = [1, 7];

/** @param other the lab of another run; none if left out */
export async function judgeUnrelated(folder: string, only?: string, other?: string): Promise<UnrelatedScore> {
  const clients = capturesOf(folder, 'client', only);
  const servers = capturesOf(folder, 'server', only);
  const pairs: [CaptureInHand, CaptureInHand][] = STEPS.flatMap((step) =>
    clients.map((client, i): [CaptureInHand, CaptureInHand] => [
      client,
      servers[(i + step) % servers.length],
    ]),
  );
  if (other !== undefined) {
    const others = new Map(capturesOf(other, 'server', only).map((one) => [one.name, one]));
    for (const client of clients) {
      const same = others.get(client.name.replace(/client$/, 'server'));
      if (same !== undefined) pairs.push([client, same]);
    }
  }
  let falselyJoined = 0;
  const mistakes: string[] = [];
  for (const pair of pairs) {
    if (pair[0].path === pair[1].path) continue;
    const score = await analysed(pair, (session, captureOf) => judgePackets(session, pair, captureOf, []));
    falselyJoined += score.falselyJoined;
    const stranger = /stranger|nothing in common/;
    mistakes.push(...score.mistakes.filter((line) => stranger.test(line)));
  }
  return { pairs: pairs.length, falselyJoined, mistakes };
}

function capturesOf(folder: string, place: 'client' | 'server', only?: string): CaptureInHand[] {
  const names = setsOf(folder, only).filter((name) => basename(name).split('--').length === 2);
  return names.flatMap((name) => {
    const truth = readTruth(join(folder, name));
    const capture = truth === null ? undefined : captureAt(folder, name, truth, place);
    return capture === undefined ? [] : [{ ...capture, name: `${name}/${place}` }];
  });
}
