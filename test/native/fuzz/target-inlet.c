/* Blocks of the parent on standard input, in pieces of any length. */
#include <stdlib.h>
#include <string.h>

#include "../../../native/capd/inlet.h"
#include "../../../native/capd/pcapng.h"
#include "fuzz.h"

/* As capture.c takes them. */
void fuzz_inlet(struct feed feed) {
  static struct inlet inlet;
  inlet.used = 0;
  while (feed.left > 0) {
    size_t piece = feed_byte(&feed) * 97u + 1;
    const size_t room = inlet_room(&inlet);
    fuzz_check(room > 0, "no room, and neither a block nor a bad one");
    const uint8_t *bytes = feed_bytes(&feed, piece < room ? piece : room, &piece);
    if (piece > 0) memcpy(inlet.bytes + inlet.used, bytes, piece);
    inlet.used += piece;
    size_t length = 0;
    enum inlet_state state = inlet_look(&inlet, &length);
    for (; state == INLET_HAS_BLOCK; state = inlet_look(&inlet, &length)) {
      uint64_t packets = 0;
      /* A copy of its exact length shows a look behind its end. */
      uint8_t *block = malloc(length);
      memcpy(block, inlet.bytes, length);
      fuzz_check(pcapng_u32(block) == PCAPNG_WITNESS, "a block of another type");
      fuzz_check(fuzz_are_blocks(block, length, &packets) && packets == 0, "a block that is none");
      free(block);
      inlet_drop(&inlet, length);
    }
    if (state == INLET_BAD) return;
  }
}
