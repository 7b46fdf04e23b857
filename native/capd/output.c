#include "output.h"

#include <fcntl.h>
#include <unistd.h>

#include "fail.h"

static int flags_before = -1;

void output_open(void) {
  if (isatty(STDOUT_FILENO)) fail(EXIT_CODE_USAGE, "standard output is a terminal; write to a file or a pipe");
  flags_before = fcntl(STDOUT_FILENO, F_GETFL);
  if (flags_before < 0 || fcntl(STDOUT_FILENO, F_SETFL, flags_before | O_NONBLOCK) != 0)
    fail(EXIT_CODE_SYSTEM, "standard output cannot be used");
}

void output_restore(void) {
  if (flags_before >= 0) fcntl(STDOUT_FILENO, F_SETFL, flags_before);
}
