/** Connections that the capture of a reset and others hold from their begin: they compare clocks, and show that a capture was running. */
import type { Condition } from '../store.ts';
import type { Sample } from './clock.ts';
import { equal } from './conditions.ts';
import type { FlowFacts, ResetFacts } from './facts.ts';
import type { Asker } from './questions.ts';

/** Connections looked for on either side of a reset: of its two hosts, and of any. */
const MOST_SAMPLES = 48;
/** And how far from it. */
const WITHIN_NS = 900_000_000_000n;

/**
 * Samples of the neighbouring connections for each of the other captures. It costs some questions for each reset: the connection itself, which
 * `ownSample` compares for nothing, is enough where both machines vouch for their clocks.
 */
export async function samplesOf(
  asker: Asker,
  reset: ResetFacts,
  flow: FlowFacts,
  captures: readonly string[],
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const here = await neighbours(asker, reset, flow);
  const there = await asker.flowsIn(
    'isn_key',
    here.flatMap(({ isnKey }) => isnKey ?? []),
    [{ column: 'capture', in: [...new Set(captures)] }],
  );
  const samples = new Map<string, Sample[]>();
  for (const other of there) {
    const same = here.filter((one) => one.isnKey === other.isnKey && one.serverIsnKey === other.serverIsnKey);
    // Of two that look alike nobody knows which it is.
    if (same.length !== 1) continue;
    const sample = sampleOf(reset.timeNs, same[0], other, flow);
    if (sample === null) continue;
    const known = samples.get(other.capture);
    if (known === undefined) samples.set(other.capture, [sample]);
    else known.push(sample);
  }
  return samples;
}

/** What the connection of the reset itself says; nothing where it is not certain that it is the same. */
export function ownSample(reset: ResetFacts, here: FlowFacts, there: FlowFacts): readonly Sample[] {
  const isSame =
    here.isnKey !== null &&
    here.isnKey === there.isnKey &&
    here.serverIsnKey !== null &&
    here.serverIsnKey === there.serverIsnKey;
  const sample = isSame ? sampleOf(reset.timeNs, here, there, here) : null;
  return sample === null ? [] : [sample];
}

async function neighbours(asker: Asker, reset: ResetFacts, flow: FlowFacts): Promise<readonly FlowFacts[]> {
  const handshake: Condition[] = [
    equal('capture', reset.capture),
    ...(['isn_key', 'server_isn_key', 'syn_time', 'syn_ack_time'] as const).map((column): Condition => ({
      column,
      is: 'not-null',
    })),
  ];
  const before: Condition[] = [
    { column: 'syn_time', op: '<=', value: reset.timeNs },
    { column: 'syn_time', op: '>=', value: reset.timeNs - WITHIN_NS },
  ];
  const after: Condition[] = [
    { column: 'syn_time', op: '>', value: reset.timeNs },
    { column: 'syn_time', op: '<=', value: reset.timeNs + WITHIN_NS },
  ];
  const found = new Map([[flow.flow, flow]]);
  for (const hosts of [hostsOf(flow), []]) {
    for (const [when, descending] of [
      [before, true],
      [after, false],
    ] as const) {
      const where = [...handshake, ...hosts, ...when];
      const some = await asker.flowsBySyn(where, { descending, limit: MOST_SAMPLES });
      for (const one of some) found.set(one.flow, one);
    }
  }
  return [...found.values()];
}

function sampleOf(timeNs: bigint, here: FlowFacts, there: FlowFacts, flow: FlowFacts): Sample | null {
  if (here.synNs === null || here.synAckNs === null || there.synNs === null || there.synAckNs === null)
    return null;
  return {
    syn: Number(here.synNs - timeNs),
    synAck: Number(here.synAckNs - timeNs),
    synThere: Number(there.synNs - timeNs),
    synAckThere: Number(there.synAckNs - timeNs),
    isOfPair:
      here.ends.client?.address === flow.ends.client?.address &&
      here.ends.server?.address === flow.ends.server?.address,
    flow: here.flow,
    flowThere: there.flow,
  };
}

function hostsOf({ ends: { client, server } }: FlowFacts): Condition[] {
  if (client === null || server === null) return [];
  return [equal('client_address', client.address), equal('server_address', server.address)];
}
