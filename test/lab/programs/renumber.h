/* A device that moves the numbers of every connection by constants of its own, as firewalls do that choose sequence numbers anew. */
#ifndef RENUMBER_H
#define RENUMBER_H
#include <stddef.h>
#include <stdint.h>

/* "renumber LINK SECRET CLIENT SERVER": it sits at the server's end of the link; whose numbers it moves, as 0 or 1.
   Returns 0 if that cannot be read. */
int renumber_configure(const char *text);

/* A frame that passes it on `link`, towards the server (1) or the client (0); changed in place. */
void renumber_packet(int link, int to_server, uint8_t *frame, size_t length);

#endif
