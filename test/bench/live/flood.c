/* flood IF RATE SECONDS SIZE: sends TCP segments of many flows at a steady rate out of an interface, for measuring who
 * captures them. RATE 0 is as fast as it goes. Prints {"sent": N, "seconds": S} when it is done.
 *
 * The frames go to a MAC address that is nobody's: a capturing interface sees them, the stack behind it drops them at
 * once and answers nothing. Within a flow they are plain in-order data, so that an analysis has its ordinary work.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FLOWS = 1000, BATCH = 32, HEADERS = 14 + 20 + 20, MAX_FRAME = 1514 };

static uint8_t frames[BATCH][MAX_FRAME];
static struct iovec parts[BATCH];
static struct mmsghdr messages[BATCH];
static uint32_t sequence[FLOWS];

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void put16(uint8_t *at, unsigned value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}

static unsigned checksum(const uint8_t *data, int length) {
  uint32_t sum = 0;
  for (int i = 0; i < length; i += 2) sum += (uint32_t)(data[i] << 8 | data[i + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

static void make_frame(uint8_t *frame, int size) {
  memset(frame, 0, MAX_FRAME);
  memcpy(frame, "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00", 14);
  uint8_t *ip = frame + 14;
  ip[0] = 0x45;
  put16(ip + 2, (unsigned)(size - 14));
  put16(ip + 6, 0x4000);
  ip[8] = 64;
  ip[9] = IPPROTO_TCP;
  put32(ip + 12, 0x0a090001);
  put32(ip + 16, 0x0a090002);
  put16(ip + 10, checksum(ip, 20));
  uint8_t *tcp = ip + 20;
  put16(tcp + 2, 443);
  put32(tcp + 8, 1);
  tcp[12] = 5 << 4;
  tcp[13] = 0x10;
  put16(tcp + 14, 501);
}

static void next_of_flow(uint8_t *frame, uint64_t number, int size) {
  unsigned flow = (unsigned)(number % FLOWS);
  uint8_t *tcp = frame + 34;
  put16(tcp, 10000 + flow);
  put32(tcp + 4, sequence[flow]);
  sequence[flow] += (uint32_t)(size - HEADERS);
}

static int usage(void) {
  fprintf(stderr, "usage: flood INTERFACE PACKETS_PER_SECOND SECONDS FRAME_BYTES(%d..%d)\n", HEADERS, MAX_FRAME);
  return 64;
}

int main(int argc, char **argv) {
  if (argc != 5) return usage();
  double rate = atof(argv[2]);
  double seconds = atof(argv[3]);
  int size = atoi(argv[4]);
  if (size < HEADERS || size > MAX_FRAME || seconds <= 0) return usage();
  int fd = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(argv[1])};
  if (fd < 0 || to.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&to, sizeof to) != 0) {
    fprintf(stderr, "flood: %s: %s\n", argv[1], strerror(errno));
    return 1;
  }
  for (int i = 0; i < BATCH; i++) {
    make_frame(frames[i], size);
    parts[i] = (struct iovec){frames[i], (size_t)size};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  uint64_t sent = 0;
  int64_t start = now_ns();
  int64_t end = start + (int64_t)(seconds * 1e9);
  for (int64_t now = start; now < end; now = now_ns()) {
    uint64_t due = rate > 0 ? (uint64_t)((double)(now - start) / 1e9 * rate) : sent + BATCH;
    while (sent < due) {
      int count = due - sent < BATCH ? (int)(due - sent) : BATCH;
      for (int i = 0; i < count; i++) next_of_flow(frames[i], sent + (uint64_t)i, size);
      int done = sendmmsg(fd, messages, (unsigned)count, 0);
      if (done < 0 && errno != ENOBUFS && errno != EINTR) {
        fprintf(stderr, "flood: %s\n", strerror(errno));
        return 1;
      }
      if (done > 0) sent += (uint64_t)done;
      if (now_ns() >= end) break;
    }
    if (rate > 0) nanosleep(&(struct timespec){0, 200000}, NULL);
  }
  printf("{\"sent\": %llu, \"seconds\": %.3f}\n", (unsigned long long)sent, (double)(now_ns() - start) / 1e9);
  return 0;
}
