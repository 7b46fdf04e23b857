#ifdef __linux__

#include "packet-socket.h"

#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>

uint32_t packet_socket_flags(unsigned packet_type) {
  switch (packet_type) {
    case PACKET_HOST: return PACKET_INBOUND | PACKET_UNICAST;
    case PACKET_BROADCAST: return PACKET_INBOUND | PACKET_TO_BROADCAST;
    case PACKET_MULTICAST: return PACKET_INBOUND | PACKET_TO_MULTICAST;
    case PACKET_OTHERHOST: return PACKET_INBOUND | PACKET_PROMISCUOUS;
    case PACKET_OUTGOING: return PACKET_OUTBOUND;
    default: return 0;
  }
}

void packet_socket_statistics(int fd, struct source_statistics *statistics) {
  /* Version 3 has one counter more; a ring of another version fills less of it. */
  struct tpacket_stats_v3 counts;
  memset(&counts, 0, sizeof counts);
  socklen_t length = sizeof counts;
  if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &counts, &length) != 0) return;
  statistics->received += counts.tp_packets;
  statistics->dropped_by_kernel += counts.tp_drops;
}

#else
typedef int this_file_is_about_linux;
#endif
