#include "renumber.h"
#include "packet.h"
#include <stdio.h>
#include <string.h>

static int at = -1, moves_client, moves_server;
static uint32_t secret;

static uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }
static void put16(uint8_t *p, uint16_t v) { p[0] = (uint8_t)(v >> 8); p[1] = (uint8_t)v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, (uint16_t)(v >> 16)); put16(p + 2, (uint16_t)v); }

int renumber_configure(const char *text) {
  return sscanf(text, "renumber %d %u %d %d", &at, &secret, &moves_client, &moves_server) == 4;
}

/* FNV-1a over the secret, the side and both ports: the lab's truth computes the same (renumbering.ts). */
static uint32_t shift(int side, uint16_t client_port, uint16_t server_port) {
  uint8_t bytes[9];
  uint32_t hash = 2166136261u;
  if (!(side ? moves_server : moves_client)) return 0;
  put32(bytes, secret);
  bytes[4] = (uint8_t)side;
  put16(bytes + 5, client_port);
  put16(bytes + 7, server_port);
  for (size_t i = 0; i < sizeof bytes; i++) hash = (hash ^ bytes[i]) * 16777619u;
  return hash;
}

/* Adds to a number and sets the checksum right for it (RFC 1624); a number may start at an odd byte of an option.
   `start`: of what the checksum is about. */
static void move(const uint8_t *start, uint8_t *checksum, uint8_t *field, uint32_t by) {
  uint32_t value = get32(field), moved = value + by;
  uint16_t old[2] = {(uint16_t)(value >> 16), (uint16_t)value};
  uint16_t new[2] = {(uint16_t)(moved >> 16), (uint16_t)moved};
  uint32_t sum = (uint16_t)~get16(checksum);
  for (int i = 0; i < 2; i++) {
    if ((field - start) & 1) {
      old[i] = (uint16_t)(old[i] << 8 | old[i] >> 8);
      new[i] = (uint16_t)(new[i] << 8 | new[i] >> 8);
    }
    sum += (uint16_t)~old[i];
    sum += new[i];
  }
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  put16(checksum, (uint16_t)~sum);
  put32(field, moved);
}

/* What an IP packet carries that is whole or the first fragment; NULL for anything else. */
static uint8_t *find_body(uint8_t *ip, const uint8_t *end, int *protocol) {
  uint8_t *body = NULL;
  if (ip + 20 <= end && ip[0] >> 4 == 4) {
    if (get16(ip + 6) & 0x1fff) return NULL;
    *protocol = ip[9];
    body = ip + (ip[0] & 15) * 4;
  } else if (ip + 40 <= end && ip[0] >> 4 == 6) {
    *protocol = ip[6];
    body = ip + 40;
    while ((*protocol == 0 || *protocol == 43 || *protocol == 60) && body + 8 <= end) {
      *protocol = body[0];
      body += (body[1] + 1) * 8;
    }
  }
  return body && body + 8 <= end ? body : NULL;
}

static void move_segment(uint8_t *tcp, const uint8_t *end, int to_server) {
  uint16_t from = get16(tcp), to = get16(tcp + 2);
  uint32_t of_client = shift(0, to_server ? from : to, to_server ? to : from);
  uint32_t of_server = shift(1, to_server ? from : to, to_server ? to : from);
  /* Towards the server the client's numbers grow by its constant, towards the client the server's by the other one. */
  uint32_t seq_by = to_server ? of_client : of_server;
  uint32_t ack_by = to_server ? 0 - of_server : 0 - of_client;
  if (tcp + 20 > end || tcp + (tcp[12] >> 4) * 4 > end) return;
  int flags = tcp[13];
  /* Who answers a segment of no connection has no number of its own. */
  if (!((flags & RST) && get32(tcp + 4) == 0)) move(tcp, tcp + 16, tcp + 4, seq_by);
  if (flags & ACK) move(tcp, tcp + 16, tcp + 8, ack_by);
  uint8_t *options_end = tcp + (tcp[12] >> 4) * 4;
  for (uint8_t *option = tcp + 20; option < options_end && *option;) {
    if (*option == 1) {
      option++;
      continue;
    }
    if (option + 1 >= options_end || option[1] < 2 || option + option[1] > options_end) return;
    if (*option == 5) /* SACK (RFC 2018) */
      for (uint8_t *edge = option + 2; edge + 4 <= option + option[1]; edge += 4) move(tcp, tcp + 16, edge, ack_by);
    option += option[1];
  }
}

/* An error quotes a packet that passed here the other way: its receiver looks for the number that it sent. */
static void move_quoted(uint8_t *icmp, int is_v6, const uint8_t *end, int to_server) {
  int protocol, is_error = is_v6 ? icmp[0] >= 1 && icmp[0] <= 4 : icmp[0] == 3 || icmp[0] == 11;
  uint8_t *tcp = is_error ? find_body(icmp + 8, end, &protocol) : NULL;
  if (!tcp || protocol != 6) return;
  uint16_t from = get16(tcp), to = get16(tcp + 2);
  move(icmp, icmp + 2, tcp + 4, 0 - (to_server ? shift(1, to, from) : shift(0, from, to)));
}

void renumber_packet(int link, int to_server, uint8_t *frame, size_t length) {
  int protocol;
  uint16_t type = get16(frame + 12);
  if (link != at || length < 14 + 28 || (type != 0x0800 && type != 0x86dd)) return;
  uint8_t *body = find_body(frame + 14, frame + length, &protocol);
  if (!body) return;
  if (protocol == 6) move_segment(body, frame + length, to_server);
  if (protocol == 1 || protocol == 58) move_quoted(body, protocol == 58, frame + length, to_server);
}
