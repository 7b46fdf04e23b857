#include "witness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "janitor.h"
#include "tracefs.h"
#include "witness-line.h"

#ifdef __linux__
void witness_open(struct witness *witness) {
  *witness = (struct witness){.fd = -1, .janitor = -1};
  struct tracefs_instance instance;
  if (tracefs_open(&instance, witness->why, sizeof witness->why) != 0) return;
  /* The descriptor goes to the janitor as well, which closes it: two readers would share the events. */
  witness->janitor = janitor_start(&instance);
  close(instance.instances);
  if (witness->janitor >= 0) {
    witness->fd = instance.pipe;
    return;
  }
  close(instance.pipe);
  snprintf(witness->why, sizeof witness->why, "nothing would remove the trace instance: %s", strerror(errno));
}

void witness_close(struct witness *witness) {
  if (witness->fd >= 0) close(witness->fd);
  if (witness->janitor >= 0) janitor_finish(witness->janitor);
  witness->fd = witness->janitor = -1;
}
#else
void witness_open(struct witness *witness) {
  *witness = (struct witness){.fd = -1, .janitor = -1};
  snprintf(witness->why, sizeof witness->why, "only Linux tells about its resets");
}

void witness_close(struct witness *witness) { (void)witness; }
#endif

static void hand_on_loss(uint64_t count, witness_sink *sink, void *context) {
  char detail[24];
  snprintf(detail, sizeof detail, "%llu", (unsigned long long)count);
  const struct witness_event event = {.kind = WITNESS_LOST, .time_ns = wall_ns(), .detail = detail};
  sink(context, &event);
}

static void hand_on_line(struct witness *witness, int64_t clock_offset_ns, witness_sink *sink, void *context) {
  struct witness_event event;
  uint64_t loss = 0;
  witness->line[witness->line_length] = '\0';
  witness->line_length = 0;
  if (!witness_line_parse(witness->line, clock_offset_ns, &event, &loss)) return;
  if (loss > 0) hand_on_loss(loss, sink, context);
  else sink(context, &event);
}

/* Adds one byte of the trace. A line longer than the kernel prints them counts as one lost event. */
static void take_byte(struct witness *witness, char byte, int64_t clock_offset_ns, witness_sink *sink, void *context) {
  if (byte == '\n') {
    if (!witness->skips_line) hand_on_line(witness, clock_offset_ns, sink, context);
    witness->skips_line = false;
    return;
  }
  if (witness->skips_line) return;
  if (witness->line_length == sizeof witness->line - 1) {
    witness->line_length = 0;
    witness->skips_line = true;
    hand_on_loss(1, sink, context);
    return;
  }
  witness->line[witness->line_length++] = byte;
}

enum witness_read witness_read(struct witness *witness, witness_sink *sink, void *context) {
  char text[WITNESS_READ_MAX_BYTES];
  const ssize_t length = read(witness->fd, text, sizeof text);
  if (length < 0 && errno != EAGAIN && errno != EINTR) return WITNESS_READ_ENDED;
  if (length <= 0) return WITNESS_READ_ALL;
  /* Taken anew each time: the wall clock is adjusted while we run, and packets carry what it said. */
  const int64_t clock_offset_ns = wall_offset_ns();
  for (ssize_t i = 0; i < length; i++) take_byte(witness, text[i], clock_offset_ns, sink, context);
  return WITNESS_READ_SOME;
}

void witness_own_addresses(char *text, size_t capacity) {
  size_t used = 0;
  struct ifaddrs *all = NULL;
  text[0] = '\0';
  if (getifaddrs(&all) != 0) return;
  for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
    char address[INET6_ADDRSTRLEN];
    const int family = at->ifa_addr == NULL ? AF_UNSPEC : at->ifa_addr->sa_family;
    const void *bytes = NULL;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (family == AF_INET) bytes = &((struct sockaddr_in *)memcpy(&v4, at->ifa_addr, sizeof v4))->sin_addr;
    if (family == AF_INET6) bytes = &((struct sockaddr_in6 *)memcpy(&v6, at->ifa_addr, sizeof v6))->sin6_addr;
    if (bytes == NULL || inet_ntop(family, bytes, address, sizeof address) == NULL) continue;
    if (used + strlen(address) + 2 > capacity) break;
    used += (size_t)snprintf(text + used, capacity - used, "%s%s", used == 0 ? "" : " ", address);
  }
  freeifaddrs(all);
}
