/*
 * A process that outlives the capture by a moment and removes its trace instance, however the capture ended: the
 * capture itself has given up the right to, and may be killed.
 */
#ifndef CAPD_JANITOR_H
#define CAPD_JANITOR_H

#include "tracefs.h"

/* Answers a stream that the janitor watches: its end, or a byte, lets it clean up; its own end says that it did. -1
   when there can be none. Needs privileges. */
int janitor_start(const struct tracefs_instance *instance);

/* Has it clean up and waits, for a bounded time. The instance must not be in use by this process. */
void janitor_finish(int janitor);

#endif
