export const EXIT_OK = 0;
export const EXIT_USAGE = 1;
export const EXIT_LOSSES = 2;
/** A capture that could not start, or ended by itself. */
export const EXIT_CAPTURE = 3;
/** 128 + number of the signal, as shells have it. */
export const EXIT_INTERRUPTED = 130;
export const EXIT_TERMINATED = 143;
