/*
 * What system calls the process may still make (seccomp, and Landlock for files, on Linux; nothing elsewhere).
 * `folder`: the descriptor of the directory that files of the capture may be made in; -1 for none.
 */
#ifndef CAPD_SANDBOX_H
#define CAPD_SANDBOX_H

/* No file is changed: while interfaces are listed. */
void sandbox_without_files(void);

/* No sockets, no other programs, no other processes, no file changed outside of the folder: while a filter is compiled. A
   host name is then not found. */
void sandbox_without_network(int folder);

/* Only what the capture loop does. Adds to what was forbidden before. */
void sandbox_capture_only(int folder);

/* Only what the janitor of the witness does: removing folders of `instances`. */
void sandbox_janitor_only(int instances);

#endif
