/* Enough JSON to print the list of interfaces. */
#ifndef CAPD_JSON_H
#define CAPD_JSON_H

#include <stdio.h>

/* Prints text in quotes with everything escaped that must be; null when there is none. Bytes that are no UTF-8 become
   U+FFFD. */
void json_string(FILE *out, const char *text);

#endif
