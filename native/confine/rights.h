/* Rights of root. */
#ifndef RIGHTS_H
#define RIGHTS_H

/*
 * Takes them from the calling thread, but for reading what the user may read; a signal handler may. With them root could
 * look into other processes in spite of Landlock. Returns 0 or -1 with errno set.
 */
int rights_drop(void);

#endif
