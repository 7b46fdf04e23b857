/** The last rates of the running capture, one a second. */
import { useEffect, useState } from 'react';
import { useApp } from '../../core/app-context.ts';
import { isCapturing } from '../../state/live-slice.ts';

export const RATES_KEPT = 60;
const EVERY_MS = 1000;

export function useRateHistory(): readonly number[] {
  const { store } = useApp();
  const [rates, setRates] = useState<readonly number[]>([]);
  useEffect(() => {
    const timer = setInterval(() => {
      const { live } = store.getState();
      if (!isCapturing(live)) return;
      setRates((before) => [...before, live.packetsPerSecond].slice(-RATES_KEPT));
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [store]);
  return rates;
}
