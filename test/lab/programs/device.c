#define _GNU_SOURCE
#include "device.h"
#include "rule.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_RULES = 256, MAX_FLOWS = 4096 };

/* What was last seen of one direction of a flow. */
struct half {
  int seen;
  uint8_t eth[12];
  uint32_t next, ack;
  uint8_t ttl, tos;
  uint16_t id, window;
};

struct flow {
  int rule, v6;
  uint8_t client[16], server[16];
  uint16_t client_port, server_port;
  struct half half[2]; /* 0: from the client */
  uint64_t last_ns;
  int established, acted, closed;
};

static struct rule rules[MAX_RULES];
static int rule_count;
static struct flow flows[MAX_FLOWS];
static int flow_count;

int device_add_rule(char *text) {
  if (rule_count == MAX_RULES || !parse_rule(text, &rules[rule_count])) return 0;
  rule_count++;
  return 1;
}

static struct flow *find_flow(int rule, int from_server, const struct segment *s) {
  size_t n = s->v6 ? 16 : 4;
  const uint8_t *client = from_server ? s->dst : s->src, *server = from_server ? s->src : s->dst;
  uint16_t port = from_server ? s->dport : s->sport;
  for (int i = flow_count - 1; i >= 0; i--) {
    struct flow *f = &flows[i];
    if (f->rule == rule && f->client_port == port && f->v6 == s->v6 && !memcmp(f->client, client, n) &&
        !memcmp(f->server, server, n)) {
      /* A new connection with old ports starts a new life. */
      if (!from_server && (s->flags & (SYN | ACK)) == SYN && f->half[0].next != s->seq + 1) break;
      return f;
    }
  }
  if (flow_count == MAX_FLOWS) return NULL;
  struct flow *f = &flows[flow_count++];
  memset(f, 0, sizeof *f);
  f->rule = rule;
  f->v6 = s->v6;
  memcpy(f->client, client, n);
  memcpy(f->server, server, n);
  f->client_port = port;
  f->server_port = rules[rule].port;
  return f;
}

static uint32_t field_value(const struct field *f, uint32_t copied, uint32_t trigger, int i) {
  switch (f->source) {
  case FIELD_COPY: return copied;
  case FIELD_TRIGGER: return trigger;
  case FIELD_RANDOM: return (uint32_t)rand();
  case FIELD_NEXT: return copied + 1 + (uint32_t)i;
  case FIELD_RISING: return f->value + (uint32_t)i;
  default: return f->value;
  }
}

/* A burst that pretends to come from half `from`; `seq` and `ack` are right for that sender at this moment. */
static void burst(const struct rule *r, const struct flow *f, int from, uint32_t seq, uint32_t ack, int with_ack,
                  const struct half *trigger, uint64_t now_ns) {
  const struct half *pretended = &f->half[from], *other = &f->half[1 - from];
  struct reset reset = {0};
  uint8_t eth[12], frame[1600];
  if (pretended->seen) memcpy(eth, pretended->eth, 12);
  else { /* the pretended sender has not spoken yet: the way back of what was seen */
    memcpy(eth, other->eth + 6, 6);
    memcpy(eth + 6, other->eth, 6);
  }
  reset.eth = eth;
  reset.v6 = f->v6;
  reset.src = from ? f->server : f->client;
  reset.dst = from ? f->client : f->server;
  reset.sport = from ? f->server_port : f->client_port;
  reset.dport = from ? f->client_port : f->server_port;
  reset.df = (uint8_t)r->df;
  reset.tos = (uint8_t)r->tos;
  reset.payload = r->payload;
  reset.length = r->payload_length;
  for (int i = 0; i < r->count; i++) {
    int flags = r->flags ? r->flags : (i & 1) ? (RST | ACK) : RST;
    if (with_ack) flags = RST | ACK;
    reset.flags = (uint8_t)flags;
    reset.seq = seq + r->offset + (uint32_t)i * r->step;
    reset.ack = (flags & ACK) ? ack : 0;
    /* A sender that has not spoken yet has no TTL to copy: the trigger's stands in. */
    reset.ttl = (uint8_t)field_value(&r->ttl, pretended->seen ? pretended->ttl : trigger->ttl, trigger->ttl, i);
    if (reset.ttl < 8) reset.ttl = (uint8_t)(reset.ttl + 32);
    reset.id = (uint16_t)field_value(&r->id, pretended->id, trigger->id, i);
    reset.window = (uint16_t)field_value(&r->window, pretended->window, trigger->window, i);
    size_t length = build_reset(&reset, frame);
    wire_inject(r->link, from ? 0 : 1, frame, length, now_ns + (r->delay_us + (uint64_t)i * r->gap_us) * 1000);
  }
}

static void act(const struct rule *r, struct flow *f, int from, const struct segment *s, uint64_t now_ns) {
  const struct half *trigger = &f->half[from];
  /* Towards the trigger's sender: what its peer would answer. */
  int back = from == 0 ? r->to_client : r->to_server;
  int onward = from == 0 ? r->to_server : r->to_client;
  int bare_syn = (s->flags & (SYN | ACK)) == SYN;
  if (back) burst(r, f, 1 - from, bare_syn ? 0 : s->ack, s->seq + s->span, bare_syn, trigger, now_ns);
  /* Towards its receiver: just after the trigger, or in its place when it was dropped. */
  uint32_t seq = r->suricata || r->drop ? s->seq : s->seq + s->span;
  if (onward) burst(r, f, from, seq, s->ack, 0, trigger, now_ns);
  f->acted = 1;
}

static int triggers(const struct rule *r, const struct flow *f, int from, const struct segment *s, uint64_t idle_ns) {
  switch (r->on) {
  case ON_SYN: return from == 0 && (s->flags & (SYN | ACK)) == SYN;
  case ON_SYNACK: return from == 1 && (s->flags & (SYN | ACK)) == (SYN | ACK);
  case ON_ESTABLISHED: return from == 0 && !(s->flags & SYN) && !s->length && !f->established;
  case ON_DATA: return from == 0 && s->length > 0;
  case ON_KEYWORD: return s->length && memmem(s->payload, s->length, r->keyword, strlen(r->keyword)) != NULL;
  case ON_LATE: return f->established && idle_ns >= (uint64_t)r->idle_ms * 1000000;
  default: return 0;
  }
}

static void remember(struct flow *f, int from, const struct segment *s, const uint8_t *frame, uint64_t now_ns) {
  struct half *h = &f->half[from];
  memcpy(h->eth, frame, 12);
  uint32_t end = s->seq + s->span;
  if (!h->seen || (int32_t)(end - h->next) > 0) h->next = end;
  h->seen = 1;
  if (s->flags & ACK) h->ack = s->ack;
  h->ttl = s->ttl;
  h->tos = s->tos;
  h->id = s->id;
  h->window = s->window;
  f->last_ns = now_ns;
  if (s->flags & (FIN | RST)) f->closed = 1;
}

int device_packet(int link, int side, const uint8_t *frame, size_t length, uint64_t now_ns) {
  struct segment s;
  if (!rule_count || !parse_segment(frame, length, &s)) return 1;
  int pass = 1;
  for (int i = 0; i < rule_count; i++) {
    const struct rule *r = &rules[i];
    if (r->link != link || (side == 0 ? s.dport : s.sport) != r->port) continue;
    struct flow *f = find_flow(i, side, &s);
    if (!f) continue;
    uint64_t idle_ns = f->last_ns ? now_ns - f->last_ns : 0;
    int hit = !(s.flags & RST) && (r->repeat || !f->acted) && triggers(r, f, side, &s, idle_ns);
    remember(f, side, &s, frame, now_ns);
    if (hit) act(r, f, side, &s, now_ns);
    if (side == 0 && !(s.flags & SYN)) f->established = 1;
    if ((hit && r->drop) || (f->acted && r->sticky)) pass = 0;
  }
  return pass;
}

void device_tick(uint64_t now_ns) {
  for (int i = 0; i < flow_count; i++) {
    struct flow *f = &flows[i];
    const struct rule *r = &rules[f->rule];
    if (r->on != ON_IDLE || f->acted || f->closed || !f->established) continue;
    if (now_ns - f->last_ns < (uint64_t)r->idle_ms * 1000000) continue;
    if (r->to_client) burst(r, f, 1, f->half[1].next, f->half[0].next, 0, &f->half[0], now_ns);
    if (r->to_server) burst(r, f, 0, f->half[0].next, f->half[1].next, 0, &f->half[1], now_ns);
    f->acted = 1;
  }
}
