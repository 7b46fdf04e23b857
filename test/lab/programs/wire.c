/* Carries Ethernet frames between pairs of interfaces with a delay, and lets the devices on it act.
 *
 *   wire --plain IF…                     turns off the offloads of veth interfaces and ends
 *   wire NAME:IFA:IFB:DELAY_US[:VLAN[:SIDE]]…   runs until stdin ends; IFA is nearer to the client;
 *                                        a VLAN tag is pushed onto what leaves SIDE (a or b)
 * stdin: "seed N", "rule …" (rule.h), "reorder PORT PERCENT EXTRA_US", "duplicate PORT PERCENT", "lose PORT LINK PER_MILLE",
 *   "renumber …" (renumber.h)
 * stdout: "ready", then "inject SECONDS.NANOSECONDS LINK SIDE HEX" for every frame a device made. */
#define _GNU_SOURCE
#include "device.h"
#include "packet.h"
#include "renumber.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LINKS = 16, QUEUE = 8192, FRAME = 2048, MAX_IMPAIRED = 64 };

struct link {
  char name[32];
  int fd[2];
  uint64_t delay_ns;
  int vlan, vlan_side;
};

struct pending {
  uint64_t due, order;
  int link, side, injected;
  size_t length;
  uint8_t *frame;
};

static struct link links[MAX_LINKS];
static int link_count;
static struct pending heap[QUEUE];
static size_t heap_size;
static uint64_t order;
static struct { uint16_t port; int reorder, duplicate, lose, link; uint64_t extra_ns; } impaired[MAX_IMPAIRED];
static int impaired_count;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int earlier(const struct pending *a, const struct pending *b) {
  return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void push(int link, int side, const uint8_t *frame, size_t length, uint64_t due, int injected) {
  if (heap_size == QUEUE || length > FRAME - 4) return;
  size_t i = heap_size++;
  struct pending p = {due, order++, link, side, injected, length, malloc(length)};
  memcpy(p.frame, frame, length);
  for (; i && earlier(&p, &heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
  heap[i] = p;
}

static struct pending pop(void) {
  struct pending top = heap[0], last = heap[--heap_size];
  size_t i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= heap_size) break;
    if (child + 1 < heap_size && earlier(&heap[child + 1], &heap[child])) child++;
    if (!earlier(&heap[child], &last)) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = last;
  return top;
}

void wire_inject(int link, int side, const uint8_t *frame, size_t length, uint64_t due) {
  /* The device sits in the middle of the wire: half the delay is left. */
  push(link, side, frame, length, due + links[link].delay_ns / 2, 1);
}

static void transmit(const struct pending *p) {
  const struct link *l = &links[p->link];
  uint8_t tagged[FRAME];
  const uint8_t *frame = p->frame;
  size_t length = p->length;
  if (p->injected) {
    uint64_t t = now();
    printf("inject %llu.%09llu %s %c ", (unsigned long long)(t / 1000000000u), (unsigned long long)(t % 1000000000u),
           l->name, p->side ? 'b' : 'a');
    for (size_t i = 14; i < p->length; i++) printf("%02x", p->frame[i]);
    printf("\n");
    fflush(stdout);
  }
  /* It sits at the server's end: devices on this link know the client's numbers. */
  if (p->side) renumber_packet(p->link, 1, p->frame, p->length);
  if (l->vlan && l->vlan_side == p->side) {
    memcpy(tagged, frame, 12);
    tagged[12] = 0x81;
    tagged[13] = 0;
    tagged[14] = (uint8_t)(l->vlan >> 8);
    tagged[15] = (uint8_t)l->vlan;
    memcpy(tagged + 16, frame + 12, length - 12);
    frame = tagged;
    length += 4;
  }
  if (send(l->fd[p->side], frame, length, 0) < 0 && errno != ENOBUFS && errno != ENETDOWN)
    fprintf(stderr, "wire: %s: %s\n", l->name, strerror(errno));
}

static void receive(int link, int side) {
  static uint8_t frame[65536];
  for (;;) {
    ssize_t n = recv(links[link].fd[side], frame, sizeof frame, MSG_DONTWAIT);
    if (n < 14) return;
    uint64_t t = now(), due = t + links[link].delay_ns;
    struct segment s;
    int twice = 0, lost = 0;
    if (side) renumber_packet(link, 0, frame, (size_t)n);
    if (impaired_count && parse_segment(frame, (size_t)n, &s))
      for (int i = 0; i < impaired_count; i++)
        if (impaired[i].port == s.sport || impaired[i].port == s.dport) {
          if (rand() % 100 < impaired[i].reorder) due += impaired[i].extra_ns;
          twice = rand() % 100 < impaired[i].duplicate;
          lost |= impaired[i].lose && impaired[i].link == link && rand() % 1000 < impaired[i].lose;
        }
    if (lost) continue;
    if (!device_packet(link, side, frame, (size_t)n, t)) continue;
    push(link, 1 - side, frame, (size_t)n, due, 0);
    if (twice) push(link, 1 - side, frame, (size_t)n, due + 200000, 0);
  }
}

static void command(char *line) {
  unsigned port, percent, extra;
  if (!strncmp(line, "rule ", 5)) {
    printf(device_add_rule(line + 5) ? "ok\n" : "bad rule\n");
  } else if (impaired_count < MAX_IMPAIRED && sscanf(line, "reorder %u %u %u", &port, &percent, &extra) == 3) {
    impaired[impaired_count].port = (uint16_t)port;
    impaired[impaired_count].extra_ns = (uint64_t)extra * 1000;
    impaired[impaired_count++].reorder = (int)percent;
    printf("ok\n");
  } else if (impaired_count < MAX_IMPAIRED && sscanf(line, "duplicate %u %u", &port, &percent) == 2) {
    impaired[impaired_count].port = (uint16_t)port;
    impaired[impaired_count++].duplicate = (int)percent;
    printf("ok\n");
  } else if (impaired_count < MAX_IMPAIRED && sscanf(line, "lose %u %u %u", &port, &extra, &percent) == 3) {
    impaired[impaired_count].port = (uint16_t)port;
    impaired[impaired_count].link = (int)extra;
    impaired[impaired_count++].lose = (int)percent;
    printf("ok\n");
  } else if (!strncmp(line, "renumber ", 9)) {
    printf(renumber_configure(line) ? "ok\n" : "bad device\n");
  } else if (sscanf(line, "seed %u", &port) == 1) {
    srand(port);
    printf("ok\n");
  } else printf("bad command\n");
  fflush(stdout);
}

static int open_interface(const char *name) {
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), one = 1, size = 4 << 20;
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  address.sll_ifindex = (int)if_nametoindex(name);
  setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  if (!address.sll_ifindex || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    fprintf(stderr, "wire: cannot open %s: %s\n", name, strerror(errno));
    exit(1);
  }
  return fd;
}

/* Frames are carried as they are: no checksums left to hardware, no segments larger than the link's MTU. */
static int plain(int argc, char **argv) {
  static const uint32_t commands[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  for (int i = 2; i < argc; i++)
    for (size_t c = 0; c < sizeof commands / sizeof *commands; c++) {
      struct ethtool_value value = {commands[c], 0};
      struct ifreq request = {0};
      snprintf(request.ifr_name, sizeof request.ifr_name, "%s", argv[i]);
      request.ifr_data = (char *)&value;
      if (ioctl(fd, SIOCETHTOOL, &request) < 0) {
        fprintf(stderr, "wire: %s: offload %u: %s\n", argv[i], commands[c], strerror(errno));
        return 1;
      }
    }
  return 0;
}

static void open_link(char *text) {
  struct link *l = &links[link_count++];
  char *name = strtok(text, ":"), *a = strtok(NULL, ":"), *b = strtok(NULL, ":"), *delay = strtok(NULL, ":");
  char *vlan = strtok(NULL, ":"), *side = strtok(NULL, ":");
  if (!delay || link_count == MAX_LINKS) {
    fprintf(stderr, "wire: NAME:IFA:IFB:DELAY_US expected\n");
    exit(1);
  }
  snprintf(l->name, sizeof l->name, "%s", name);
  l->fd[0] = open_interface(a);
  l->fd[1] = open_interface(b);
  l->delay_ns = strtoull(delay, NULL, 10) * 1000;
  l->vlan = vlan ? atoi(vlan) : 0;
  l->vlan_side = side && *side == 'b';
}

int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "--plain")) return plain(argc, argv);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int i = 1; i < argc; i++) open_link(argv[i]);
  struct pollfd polls[2 * MAX_LINKS + 1];
  for (int i = 0; i < link_count * 2; i++) polls[i] = (struct pollfd){links[i / 2].fd[i % 2], POLLIN, 0};
  polls[link_count * 2] = (struct pollfd){0, POLLIN, 0};
  static char input[65536];
  size_t filled = 0;
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    uint64_t t = now();
    while (heap_size && heap[0].due <= t) {
      struct pending p = pop();
      transmit(&p);
      free(p.frame);
    }
    uint64_t wait = 20000000;
    if (heap_size) {
      t = now();
      wait = heap[0].due <= t ? 0 : heap[0].due - t < wait ? heap[0].due - t : wait;
    }
    struct timespec timeout = {0, (long)wait};
    ppoll(polls, (nfds_t)(link_count * 2 + 1), &timeout, NULL);
    for (int i = 0; i < link_count * 2; i++)
      if (polls[i].revents & POLLIN) receive(i / 2, i % 2);
    device_tick(now());
    if (polls[link_count * 2].revents) {
      ssize_t n = read(0, input + filled, sizeof input - 1 - filled);
      if (n <= 0) return 0;
      filled += (size_t)n;
      input[filled] = 0;
      char *line = input, *end;
      while ((end = strchr(line, '\n'))) {
        *end = 0;
        command(line);
        line = end + 1;
      }
      filled = strlen(line);
      memmove(input, line, filled + 1);
    }
  }
}
