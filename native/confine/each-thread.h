/* Has every thread of the process do something, as setuid() of the C library does: the kernel knows threads only. */
#ifndef EACH_THREAD_H
#define EACH_THREAD_H

/*
 * Calls `act` with `argument` in every thread, the calling one included, until no thread is left that did not. `act` runs in
 * a signal handler; it returns 0, or -1 with errno set.
 * Returns the number of threads, or -1 with errno set: ETIMEDOUT where a thread does not answer.
 */
int each_thread(int (*act)(int argument), int argument);

#endif
