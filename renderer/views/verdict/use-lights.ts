/** Lights up the packets that a piece of evidence rests on while the pointer or the focus is on it. */
import { useEffect, useMemo } from 'react';
import { useApp } from '../../core/app-context.ts';

interface Lights {
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

export function useLights(packets: readonly number[]): Lights {
  const { actions } = useApp();
  // What is gone has no pointer to leave it.
  useEffect(
    () => () => {
      actions.lightPackets([]);
    },
    [actions],
  );
  return useMemo(() => {
    const on = (): void => {
      actions.lightPackets(packets);
    };
    const off = (): void => {
      actions.lightPackets([]);
    };
    return { onPointerEnter: on, onPointerLeave: off, onFocus: on, onBlur: off };
  }, [actions, packets]);
}
