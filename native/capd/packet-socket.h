/* What both sources know about the packet sockets of Linux (packet(7)). */
#ifndef CAPD_PACKET_SOCKET_H
#define CAPD_PACKET_SOCKET_H

#include "source.h"

/* The enum packet_flags for a PACKET_* type of packet(7). */
uint32_t packet_socket_flags(unsigned packet_type);

/* Adds what was counted since the last call, for the kernel forgets it. */
void packet_socket_statistics(int fd, struct source_statistics *statistics);

#endif
