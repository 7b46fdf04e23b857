/** Plays a live capture on the fake engine: counters tick, rows grow, cases are caught. */
import type { CaptureInterface, LiveStatus } from '../../shared/model/live.ts';
import type { FakeEngine } from './fake-engine.ts';
import { sampleCase } from './sample-live.ts';
import { sampleFlow, sampleOverview, sampleReset, sampleSummary } from './sample.ts';

const TICK_MS = 250;
const PACKETS_PER_TICK = 105;
const BYTES_PER_PACKET = 740;
/** Ticks between two resets. */
const RESET_TICKS = 3;
const KINDS = ['middlebox', 'endpoint', 'endpoint', 'unknown'] as const;
const CAUSES = ['injected', 'connection-refused', 'closed-with-unread-data', 'unknown'] as const;

/** Steady traffic of each interface, which breathes; counters as a system would give them. */
export function playCounters(engine: FakeEngine, interfaces: readonly CaptureInterface[]): void {
  const started = performance.now();
  engine.counters = () => {
    const atMs = performance.now();
    const seconds = (atMs - started) / 1000;
    return {
      atMs,
      interfaces: interfaces
        .filter(({ up }) => up)
        .map(({ name }, index) => {
          const perSecond = index < 4 ? [420, 96, 31, 7][index] : 0;
          const packets = Math.round(
            perSecond * (seconds + Math.sin(seconds * (1 + index)) * 0.4 + Math.sin(seconds / 3) * 1.2 + 4),
          );
          return {
            name,
            packets,
            bytes: packets * BYTES_PER_PACKET,
            dropped: index === 1 ? Math.floor(seconds / 4) : 0,
          };
        }),
    };
  };
}

/** @returns ends the play; the capture itself stays as it is */
export function playCapture(engine: FakeEngine): () => void {
  let tick = 0;
  engine.resets = [];
  engine.flows = [];
  const timer = setInterval(() => {
    if (engine.live.phase !== 'capturing') return;
    tick++;
    grow(engine, tick);
  }, TICK_MS);
  return () => {
    clearInterval(timer);
  };
}

function grow(engine: FakeEngine, tick: number): void {
  const packets = engine.live.packets + PACKETS_PER_TICK + Math.round(60 * Math.sin(tick / 5));
  const timeNs = tick * TICK_MS * 1e6;
  if (tick % RESET_TICKS === 0) {
    const id = engine.resets.length;
    const kind = KINDS[id % KINDS.length];
    engine.resets.push(
      sampleReset(id, {
        timeNs,
        kind,
        side: kind === 'middlebox' ? 'path' : kind === 'endpoint' ? 'server' : 'none',
        cause: CAUSES[id % CAUSES.length],
        confidence: 0.9 + (id % 10) / 101,
        frame: packets,
      }),
    );
  }
  engine.flows.push(
    sampleFlow(engine.flows.length, { startNs: timeNs, resets: tick % RESET_TICKS === 0 ? 1 : 0 }),
  );
  const { resets, flows } = engine;
  const matter = resets.filter(({ matters }) => matters).length;
  const count = (kind: string): number => resets.filter((row) => row.kind === kind).length;
  engine.summary = sampleSummary({
    packets,
    tcpPackets: packets - 40,
    flows: flows.length,
    tcpFlows: flows.length,
    resets: resets.length,
    resetsThatMatter: matter,
    lastNs: timeNs,
    dropped: 0,
  });
  const { findings } = sampleOverview();
  engine.overview = sampleOverview({
    byOrigin: { endpoint: count('endpoint'), middlebox: count('middlebox'), unknown: count('unknown') },
    findings: resets.length === 0 ? { list: [], total: 0, noise: { findings: 0, resets: 0 } } : findings,
  });
  engine.push({
    phase: 'following',
    revision: engine.state.revision + 1,
    packets,
    flows: flows.length,
    resets: resets.length,
  });
  engine.pushLive(statusAt(engine, packets));
}

const CASE_EVERY_RESETS = 8;

function statusAt({ live, resets }: FakeEngine, packets: number): Partial<LiveStatus> {
  const bytes = packets * BYTES_PER_PACKET;
  const cases = Math.floor(resets.length / CASE_EVERY_RESETS);
  return {
    packets,
    bytes,
    packetsPerSecond: ((packets - live.packets) * 1000) / TICK_MS,
    bytesPerSecond: ((bytes - live.bytes) * 1000) / TICK_MS,
    files: [{ path: `${live.folder ?? ''}/eth0-1.pcapng`, bytes, packets }],
    witness: {
      state: live.options?.witness === true ? 'on' : 'off',
      why: null,
      events: resets.length,
      lost: 0,
    },
    cases:
      live.options === null || live.options.catch === null
        ? live.cases
        : Array.from(
            { length: cases },
            (_, id) => live.cases.at(id) ?? sampleCase(id, { time: new Date().toISOString() }),
          ),
  };
}
