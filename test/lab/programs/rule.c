#include "rule.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int parse_field(const char *text, struct field *out) {
  static const struct { const char *name; enum source source; } names[] = {
    {"copy", FIELD_COPY}, {"trigger", FIELD_TRIGGER}, {"random", FIELD_RANDOM}, {"next", FIELD_NEXT}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(text, names[i].name)) {
      out->source = names[i].source;
      return 1;
    }
  out->source = FIELD_VALUE;
  if (!strncmp(text, "rising:", 7)) {
    out->source = FIELD_RISING;
    text += 7;
  }
  char *end;
  out->value = (uint32_t)strtoul(text, &end, 0);
  return end != text && !*end;
}

static int parse_trigger(const char *text, struct rule *out) {
  if (!strcmp(text, "syn")) out->on = ON_SYN;
  else if (!strcmp(text, "synack")) out->on = ON_SYNACK;
  else if (!strcmp(text, "established")) out->on = ON_ESTABLISHED;
  else if (!strcmp(text, "data")) out->on = ON_DATA;
  else if (!strncmp(text, "keyword:", 8)) {
    out->on = ON_KEYWORD;
    snprintf(out->keyword, sizeof out->keyword, "%s", text + 8);
  } else if (!strncmp(text, "idle:", 5)) {
    out->on = ON_IDLE;
    out->idle_ms = (uint32_t)atoi(text + 5);
  } else if (!strncmp(text, "late:", 5)) {
    out->on = ON_LATE;
    out->idle_ms = (uint32_t)atoi(text + 5);
  } else return 0;
  return 1;
}

static int parse_hex(const char *text, struct rule *out) {
  size_t n = strlen(text) / 2;
  if (strlen(text) % 2 || n > sizeof out->payload) return 0;
  for (size_t i = 0; i < n; i++) {
    unsigned byte;
    if (sscanf(text + 2 * i, "%2x", &byte) != 1) return 0;
    out->payload[i] = (uint8_t)byte;
  }
  out->payload_length = (uint32_t)n;
  return 1;
}

static int set(struct rule *r, const char *key, const char *value) {
  if (!strcmp(key, "on")) return parse_trigger(value, r);
  if (!strcmp(key, "ttl")) return parse_field(value, &r->ttl);
  if (!strcmp(key, "id")) return parse_field(value, &r->id);
  if (!strcmp(key, "window")) return parse_field(value, &r->window);
  if (!strcmp(key, "payload")) return parse_hex(value, r);
  if (!strcmp(key, "to")) {
    r->to_client = strcmp(value, "server") != 0;
    r->to_server = strcmp(value, "client") != 0;
    return !strcmp(value, "client") || !strcmp(value, "server") || !strcmp(value, "both");
  }
  if (!strcmp(key, "flags")) {
    r->flags = !strcmp(value, "r") ? RST : !strcmp(value, "ra") ? RST | ACK : 0;
    return r->flags || !strcmp(value, "each");
  }
  char *end;
  unsigned long n = strtoul(value, &end, 0);
  if (end == value || *end) return 0;
  if (!strcmp(key, "link")) r->link = (int)n;
  else if (!strcmp(key, "port")) r->port = (uint16_t)n;
  else if (!strcmp(key, "suricata")) r->suricata = (int)n;
  else if (!strcmp(key, "drop")) r->drop = (int)n;
  else if (!strcmp(key, "sticky")) r->sticky = (int)n;
  else if (!strcmp(key, "repeat")) r->repeat = (int)n;
  else if (!strcmp(key, "count")) r->count = (int)n;
  else if (!strcmp(key, "step")) r->step = (uint32_t)n;
  else if (!strcmp(key, "offset")) r->offset = (uint32_t)n;
  else if (!strcmp(key, "delay")) r->delay_us = (uint32_t)n;
  else if (!strcmp(key, "gap")) r->gap_us = (uint32_t)n;
  else if (!strcmp(key, "df")) r->df = (int)n;
  else if (!strcmp(key, "tos")) r->tos = (int)n;
  else return 0;
  return 1;
}

int parse_rule(char *text, struct rule *out) {
  memset(out, 0, sizeof *out);
  out->count = 1;
  out->to_client = out->to_server = 1;
  out->flags = RST | ACK;
  out->df = 1;
  out->ttl.value = 64;
  for (char *word = strtok(text, " \n"); word; word = strtok(NULL, " \n")) {
    char *equals = strchr(word, '=');
    if (!equals) {
      fprintf(stderr, "wire: '%s' is not key=value\n", word);
      return 0;
    }
    *equals = 0;
    if (!set(out, word, equals + 1)) {
      fprintf(stderr, "wire: cannot use %s=%s\n", word, equals + 1);
      return 0;
    }
  }
  return out->port != 0;
}
