#include "inherited.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"

/* Systems without close_range() (Linux before 5.9, and others) have every number up to here closed one by one. */
enum { CLOSED_ONE_BY_ONE = 65536 };

extern char **environ;

void inherited_hold_standard_streams(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
      fail(EXIT_CODE_SYSTEM, "standard streams cannot be opened");
}

void inherited_forget(void) {
  static char *nothing[] = {NULL};
  environ = nothing;
  /* A blocked SIGPROF would take the time limit away from the compiler of filters. */
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Both ends belong to it. */
static void close_from_to(unsigned first, unsigned last) {
  if (first > last) return;
#ifdef SYS_close_range
  if (syscall(SYS_close_range, first, last, 0) == 0) return;
#endif
  for (unsigned fd = first; fd <= last && fd < CLOSED_ONE_BY_ONE; fd++) close((int)fd);
}

static void close_all_from_but(unsigned first, int lower, int higher) {
  if (lower >= (int)first) {
    if (lower > 0) close_from_to(first, (unsigned)lower - 1);
    first = (unsigned)lower + 1;
  }
  if (higher >= (int)first) {
    if (higher > 0) close_from_to(first, (unsigned)higher - 1);
    first = (unsigned)higher + 1;
  }
  close_from_to(first, UINT_MAX);
}

void inherited_close_descriptors(int kept) { close_all_from_but(STDERR_FILENO + 1, kept, -1); }

void inherited_close_all_but(int a, int b) { close_all_from_but(0, a < b ? a : b, a < b ? b : a); }
