/* Makes an event of one line of a trace. The kernel prints it, but names of processes in it may be anything. */
#ifndef CAPD_WITNESS_LINE_H
#define CAPD_WITNESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "witness-event.h"

/*
 * False when the line is no event of ours. `clock_offset_ns`: what makes the trace's clock that of the wall. `loss` is
 * set instead of `event` for a line that says how many events were lost: its number, at least 1.
 */
bool witness_line_parse(char *line, int64_t clock_offset_ns, struct witness_event *event, uint64_t *loss);

#endif
