/* seccomp: which system calls are answered. */
#ifndef FILTER_H
#define FILTER_H

int filter_available(void);

/*
 * Installs the filter in all threads. With `no_changes` no file can be changed at all, without regard to its place.
 * Returns NULL, or what could not be done.
 */
const char *filter_install(int no_changes);

#endif
