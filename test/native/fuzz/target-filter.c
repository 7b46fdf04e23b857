/* Filters: the first byte chooses the link type. */
#include <pcap/pcap.h>

#include "../../../native/capd/filter.h"
#include "fuzz.h"

/* The optimizer takes minutes for long ones, which the helper's time limit ends; here there is none. */
enum { TEXT_MAX_BYTES = 240 };

void fuzz_filter(struct feed feed) {
  static const int LINK_TYPES[] = {DLT_EN10MB, DLT_RAW,       DLT_LINUX_SLL, DLT_LINUX_SLL2,
                                   DLT_NULL,   DLT_IEEE802_11_RADIO, DLT_PPP, DLT_DOCSIS};
  static pcap_t *handle;
  char text[TEXT_MAX_BYTES + 1];
  struct bpf_program program;
  const int type = LINK_TYPES[feed_byte(&feed) % (sizeof LINK_TYPES / sizeof *LINK_TYPES)];
  if (handle != NULL) pcap_close(handle);
  handle = pcap_open_dead(type, 262144);
  feed_text(&feed, text, TEXT_MAX_BYTES);
  filter_compile(handle, text, &program);
  fuzz_check(program.bf_len > 0 && program.bf_len <= 4096, "a program that the kernel does not take");
  pcap_freecode(&program);
}
