/** Where the window was last, unless that place is gone. */
import type { WindowState } from '../host/settings.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const DEFAULT_SIZE = { width: 1360, height: 860 };
export const MINIMUM_SIZE = { width: 720, height: 480 };
/** So much of the title bar must be on a display to be grabbed. */
const GRABBABLE = 64;

/** Without a position, the system chooses one. */
export function initialBounds(
  state: WindowState | null,
  displays: readonly Area[],
): { readonly x?: number; readonly y?: number; readonly width: number; readonly height: number } {
  if (state === null) return DEFAULT_SIZE;
  const width = Math.max(state.width, MINIMUM_SIZE.width);
  const height = Math.max(state.height, MINIMUM_SIZE.height);
  const isReachable = displays.some(
    (display) =>
      state.x + width >= display.x + GRABBABLE &&
      state.x <= display.x + display.width - GRABBABLE &&
      state.y >= display.y &&
      state.y <= display.y + display.height - GRABBABLE,
  );
  return isReachable ? { x: state.x, y: state.y, width, height } : { width, height };
}
