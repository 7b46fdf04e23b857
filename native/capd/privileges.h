/* What the process gives up once the interface is open. */
#ifndef CAPD_PRIVILEGES_H
#define CAPD_PRIVILEGES_H

#include <stdbool.h>

/* Makes sure that 0, 1 and 2 are open, so that no socket ever takes their place. */
void privileges_hold_standard_streams(void);

/*
 * Gives up the foreign user id of a set-uid program, all capabilities, the right to regain any by exec, core dumps and
 * being looked into by others of the same user, and new processes. Ends the process when that does not work.
 */
void privileges_drop(void);

/* As privileges_drop() for the janitor of the witness, which removes a directory of root: keeps what that needs. */
void privileges_drop_but_files(void);

#endif
