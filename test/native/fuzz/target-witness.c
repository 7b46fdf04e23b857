/* The text of a trace, from a pipe, in pieces; and the blocks that become of it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../../native/capd/pcapng.h"
#include "../../../native/capd/utf8.h"
#include "../../../native/capd/witness.h"
#include "fuzz.h"

static struct batch batch;

static bool is_text(const char *text, size_t capacity) {
  const size_t length = strnlen(text, capacity);
  if (length == capacity) return false;
  for (size_t at = 0; at < length;) {
    const size_t step = utf8_length(text + at, length - at);
    if (step == 0 || (unsigned char)text[at] < 0x20) return false;
    at += step;
  }
  return true;
}

static void take(void *context, const struct witness_event *event) {
  uint64_t packets = 0;
  (*(int *)context)++;
  fuzz_check(event->kind == WITNESS_LOST || event->family == 4 || event->family == 6, "an event without addresses");
  fuzz_check(is_text(event->reason, sizeof event->reason), "a reason that is no text");
  fuzz_check(is_text(event->comm, sizeof event->comm), "a name that is no text");
  batch_clear(&batch);
  pcapng_witness(&batch, event);
  fuzz_check(fuzz_are_blocks(batch.bytes, batch.used, &packets), "a block that is none");
}

void fuzz_witness(struct feed feed) {
  static int ends[2] = {-1, -1};
  if (ends[0] < 0) {
    fuzz_check(pipe2(ends, O_NONBLOCK) == 0, "a pipe");
    batch_open(&batch, 0, 16 * 1024, 0);
  }
  struct witness *witness = calloc(1, sizeof *witness);
  witness->fd = ends[0];
  while (feed.left > 0) {
    size_t piece = feed_byte(&feed) * 16u + 16;
    const uint8_t *bytes = feed_bytes(&feed, piece, &piece);
    if (piece > 0) fuzz_check(syscall(SYS_write, ends[1], bytes, piece) == (long)piece, "a pipe that takes all");
    int events = 0;
    enum witness_read outcome;
    while ((outcome = witness_read(witness, take, &events)) == WITNESS_READ_SOME) {
      fuzz_check(events <= WITNESS_READ_MAX_EVENTS, "more events at once than promised");
      events = 0;
    }
    fuzz_check(outcome == WITNESS_READ_ALL, "a trace that ended");
  }
  free(witness);
}
