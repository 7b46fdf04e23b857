#include "filter.h"

#include "fail.h"

/* BPF_MAXINSNS of Linux: longer programs are not taken by the kernel. */
enum { PROGRAM_MAX_INSTRUCTIONS = 4096 };

void filter_compile(pcap_t *handle, const char *text, struct bpf_program *program) {
  const int optimize = 1;
  if (pcap_compile(handle, program, text, optimize, PCAP_NETMASK_UNKNOWN) != 0)
    fail(EXIT_CODE_BAD_FILTER, "%s", pcap_geterr(handle));
  if (program->bf_len > PROGRAM_MAX_INSTRUCTIONS)
    fail(EXIT_CODE_BAD_FILTER, "the filter needs %u instructions; the kernel takes %d", program->bf_len,
         PROGRAM_MAX_INSTRUCTIONS);
}

void filter_check(const char *text, const char *link_type, unsigned snap_length) {
  const int type = pcap_datalink_name_to_val(link_type);
  if (type < 0) fail(EXIT_CODE_USAGE, "there is no link type '%.80s'", link_type);
  pcap_t *handle = pcap_open_dead(type, (int)snap_length);
  if (handle == NULL) fail(EXIT_CODE_SYSTEM, "out of memory");
  struct bpf_program program;
  filter_compile(handle, text, &program);
  pcap_freecode(&program);
  pcap_close(handle);
}
