/* The two clocks: one for what people read, one for waiting. */
#ifndef CAPD_CLOCK_H
#define CAPD_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { NS_PER_MS = 1000000, NS_PER_US = 1000, US_PER_S = 1000000 };

static inline uint64_t clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Nanoseconds since 1970 UTC, as the stamps of packets have them. */
static inline uint64_t wall_ns(void) { return clock_ns(CLOCK_REALTIME); }

/* Nanoseconds of a clock that is never set back. */
static inline uint64_t monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

/* What makes a monotonic time one of the wall clock. We may be interrupted between two readings: the closest count. */
static inline int64_t wall_offset_ns(void) {
  enum { READINGS = 4 };
  uint64_t least = UINT64_MAX;
  int64_t offset = 0;
  for (int i = 0; i < READINGS; i++) {
    const uint64_t before = monotonic_ns();
    const uint64_t wall = wall_ns();
    const uint64_t apart = monotonic_ns() - before;
    if (apart >= least) continue;
    least = apart;
    offset = (int64_t)(wall - before);
  }
  return offset;
}

#endif
