/* Reads lines of a trace from standard input and prints what witness-line.c makes of each, for its tests. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "witness-line.h"

enum { OFFSET_NS = 1000 };

static void print_text(const char *text) {
  for (; *text != '\0'; text++) printf("%02x", (unsigned char)*text);
}

static void print_endpoint(const struct witness_event *event, const struct witness_endpoint *endpoint) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(event->family == 4 ? AF_INET : AF_INET6, endpoint->address, text, sizeof text);
  printf(" %s %u", text, endpoint->port);
}

static void print_event(const struct witness_event *event) {
  printf("%d %d %" PRIu64, (int)event->kind, event->family, event->time_ns);
  print_endpoint(event, &event->local);
  print_endpoint(event, &event->remote);
  printf(" %" PRIu32 " %u %d reason=", event->pid, event->tcp_state, event->is_process_context);
  print_text(event->reason);
  printf(" comm=");
  print_text(event->comm);
  printf("\n");
}

int main(void) {
  char line[1024];
  while (fgets(line, sizeof line, stdin) != NULL) {
    struct witness_event event;
    uint64_t loss = 0;
    line[strcspn(line, "\n")] = '\0';
    if (!witness_line_parse(line, OFFSET_NS, &event, &loss)) printf("-\n");
    else if (loss > 0) printf("lost %" PRIu64 "\n", loss);
    else print_event(&event);
  }
  return 0;
}
