#include "batch.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

void batch_open(struct batch *batch, size_t full_at, size_t block_bytes, uint64_t wait_ns) {
  const size_t capacity = full_at + block_bytes;
  *batch = (struct batch){.bytes = malloc(capacity), .capacity = capacity, .full_at = full_at, .wait_ns = wait_ns};
  if (batch->bytes == NULL) fail(EXIT_CODE_SYSTEM, "no memory for a batch of %zu bytes", capacity);
}

uint8_t *batch_add(struct batch *batch, size_t length) {
  if (length > batch->capacity - batch->used)
    fail(EXIT_CODE_INTERNAL, "a block of %zu bytes does not fit its batch", length);
  if (batch->used == 0) batch->due_ns = monotonic_ns() + batch->wait_ns;
  uint8_t *room = batch->bytes + batch->used;
  batch->used += length;
  return room;
}

void batch_clear(struct batch *batch) {
  batch->used = 0;
  batch->written = 0;
  batch->is_draining = false;
}

void batch_turn(struct batch *batch, uint64_t now_ns) {
  if (batch->used >= batch->full_at || (batch->used > 0 && now_ns >= batch->due_ns)) batch->is_draining = true;
}

enum batch_write batch_write(struct batch *batch, int fd) {
  while (batch->written < batch->used) {
    const ssize_t count = write(fd, batch->bytes + batch->written, batch->used - batch->written);
    if (count >= 0) batch->written += (size_t)count;
    else if (errno == EAGAIN || errno == EWOULDBLOCK) return BATCH_BLOCKED;
    else if (errno != EINTR) return BATCH_READER_GONE;
  }
  batch_clear(batch);
  return BATCH_WRITTEN;
}

enum batch_write batch_write_all(struct batch *batch, int fd, int patience_ms) {
  for (;;) {
    const enum batch_write outcome = batch_write(batch, fd);
    if (outcome != BATCH_BLOCKED) return outcome;
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    const int ready = poll(&wanted, 1, patience_ms);
    if (ready == 0) return BATCH_BLOCKED;
    if (ready < 0 && errno != EINTR) return BATCH_READER_GONE;
  }
}
