#include "packet.h"
#include <string.h>

static uint16_t get16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }
static void put16(uint8_t *p, uint16_t v) { p[0] = (uint8_t)(v >> 8); p[1] = (uint8_t)v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, (uint16_t)(v >> 16)); put16(p + 2, (uint16_t)v); }

int parse_segment(const uint8_t *frame, size_t length, struct segment *out) {
  if (length < 14 + 40) return 0;
  const uint8_t *ip = frame + 14, *end;
  const uint8_t *tcp;
  if (get16(frame + 12) == 0x0800) {
    if ((ip[0] >> 4) != 4 || ip[9] != 6 || (get16(ip + 6) & 0x3fff)) return 0;
    tcp = ip + (ip[0] & 15) * 4;
    end = ip + get16(ip + 2);
    out->v6 = 0;
    out->src = ip + 12;
    out->dst = ip + 16;
    out->ttl = ip[8];
    out->tos = ip[1];
    out->id = get16(ip + 4);
  } else if (get16(frame + 12) == 0x86dd) {
    if (length < 14 + 60 || ip[6] != 6) return 0;
    tcp = ip + 40;
    end = ip + 40 + get16(ip + 4);
    out->v6 = 1;
    out->src = ip + 8;
    out->dst = ip + 24;
    out->ttl = ip[7];
    out->tos = (uint8_t)(ip[0] << 4 | ip[1] >> 4);
    out->id = 0;
  } else {
    return 0;
  }
  if (end > frame + length || tcp + 20 > end || tcp + (tcp[12] >> 4) * 4 > end) return 0;
  out->sport = get16(tcp);
  out->dport = get16(tcp + 2);
  out->seq = get32(tcp + 4);
  out->ack = get32(tcp + 8);
  out->flags = tcp[13];
  out->window = get16(tcp + 14);
  out->payload = tcp + (tcp[12] >> 4) * 4;
  out->length = (uint32_t)(end - out->payload);
  out->span = out->length + ((out->flags & SYN) ? 1 : 0) + ((out->flags & FIN) ? 1 : 0);
  return 1;
}

static uint32_t sum16(uint32_t sum, const uint8_t *p, size_t n) {
  for (size_t i = 0; i + 1 < n; i += 2) sum += get16(p + i);
  if (n & 1) sum += (uint32_t)p[n - 1] << 8;
  return sum;
}

static uint16_t fold(uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

size_t build_reset(const struct reset *r, uint8_t *frame) {
  size_t head = r->v6 ? 40 : 20, segment = 20 + r->length;
  uint8_t *ip = frame + 14, *tcp = ip + head;
  memcpy(frame, r->eth, 12);
  put16(frame + 12, r->v6 ? 0x86dd : 0x0800);
  memset(ip, 0, head + segment);
  if (r->v6) {
    ip[0] = (uint8_t)(0x60 | r->tos >> 4);
    ip[1] = (uint8_t)(r->tos << 4);
    put16(ip + 4, (uint16_t)segment);
    ip[6] = 6;
    ip[7] = r->ttl;
    memcpy(ip + 8, r->src, 16);
    memcpy(ip + 24, r->dst, 16);
  } else {
    ip[0] = 0x45;
    ip[1] = r->tos;
    put16(ip + 2, (uint16_t)(20 + segment));
    put16(ip + 4, r->id);
    put16(ip + 6, r->df ? 0x4000 : 0);
    ip[8] = r->ttl;
    ip[9] = 6;
    memcpy(ip + 12, r->src, 4);
    memcpy(ip + 16, r->dst, 4);
    put16(ip + 10, fold(sum16(0, ip, 20)));
  }
  put16(tcp, r->sport);
  put16(tcp + 2, r->dport);
  put32(tcp + 4, r->seq);
  put32(tcp + 8, r->ack);
  tcp[12] = 5 << 4;
  tcp[13] = r->flags;
  put16(tcp + 14, r->window);
  if (r->length) memcpy(tcp + 20, r->payload, r->length);
  uint32_t pseudo = 6 + (uint32_t)segment;
  pseudo = r->v6 ? sum16(pseudo, ip + 8, 32) : sum16(pseudo, ip + 12, 8);
  put16(tcp + 16, fold(sum16(pseudo, tcp, segment)));
  return 14 + head + segment;
}
