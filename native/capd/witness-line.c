#include "witness-line.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "utf8.h"

static const char SEND[] = ": tcp_send_reset: ";
static const char RECEIVE[] = ": tcp_receive_reset: ";

/* "name=value" of a line, up to the next blank; null where it is missing. Ends the value in place. */
struct fields {
  const char *source;
  const char *destination;
  const char *source_port;
  const char *destination_port;
  const char *source_v4, *destination_v4, *source_v6, *destination_v6;
  const char *family;
  const char *state;
  const char *reason;
};

static void take_field(struct fields *fields, const char *name, const char *value) {
  const struct {
    const char *name;
    const char **field;
  } known[] = {
      {"src", &fields->source},           {"dest", &fields->destination},
      {"sport", &fields->source_port},    {"dport", &fields->destination_port},
      {"saddr", &fields->source_v4},      {"daddr", &fields->destination_v4},
      {"saddrv6", &fields->source_v6},    {"daddrv6", &fields->destination_v6},
      {"family", &fields->family},        {"state", &fields->state},
      {"reason", &fields->reason},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i].name) == 0) *known[i].field = value;
}

static struct fields split_fields(char *text) {
  struct fields fields = {0};
  char *rest = NULL;
  for (char *part = strtok_r(text, " \n", &rest); part != NULL; part = strtok_r(NULL, " \n", &rest)) {
    char *equals = strchr(part, '=');
    if (equals == NULL) continue;
    *equals = '\0';
    take_field(&fields, part, equals + 1);
  }
  return fields;
}

static bool parse_decimal(const char *text, uint64_t max, uint64_t *value) {
  if (text == NULL || !isdigit((unsigned char)text[0])) return false;
  char *end = NULL;
  errno = 0;
  *value = strtoull(text, &end, 10);
  return errno == 0 && *end == '\0' && *value <= max;
}

/* Answers the family, 4 or 6, or 0 for no address. A socket of IPv6 that speaks IPv4 prints mapped addresses. */
static uint8_t parse_address(const char *text, uint8_t address[16]) {
  static const uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  memset(address, 0, 16);
  if (text == NULL) return 0;
  if (inet_pton(AF_INET, text, address) == 1) return 4;
  if (inet_pton(AF_INET6, text, address) != 1) return 0;
  if (memcmp(address, MAPPED, sizeof MAPPED) != 0) return 6;
  memmove(address, address + sizeof MAPPED, 4);
  memset(address + 4, 0, 12);
  return 4;
}

/* "10.0.0.1:80" or "[fd00::1]:80". */
static uint8_t parse_endpoint(const char *text, struct witness_endpoint *endpoint) {
  char copy[INET6_ADDRSTRLEN + sizeof "[]:65535"];
  if (text == NULL || strlen(text) >= sizeof copy) return 0;
  strcpy(copy, text);
  char *colon = strrchr(copy, ':');
  if (colon == NULL) return 0;
  uint64_t port = 0;
  if (!parse_decimal(colon + 1, UINT16_MAX, &port)) return 0;
  endpoint->port = (uint16_t)port;
  *colon = '\0';
  char *address = copy;
  const size_t length = strlen(copy);
  if (copy[0] == '[' && length >= 2 && copy[length - 1] == ']') {
    copy[length - 1] = '\0';
    address++;
  }
  return parse_address(address, endpoint->address);
}

/* Kernels before 6.10 print both events like this, all kernels tcp_receive_reset. */
static uint8_t parse_split_endpoint(const struct fields *fields, const char *port, const char *v4, const char *v6,
                                    struct witness_endpoint *endpoint) {
  uint64_t number = 0;
  if (!parse_decimal(port, UINT16_MAX, &number)) return 0;
  endpoint->port = (uint16_t)number;
  const bool is_v6 = fields->family != NULL && strcmp(fields->family, "AF_INET6") == 0;
  return parse_address(is_v6 ? v6 : v4, endpoint->address);
}

static uint8_t tcp_state(const char *name) {
  static const char *const NAMES[] = {
      [1] = "TCP_ESTABLISHED", [2] = "TCP_SYN_SENT",  [3] = "TCP_SYN_RECV",   [4] = "TCP_FIN_WAIT1",
      [5] = "TCP_FIN_WAIT2",   [6] = "TCP_TIME_WAIT", [7] = "TCP_CLOSE",      [8] = "TCP_CLOSE_WAIT",
      [9] = "TCP_LAST_ACK",    [10] = "TCP_LISTEN",   [11] = "TCP_CLOSING",   [12] = "TCP_NEW_SYN_RECV",
  };
  for (uint8_t i = 1; name != NULL && i < sizeof NAMES / sizeof *NAMES; i++)
    if (strcmp(name, NAMES[i]) == 0) return i;
  return 0;
}

static void copy_text(char *to, size_t capacity, const char *from) {
  size_t used = 0;
  size_t left = strlen(from);
  while (left > 0) {
    const size_t length = utf8_length(from, left);
    const size_t step = length == 0 ? 1 : length;
    const bool is_plain = length > 0 && (unsigned char)*from >= 0x20;
    if (used + step >= capacity) break;
    if (is_plain) memcpy(to + used, from, step);
    else memset(to + used, '?', step);
    used += step;
    from += step;
    left -= step;
  }
  to[used] = '\0';
}

/* Seconds and their fraction, of up to nine digits. */
static bool parse_time(const char *text, uint64_t *time_ns) {
  const char *point = strchr(text, '.');
  char seconds[24];
  if (point == NULL || (size_t)(point - text) >= sizeof seconds) return false;
  memcpy(seconds, text, (size_t)(point - text));
  seconds[point - text] = '\0';
  uint64_t whole = 0;
  uint64_t fraction = 0;
  const size_t digits = strlen(point + 1);
  /* More seconds than this do not fit 64 bits of nanoseconds. */
  if (digits > 9 || !parse_decimal(seconds, UINT32_MAX, &whole) || !parse_decimal(point + 1, UINT32_MAX, &fraction))
    return false;
  for (size_t i = digits; i < 9; i++) fraction *= 10;
  *time_ns = whole * 1000000000u + fraction;
  return true;
}

static void trim_end(char *text) {
  size_t end = strlen(text);
  while (end > 0 && text[end - 1] == ' ') end--;
  text[end] = '\0';
}

/* Cuts the last word off `text`; null when there is none. */
static char *cut_last_word(char *text) {
  trim_end(text);
  char *blank = strrchr(text, ' ');
  if (blank == NULL) return NULL;
  *blank = '\0';
  return blank + 1;
}

/*
 * Whether the columns of flags ("irqs off, must be rescheduled, hard or soft interrupt, …") say that the process
 * acted itself. With bottom halves off ('b', or 'D' together with interrupts off) it may be handing a packet of
 * others to the stack, as tunnels and threaded NAPI do; then no process is named.
 */
static bool is_own_act(const char *flags) {
  return strlen(flags) >= 3 && flags[0] != 'b' && flags[0] != 'D' && flags[2] == '.';
}

/*
 * "(   812)", the process of the thread, or "(-------)" where the kernel does not know it. Cuts it off; 0 where there is none.
 * Without it a line ends with the digits of the thread.
 */
static uint32_t cut_process(char *text) {
  const size_t length = strlen(text);
  char *open = strrchr(text, '(');
  if (length == 0 || text[length - 1] != ')' || open == NULL) return 0;
  text[length - 1] = '\0';
  uint64_t process = 0;
  const bool is_known = parse_decimal(open + 1 + strspn(open + 1, " "), INT32_MAX, &process);
  *open = '\0';
  return is_known ? (uint32_t)process : 0;
}

/* "   comm-thread  (process) [cpu] flags seconds", from its end on: a comm may hold anything. */
static bool parse_head(char *head, struct witness_event *event, bool tells_bottom_halves) {
  const char *time = cut_last_word(head);
  const char *flags = time == NULL ? NULL : cut_last_word(head);
  const char *cpu = flags == NULL ? NULL : cut_last_word(head);
  if (cpu == NULL || cpu[0] != '[' || !parse_time(time, &event->time_ns)) return false;
  if (!tells_bottom_halves || !is_own_act(flags)) return true;
  trim_end(head);
  const uint32_t process = cut_process(head);
  trim_end(head);
  char *dash = strrchr(head, '-');
  uint64_t thread = 0;
  if (dash == NULL || !parse_decimal(dash + 1, INT32_MAX, &thread)) return true;
  *dash = '\0';
  while (*head == ' ') head++;
  event->is_process_context = true;
  event->pid = process != 0 ? process : (uint32_t)thread;
  /* What the kernel prints for a name that it forgot. */
  if (strcmp(head, "<...>") != 0) copy_text(event->comm, sizeof event->comm, head);
  return true;
}

/* "CPU:1 [LOST 12 EVENTS]", or without a number. */
static bool parse_loss(const char *line, uint64_t *loss) {
  static const char LOST[] = " [LOST ";
  const char *at = strstr(line, LOST);
  if (strncmp(line, "CPU:", 4) != 0 || at == NULL) return false;
  const unsigned long long count = strtoull(at + strlen(LOST), NULL, 10);
  *loss = count == 0 ? 1 : count;
  return true;
}

bool witness_line_parse(char *line, int64_t clock_offset_ns, struct witness_event *event, uint64_t *loss) {
  *event = (struct witness_event){0};
  *loss = 0;
  if (parse_loss(line, loss)) return true;
  char *at = strstr(line, SEND);
  const bool is_send = at != NULL;
  if (!is_send) at = strstr(line, RECEIVE);
  if (at == NULL) return false;
  *at = '\0';
  const struct fields fields = split_fields(at + strlen(is_send ? SEND : RECEIVE));
  event->kind = is_send ? WITNESS_SEND_RESET : WITNESS_RECEIVE_RESET;
  /* The kernels that print a reason are also those whose flags tell of bottom halves. */
  if (!parse_head(line, event, is_send && fields.reason != NULL)) return false;
  event->time_ns += (uint64_t)clock_offset_ns;
  const bool is_joined = fields.source != NULL;
  const uint8_t local = is_joined ? parse_endpoint(fields.source, &event->local)
                                  : parse_split_endpoint(&fields, fields.source_port, fields.source_v4,
                                                         fields.source_v6, &event->local);
  const uint8_t remote = is_joined ? parse_endpoint(fields.destination, &event->remote)
                                   : parse_split_endpoint(&fields, fields.destination_port, fields.destination_v4,
                                                          fields.destination_v6, &event->remote);
  if (local == 0 || local != remote) return false;
  event->family = local;
  event->tcp_state = tcp_state(fields.state);
  if (fields.reason != NULL) copy_text(event->reason, sizeof event->reason, fields.reason);
  return true;
}
