/* Standard output, not blocking while we write to it. */
#ifndef CAPD_OUTPUT_H
#define CAPD_OUTPUT_H

/* Ends the process when it is a terminal, which would be driven by what packets hold. */
void output_open(void);

/* Lets standard output block again if it did before: other processes may share it. */
void output_restore(void);

#endif
