#ifndef FAILURE_H
#define FAILURE_H

/* "WHAT: reason of errno", in a buffer that lasts until the next one. Confining happens once, in one thread. */
const char *failure(const char *what);

#endif
