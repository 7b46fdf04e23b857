/* The devices that sit on the wire: they watch the flows their rules name and make resets. */
#ifndef DEVICE_H
#define DEVICE_H
#include <stddef.h>
#include <stdint.h>

/* A rule for new flows; returns 0 if it cannot be read or there is no room. */
int device_add_rule(char *text);

/* A frame that came in on `link` from the client's side (0) or the server's side (1). Returns 0 if it is not to pass. */
int device_packet(int link, int side, const uint8_t *frame, size_t length, uint64_t now_ns);

/* Acts on flows that have been idle for as long as their rule says. */
void device_tick(uint64_t now_ns);

/* Supplied by the wire: sends a frame the device made out of the client's (0) or the server's (1) side. */
void wire_inject(int link, int side, const uint8_t *frame, size_t length, uint64_t due_ns);

#endif
