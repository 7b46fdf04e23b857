/*
 * The kernel's own word about resets: its tracepoints tcp:tcp_send_reset and tcp:tcp_receive_reset, read from a trace
 * instance of our own. Linux only; elsewhere, and without the rights, it says why it is not there.
 */
#ifndef CAPD_WITNESS_H
#define CAPD_WITNESS_H

#include <stdbool.h>
#include <stddef.h>

#include "witness-event.h"

enum { WITNESS_LINE_MAX_BYTES = 1024, WITNESS_WHY_MAX_BYTES = 256 };

struct witness {
  /* Readable when there are events; -1 when there is no witness. */
  int fd;
  /* A stream to the process that removes the instance when we are gone, however we went. */
  int janitor;
  /* Why there is none; empty when there is one, or was not asked for. */
  char why[WITNESS_WHY_MAX_BYTES];
  /* The begin of a line whose end was not read yet. */
  char line[WITNESS_LINE_MAX_BYTES];
  size_t line_length;
  bool skips_line;
};

typedef void witness_sink(void *context, const struct witness_event *event);

/* Opens the witness, which needs privileges. Never ends the process: witness->why says why there is none. */
void witness_open(struct witness *witness);

/*
 * The kernel learns the name and process of a thread when it next schedules, so an event that is read the moment it
 * happens tells neither: events wait this long before they are read.
 */
enum { WITNESS_SETTLE_MS = 50 };

enum witness_read { WITNESS_READ_SOME, WITNESS_READ_ALL, WITNESS_READ_ENDED };

/* Hands on some of the events that are there, at most WITNESS_READ_MAX_EVENTS. After WITNESS_READ_ENDED none come. */
enum { WITNESS_READ_MAX_BYTES = 4096, WITNESS_READ_MAX_EVENTS = 64 };
enum witness_read witness_read(struct witness *witness, witness_sink *sink, void *context);

/* Ends the witness and waits a short while for the instance to be removed. */
void witness_close(struct witness *witness);

/* The addresses of this network namespace, separated by blanks. */
void witness_own_addresses(char *text, size_t capacity);

#endif
