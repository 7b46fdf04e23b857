/* Landlock: what may be done to files by their place, and that other processes cannot be looked into. */
#ifndef LANDLOCK_H
#define LANDLOCK_H

#include <stddef.h>

/* Version of the kernel's Landlock; 0 without it. */
int landlock_version(void);

/* A ruleset for landlock_restrict(), or -1 with errno set. */
int landlock_rules(int version, const char *const *folders, size_t count);

/* Holds the calling thread, which must have given up new privileges; a signal handler may. Returns 0 or -1 with errno set. */
int landlock_restrict(int rules);

#endif
