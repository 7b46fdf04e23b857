/* A trace instance of our own in the kernel's tracefs. */
#ifndef CAPD_TRACEFS_H
#define CAPD_TRACEFS_H

#include <stddef.h>

struct tracefs_instance {
  /* The folder of all instances. */
  int instances;
  char name[32];
  /* Its trace_pipe, which does not block. */
  int pipe;
};

/* Makes an instance, which needs privileges, and removes those that dead processes of this program left. False with the
   reason in `why`. */
int tracefs_open(struct tracefs_instance *instance, char *why, size_t capacity);

#endif
