/* Takes from a process what it does not need to parse bytes that others made. */
#ifndef CONFINE_H
#define CONFINE_H

#include <stddef.h>

enum { CONFINE_MAX_FOLDERS = 8 };

struct confinement {
  /* Version of Landlock that files are held by; 0 where this kernel has none. */
  int landlock;
  /* Threads that were running and are held, too. */
  int threads;
};

/*
 * From here on, in every thread that runs and every one that comes: no connection, no program, no other process, no file
 * changed but below `folders`, files and folders that are there. Cannot be taken back.
 * Returns NULL, or what could not be done; what was done until then stays.
 */
const char *confine(const char *const *folders, size_t count, struct confinement *result);

/* What confine() would find here: the version of Landlock, 0 without it; -1 where there is no seccomp. */
int confine_available(void);

#endif
