#include "inlet.h"

#include <string.h>

#include "pcapng.h"

enum { HEADER_BYTES = 8, LEAST_BYTES = 12 };

enum inlet_state inlet_look(const struct inlet *inlet, size_t *length) {
  if (inlet->used < HEADER_BYTES) return INLET_INCOMPLETE;
  if (pcapng_u32(inlet->bytes) != PCAPNG_WITNESS) return INLET_BAD;
  *length = pcapng_u32(inlet->bytes + 4);
  if (*length < LEAST_BYTES || *length > sizeof inlet->bytes || *length % 4 != 0) return INLET_BAD;
  if (*length > inlet->used) return INLET_INCOMPLETE;
  return pcapng_u32(inlet->bytes + *length - 4) == *length ? INLET_HAS_BLOCK : INLET_BAD;
}

void inlet_drop(struct inlet *inlet, size_t length) {
  inlet->used -= length;
  memmove(inlet->bytes, inlet->bytes + length, inlet->used);
}
