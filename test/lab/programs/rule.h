/* What a device on the wire does to the flows of one port: when it acts and how its resets look. */
#ifndef RULE_H
#define RULE_H
#include "packet.h"

enum trigger { ON_SYN, ON_SYNACK, ON_ESTABLISHED, ON_DATA, ON_KEYWORD, ON_IDLE, ON_LATE };
/* Where a header value comes from. FIELD_COPY: the pretended sender's last packet. FIELD_TRIGGER: the packet that
   made the device act. FIELD_NEXT: last plus one. FIELD_RISING: the value plus one per reset of a burst. */
enum source { FIELD_VALUE, FIELD_COPY, FIELD_TRIGGER, FIELD_RANDOM, FIELD_NEXT, FIELD_RISING };

struct field {
  enum source source;
  uint32_t value;
};

struct rule {
  int link;
  uint16_t port;
  enum trigger on;
  char keyword[64];
  uint32_t idle_ms;
  int to_client, to_server;
  int flags;   /* RST, RST|ACK, or 0: one of each */
  int suricata; /* the reset towards the destination sits at the start of the offending segment */
  int drop;    /* the trigger does not pass */
  int sticky;  /* nothing of the flow passes after the trigger */
  int repeat;  /* acts on every trigger, not on the first alone */
  int count;
  uint32_t step, offset; /* sequence numbers of a burst: offset + i * step beyond the right one */
  uint32_t delay_us, gap_us;
  struct field ttl, id, window;
  int df, tos;
  uint8_t payload[128];
  uint32_t payload_length;
};

/* Parses "key=value key=value …"; returns 0 and prints what is wrong to stderr if it is not a rule. */
int parse_rule(char *text, struct rule *out);

#endif
