/* Does what the helper does first, and prints what is left of what its parent gave it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "inherited.h"

extern char **environ;

enum { LOOKED_AT = 70000 };

int main(int argc, char **argv) {
  inherited_hold_standard_streams();
  inherited_forget();
  inherited_close_descriptors(argc > 1 ? atoi(argv[1]) : -1);
  printf("open:");
  for (int fd = 0; fd < LOOKED_AT; fd++)
    if (fcntl(fd, F_GETFD) >= 0) printf(" %d", fd);
  sigset_t blocked;
  sigprocmask(SIG_SETMASK, NULL, &blocked);
  printf("\nenvironment: %s\nblocked: %d\n", environ[0] == NULL ? "empty" : environ[0], sigismember(&blocked, SIGPROF));
  return 0;
}
