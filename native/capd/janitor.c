#ifdef __linux__

#include "janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inherited.h"
#include "privileges.h"
#include "sandbox.h"

/* A killed process closes its files one after the other: for a moment the instance is still in use. */
enum { TRIES = 100, TRY_EVERY_MS = 20, PATIENCE_MS = 2000 };

/* What ends a session or a foreground group shall not end the clean-up. */
static void detach(void) {
  setsid();
  static const int IGNORED[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
  for (size_t i = 0; i < sizeof IGNORED / sizeof *IGNORED; i++) signal(IGNORED[i], SIG_IGN);
}

_Noreturn static void run(const struct tracefs_instance *instance, int watched) {
  detach();
  /* The parent of the capture waits for the end of its streams: the janitor must not hold them, nor anything else. */
  inherited_close_all_but(instance->instances, watched);
  privileges_drop_but_files();
  sandbox_janitor_only(instance->instances);
  char byte;
  while (read(watched, &byte, 1) < 0 && errno == EINTR) continue;
  for (int i = 0; i < TRIES; i++) {
    if (unlinkat(instance->instances, instance->name, AT_REMOVEDIR) == 0 || errno != EBUSY) break;
    poll(NULL, 0, TRY_EVERY_MS);
  }
  _exit(0);
}

int janitor_start(const struct tracefs_instance *instance) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  const pid_t child = fork();
  if (child == 0) run(instance, ends[1]);
  close(ends[1]);
  if (child > 0) return ends[0];
  close(ends[0]);
  return -1;
}

void janitor_finish(int janitor) {
  if (write(janitor, "", 1) == 1) {
    struct pollfd gone = {.fd = janitor, .events = POLLIN};
    poll(&gone, 1, PATIENCE_MS);
  }
  close(janitor);
}

#else
typedef int this_file_is_about_linux;
#endif
