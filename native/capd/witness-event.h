/* One event of the kernel witness, as README.md defines its block. */
#ifndef CAPD_WITNESS_EVENT_H
#define CAPD_WITNESS_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum witness_kind {
  WITNESS_SEND_RESET = 1,
  WITNESS_RECEIVE_RESET = 2,
  WITNESS_STARTED = 3,
  WITNESS_LOST = 4,
  WITNESS_UNAVAILABLE = 5,
};

enum {
  WITNESS_REASON_MAX_BYTES = 64,
  /* TASK_COMM_LEN, with its final zero. */
  WITNESS_COMM_MAX_BYTES = 16,
  WITNESS_DETAIL_MAX_BYTES = 4096,
};

struct witness_endpoint {
  uint8_t address[16];
  uint16_t port;
};

struct witness_event {
  enum witness_kind kind;
  /* 4, 6 or 0. */
  uint8_t family;
  uint64_t time_ns;
  struct witness_endpoint local;
  struct witness_endpoint remote;
  uint32_t pid;
  /* The kernel's number; 0 when not known. */
  uint8_t tcp_state;
  /* The process did it itself, and did not just happen to run when a packet came in. */
  bool is_process_context;
  char reason[WITNESS_REASON_MAX_BYTES];
  char comm[WITNESS_COMM_MAX_BYTES];
  /* Null for none; at most WITNESS_DETAIL_MAX_BYTES. */
  const char *detail;
};

#endif
