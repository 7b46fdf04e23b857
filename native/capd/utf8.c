#include "utf8.h"

#include <stdint.h>

size_t utf8_length(const char *text, size_t length) {
  if (length == 0) return 0;
  const uint8_t *bytes = (const uint8_t *)text;
  const uint8_t first = bytes[0];
  if (first < 0x80) return 1;
  const size_t wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || length < wanted) return 0;
  /* The second byte rules out what could be said shorter, surrogates, and what is beyond U+10FFFF. */
  const uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (bytes[1] < low || bytes[1] > high) return 0;
  for (size_t i = 2; i < wanted; i++)
    if ((bytes[i] & 0xc0) != 0x80) return 0;
  return wanted;
}
