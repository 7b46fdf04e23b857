/* A TCP segment inside an Ethernet frame, as the wire sees it: where its fields are, and how to make a reset of it. */
#ifndef PACKET_H
#define PACKET_H
#include <stddef.h>
#include <stdint.h>

struct segment {
  int v6;
  const uint8_t *src, *dst; /* 4 or 16 bytes, in the frame */
  uint16_t sport, dport;
  uint32_t seq, ack;
  uint8_t flags, ttl, tos;
  uint16_t window, id;
  const uint8_t *payload;
  uint32_t length; /* payload bytes */
  uint32_t span;   /* payload plus SYN and FIN: what it adds to the sequence number */
};

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

/* What one injected reset carries. Addresses and ports are those of the pretended sender and its victim. */
struct reset {
  const uint8_t *eth; /* 12 bytes: destination MAC, source MAC */
  int v6;
  const uint8_t *src, *dst;
  uint16_t sport, dport;
  uint32_t seq, ack;
  uint8_t flags, ttl, tos, df;
  uint16_t window, id;
  const uint8_t *payload;
  uint32_t length;
};

/* 1 if `frame` holds a TCP segment (no IPv6 extension headers, no fragments), with `out` filled in. */
int parse_segment(const uint8_t *frame, size_t length, struct segment *out);

/* Writes the whole frame, checksums included; returns its length. `frame` has room for 1600 bytes. */
size_t build_reset(const struct reset *r, uint8_t *frame);

#endif
