/** Packets per second of every interface: the system's counters, read each second while the page is seen. */
import { useEffect, useState } from 'react';
import type { CountersReading, InterfaceCounters } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';

const PULL_MS = 1000;
/** The wait after a reading that failed. */
const RETRY_MS = 5000;
/** Rates that a sparkline shows. */
export const HISTORY = 30;

export interface InterfaceTraffic {
  /** Oldest first. */
  readonly packetRates: readonly number[];
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Packets that the interface dropped since the page began to watch it. */
  readonly dropped: number;
  readonly totalPackets: number;
  /** Whether a packet went over it since the page began to watch it. */
  readonly wasActive: boolean;
}

export interface Traffic {
  /** null before the first reading. */
  readonly last: CountersReading | null;
  readonly byName: ReadonlyMap<string, InterfaceTraffic>;
}

export const NO_TRAFFIC: Traffic = { last: null, byName: new Map() };

/** Adds a reading. Two readings make a rate, unless the counters began again in between. */
export function withReading(traffic: Traffic, reading: CountersReading): Traffic {
  const before = new Map((traffic.last?.interfaces ?? []).map((one) => [one.name, one]));
  const seconds = traffic.last === null ? 0 : (reading.atMs - traffic.last.atMs) / 1000;
  return {
    last: reading,
    byName: new Map(
      reading.interfaces.map((now) => [
        now.name,
        trafficOf(now, before.get(now.name), seconds, traffic.byName.get(now.name)),
      ]),
    ),
  };
}

function trafficOf(
  now: InterfaceCounters,
  before: InterfaceCounters | undefined,
  seconds: number,
  known: InterfaceTraffic | undefined,
): InterfaceTraffic {
  const isRate =
    before !== undefined && seconds > 0 && now.packets >= before.packets && now.bytes >= before.bytes;
  const packetsPerSecond = isRate ? (now.packets - before.packets) / seconds : 0;
  const dropped = before === undefined ? 0 : Math.max(0, now.dropped - before.dropped);
  return {
    packetRates: isRate
      ? [...(known?.packetRates ?? []), packetsPerSecond].slice(-HISTORY)
      : (known?.packetRates ?? []),
    packetsPerSecond,
    bytesPerSecond: isRate ? (now.bytes - before.bytes) / seconds : 0,
    dropped: (known?.dropped ?? 0) + dropped,
    totalPackets: now.packets,
    wasActive: known?.wasActive === true || packetsPerSecond > 0,
  };
}

export function useCounters(): Traffic {
  const { link } = useApp();
  const [traffic, setTraffic] = useState(NO_TRAFFIC);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isBusy = false;
    let isOver = false;
    const pull = async (): Promise<void> => {
      if (isBusy || isOver || document.hidden) return;
      isBusy = true;
      let wait = PULL_MS;
      try {
        const reading = await link.call('live.counters', {});
        if (!isOver) setTraffic((before) => withReading(before, reading));
      } catch {
        // Rates are an extra: the list of interfaces stands without them.
        wait = RETRY_MS;
      }
      isBusy = false;
      // The change of visibility starts the readings of a hidden page again.
      if (!isOver && !document.hidden) timer = setTimeout(() => void pull(), wait);
    };
    const onVisibility = (): void => {
      clearTimeout(timer);
      void pull();
    };
    document.addEventListener('visibilitychange', onVisibility);
    void pull();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [link]);
  return traffic;
}
