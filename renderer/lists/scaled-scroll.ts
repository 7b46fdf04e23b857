/**
 * Chromium clamps an element's height at 33,554,428 px: about 1.3 million rows. Longer lists get a scrollbar over a
 * shorter track, and every pixel of it stands for several pixels of the list.
 */
const MAX_TRACK_PX = 16_000_000;

export interface ScrollScale {
  /** Height of the scrolled element, px. */
  readonly trackPx: number;
  /** Pixels of the list per pixel of the track, ≥ 1. */
  readonly factor: number;
}

/** @param viewportPx height of the window on the list */
export function scrollScale(listPx: number, viewportPx: number): ScrollScale {
  if (listPx <= MAX_TRACK_PX) return { trackPx: listPx, factor: 1 };
  // The last position of the track must show the last row, so that both ends can be reached.
  return { trackPx: MAX_TRACK_PX, factor: (listPx - viewportPx) / (MAX_TRACK_PX - viewportPx) };
}
