/* The command `capture`. */
#ifndef CAPD_CAPTURE_H
#define CAPD_CAPTURE_H

#include "options.h"

/* Captures, to standard output or to files of a folder, until it is told to end. Ends the process on every error. */
void capture(const struct options *options);

#endif
