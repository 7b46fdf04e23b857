/* The one way to end with an error. */
#ifndef CAPD_FAIL_H
#define CAPD_FAIL_H

#include "exit-codes.h"

/* Writes "resetscope-capd: <word>: <message>" as one line to standard error and ends the process. */
_Noreturn void fail(enum exit_code code, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
