/*
 * What was captured and not yet written: one buffer of fixed size, filled, then written as a whole.
 *
 * A batch is either filling or draining. While it drains nothing is added, so a slow reader stops us from taking
 * packets out of the kernel's ring; when that is full the kernel drops, and counts.
 */
#ifndef CAPD_BATCH_H
#define CAPD_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch {
  uint8_t *bytes;
  size_t capacity;
  size_t used;
  size_t written;
  /* It is full from here on; what lies between this and `capacity` holds one more block. */
  size_t full_at;
  uint64_t wait_ns;
  /* Monotonic time at which the batch must be written; it means nothing while that is empty. */
  uint64_t due_ns;
  bool is_draining;
};

enum batch_write { BATCH_WRITTEN, BATCH_BLOCKED, BATCH_READER_GONE };

/* `block_bytes`: the longest block that will be added at once. */
void batch_open(struct batch *batch, size_t full_at, size_t block_bytes, uint64_t wait_ns);

static inline bool batch_takes_more(const struct batch *batch) {
  return !batch->is_draining && batch->used < batch->full_at;
}

/* Room for `length` bytes, which the caller fills; they count as added. Only while batch_takes_more(), or when the
   caller knows that it was emptied. */
uint8_t *batch_add(struct batch *batch, size_t length);

/* Empties it, written or not. */
void batch_clear(struct batch *batch);

/* Turns to draining when it is full or waited long enough. */
void batch_turn(struct batch *batch, uint64_t now_ns);

/* Writes what can be written to `fd` now. */
enum batch_write batch_write(struct batch *batch, int fd);

/* As batch_write(), but waits for the reader, at most `patience_ms` between two steps. */
enum batch_write batch_write_all(struct batch *batch, int fd, int patience_ms);

#endif
