/* What system calls the process may still make (seccomp on Linux; nothing elsewhere). */
#ifndef CAPD_SANDBOX_H
#define CAPD_SANDBOX_H

/* No sockets, no other programs, no other processes: while a filter is compiled. A host name is then not found. */
void sandbox_without_network(void);

/* Only what the capture loop does. Adds to what was forbidden before. */
void sandbox_capture_only(void);

/* Only what the janitor of the witness does. */
void sandbox_janitor_only(void);

#endif
