/* Confines itself and prints which kinds of connected pairs of sockets can still be made: what Node has no call for. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "confine.h"

static const struct {
  const char *name;
  int family;
  int type;
} PAIRS[] = {
    {"stream", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC},
    {"seqpacket", AF_UNIX, SOCK_SEQPACKET},
    {"datagram", AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK},
    {"raw", AF_UNIX, SOCK_RAW},
    {"tipc", AF_TIPC, SOCK_STREAM},
};

int main(void) {
  struct confinement result;
  const char *problem = confine(NULL, 0, &result);
  if (problem != NULL) {
    fprintf(stderr, "%s\n", problem);
    return 1;
  }
  for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
    int ends[2];
    const int made = socketpair(PAIRS[i].family, PAIRS[i].type, 0, ends);
    printf("%s %s\n", PAIRS[i].name, made == 0 ? "made" : "refused");
  }
  return 0;
}
