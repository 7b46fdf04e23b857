/* The command `list`. */
#ifndef CAPD_LIST_H
#define CAPD_LIST_H

/* Prints the interfaces as one JSON document. */
void list_interfaces(void);

#endif
