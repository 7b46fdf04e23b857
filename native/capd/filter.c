#include "filter.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "fail.h"

/* BPF_MAXINSNS of Linux: longer programs are not taken by the kernel. */
enum { PROGRAM_MAX_INSTRUCTIONS = 4096 };

/* The optimizer's time grows with the square of the filter's length, and more: hundreds of ports take minutes. */
enum { COMPILE_MAX_CPU_SECONDS = 5 };

/* Not fail(), which does more than a signal handler may. */
static void on_overtime(int number) {
  static const char LINE[] = "resetscope-capd: bad-filter: the filter takes more than 5 s to compile\n";
  (void)number;
  if (write(STDERR_FILENO, LINE, sizeof LINE - 1) < 0) {
    /* The exit code tells. */
  }
  _exit(EXIT_CODE_BAD_FILTER);
}

static void set_time_limit(int cpu_seconds) {
  const struct itimerval limit = {.it_value = {.tv_sec = cpu_seconds}};
  signal(SIGPROF, cpu_seconds > 0 ? on_overtime : SIG_IGN);
  setitimer(ITIMER_PROF, &limit, NULL);
}

void filter_compile(pcap_t *handle, const char *text, struct bpf_program *program) {
  const int optimize = 1;
  set_time_limit(COMPILE_MAX_CPU_SECONDS);
  const int outcome = pcap_compile(handle, program, text, optimize, PCAP_NETMASK_UNKNOWN);
  set_time_limit(0);
  if (outcome != 0) fail(EXIT_CODE_BAD_FILTER, "%s", pcap_geterr(handle));
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
