/*
 * What the parent wants to stand in the files between our blocks: witness blocks of kinds that we do not write, such as
 * the owners of sockets. They come over standard input, and nothing else may.
 */
#ifndef CAPD_INLET_H
#define CAPD_INLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INLET_BLOCK_MAX_BYTES = 16 * 1024 };

struct inlet {
  uint8_t bytes[INLET_BLOCK_MAX_BYTES];
  size_t used;
};

enum inlet_state { INLET_INCOMPLETE, INLET_HAS_BLOCK, INLET_BAD };

/* Room for more of what comes. Never none, unless there is a whole block or a bad one. */
static inline size_t inlet_room(const struct inlet *inlet) { return sizeof inlet->bytes - inlet->used; }

/* What the bytes begin with, and how long the block is where there is one. */
enum inlet_state inlet_look(const struct inlet *inlet, size_t *length);

/* Takes the first `length` bytes away. */
void inlet_drop(struct inlet *inlet, size_t length);

#endif
