/* What the process gives up: what no command needs at once, the rest once the interface is open. README.md has the order. */
#ifndef CAPD_PRIVILEGES_H
#define CAPD_PRIVILEGES_H

#include <stdbool.h>

/*
 * The first step: gives up every capability that no command needs, the right to regain any by exec or by being root, and
 * being looked into by others of the same user. Those of the witness are kept by root and by the copy of this
 * program that is made for it (WITNESS_COPY) alone, whatever capabilities the file has.
 */
void privileges_begin(void);

/* The capabilities of the witness go, too. */
void privileges_forgo_witness(void);

/* Whether this process may ask the kernel witness: it is root's, or the copy that is made for it. */
bool privileges_may_witness(void);

/* What the file of that copy is called. */
#define WITNESS_COPY "resetscope-capd-witness"

/*
 * Gives up the foreign user id of a set-uid program, all capabilities, core dumps and new processes. Ends the process when
 * that does not work.
 */
void privileges_drop(void);

/* As privileges_drop() for the janitor of the witness, which removes a directory of root: keeps what that needs. */
void privileges_drop_but_files(void);

#endif
