#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 1024 };

static const char *word_of(enum exit_code code) {
  switch (code) {
    case EXIT_CODE_OK: return "ok";
    case EXIT_CODE_USAGE: return "usage";
    case EXIT_CODE_BAD_FILTER: return "bad-filter";
    case EXIT_CODE_NO_SUCH_INTERFACE: return "no-such-interface";
    case EXIT_CODE_INTERFACE_GONE: return "interface-gone";
    case EXIT_CODE_INTERNAL: return "internal";
    case EXIT_CODE_SYSTEM: return "system";
    case EXIT_CODE_OUTPUT_FAILED: return "output-failed";
    case EXIT_CODE_NO_PERMISSION: return "no-permission";
  }
  return "internal";
}

/* Arguments are part of messages: they must neither break the line nor drive a terminal. */
static void make_one_line(char *text) {
  for (; *text != '\0'; text++) {
    const unsigned char byte = (unsigned char)*text;
    if (byte < 0x20 || byte == 0x7f) *text = '?';
  }
}

void fail(enum exit_code code, const char *format, ...) {
  char line[MESSAGE_BYTES];
  int used = snprintf(line, sizeof line, "resetscope-capd: %s: ", word_of(code));
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line + used, sizeof line - (size_t)used - 1, format, arguments);
  va_end(arguments);
  make_one_line(line);
  const size_t length = strlen(line);
  line[length] = '\n';
  if (write(STDERR_FILENO, line, length + 1) < 0) {
    /* Nobody listens; the exit code still tells. */
  }
  /* Nothing is left to be cleaned up, and under the sandbox the C library's own clean-up may not run. */
  _exit((int)code);
}
