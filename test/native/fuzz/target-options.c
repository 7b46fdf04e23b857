/* Arguments, split at zeros. */
#include <string.h>

#include "../../../native/capd/options.h"
#include "fuzz.h"

enum { ARGUMENTS_MAX = 40, BYTES_MAX = 20 * 1024 };

void fuzz_options(struct feed feed) {
  static char text[BYTES_MAX + 1];
  static char program[] = "resetscope-capd";
  char *arguments[ARGUMENTS_MAX + 1] = {program};
  size_t length = 0;
  const uint8_t *bytes = feed_bytes(&feed, BYTES_MAX, &length);
  if (length > 0) memcpy(text, bytes, length);
  text[length] = '\0';
  int count = 1;
  for (size_t at = 0; at < length && count < ARGUMENTS_MAX; at += strlen(text + at) + 1)
    arguments[count++] = text + at;
  struct options options;
  options_parse(count, arguments, &options);
  fuzz_check(strlen(options.filter) <= FILTER_MAX_BYTES, "a filter that is too long");
  fuzz_check(options.snap_length >= 1 && options.snap_length <= SNAP_LENGTH_MAX, "a snap length that is none");
  fuzz_check((options.folder >= 3) == (options.file_base != NULL), "a folder without names, or names without one");
  fuzz_check(options.file_base == NULL || strpbrk(options.file_base, "/%\n") == NULL, "a name that leads away");
  fuzz_check(options.command != COMMAND_CAPTURE || options.interface != NULL, "a capture of nothing");
  fuzz_check(options.batch_bytes > 0 && options.buffer_bytes > 0 && options.batch_ms > 0, "no batches");
}
