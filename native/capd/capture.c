#include "capture.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "inlet.h"
#include "outlet.h"
#include "output.h"
#include "pcapng.h"
#include "privileges.h"
#include "sandbox.h"
#include "source.h"
#include "witness.h"

static const uint64_t STATISTICS_EVERY_NS = 1000ull * NS_PER_MS;
/* How long the end may take with a reader that does not read. */
static const uint64_t LAST_WRITE_PATIENCE_NS = OUTLET_PATIENCE_MS * (uint64_t)NS_PER_MS;

enum {
  /* Packets that are read in a row before the other streams get a look. */
  PACKETS_AT_ONCE = 4096,
  /* The longest of the other blocks at once: what one read of the witness brings, or its list of addresses. */
  SMALL_BLOCKS_BYTES = 16 * 1024,
};

enum end { END_NONE, END_ASKED, END_INTERFACE_GONE, END_READER_GONE, END_FILES_FAILED, END_BAD_INPUT };

struct loop {
  const struct options *options;
  struct source *source;
  struct outlet outlet;
  struct inlet inlet;
  struct witness witness;
  /* When the events that are there have settled; UINT64_MAX while none are. */
  uint64_t witness_due_ns;
  uint64_t statistics_due_ns;
  enum end end;
  /* Packets after this moment do not belong to the capture any more. */
  uint64_t end_wall_ns;
  /* When the kernel has handed on all that came before it. */
  uint64_t end_due_ns;
  /* The last look at the packets found no more that belong to the capture. */
  bool has_read_all;
};

#ifdef __APPLE__
/* A signal between sigprocmask() and poll() is noticed late, but within a second: the counters are due then. */
static int ppoll(struct pollfd *streams, nfds_t count, const struct timespec *timeout, const sigset_t *while_waiting) {
  sigset_t before;
  sigprocmask(SIG_SETMASK, while_waiting, &before);
  const int ready = poll(streams, count, (int)(timeout->tv_sec * 1000 + timeout->tv_nsec / NS_PER_MS));
  const int error = errno;
  sigprocmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return ready;
}
#endif

static volatile sig_atomic_t was_told_to_end;

static void on_signal(int number) {
  (void)number;
  was_told_to_end = 1;
}

/* Signals only come while the loop waits, so that none is missed between a look and a wait. */
static void set_signals(sigset_t *while_waiting) {
  struct sigaction action = {.sa_handler = on_signal};
  sigset_t ours;
  sigemptyset(&action.sa_mask);
  sigemptyset(&ours);
  sigaddset(&ours, SIGINT);
  sigaddset(&ours, SIGTERM);
  sigprocmask(SIG_BLOCK, &ours, while_waiting);
  /* They may have been blocked when we were started. */
  sigdelset(while_waiting, SIGINT);
  sigdelset(while_waiting, SIGTERM);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  /* A file as long as the user's limit allows is an error like a full disk. */
  signal(SIGXFSZ, SIG_IGN);
}

static void begin_end(struct loop *loop, enum end end) {
  if (loop->end != END_NONE) return;
  loop->end = end;
  loop->end_wall_ns = wall_ns();
  /* The kernel closes a block that is not full after hold_ms; twice that, and the grain of its timer. */
  uint64_t wait_ms = 2ull * loop->source->hold_ms + 10;
  if (loop->witness.fd >= 0 && wait_ms < WITNESS_SETTLE_MS) wait_ms = WITNESS_SETTLE_MS;
  loop->end_due_ns = monotonic_ns() + wait_ms * NS_PER_MS;
}

static void add_witness_event(void *context, const struct witness_event *event) {
  outlet_add_witness_event(&((struct loop *)context)->outlet, event);
}

static void add_witness_status(struct loop *loop, const char *why) {
  char addresses[WITNESS_DETAIL_MAX_BYTES];
  struct witness_event event = {.kind = WITNESS_UNAVAILABLE, .time_ns = wall_ns(), .detail = why};
  if (why[0] == '\0') {
    witness_own_addresses(addresses, sizeof addresses);
    event.kind = WITNESS_STARTED;
    event.detail = addresses;
  }
  outlet_add_witness_status(&loop->outlet, &event);
}

static void add_statistics(struct loop *loop) {
  struct source_statistics statistics;
  loop->source->operations->statistics(loop->source, &statistics);
  outlet_add_statistics(&loop->outlet, &statistics);
}

/* Everything before the first packet. */
static void add_head(struct loop *loop) {
  char application[256];
  char os[256] = "";
  struct utsname system;
  snprintf(application, sizeof application, "resetscope-capd %s (%s)", CAPD_VERSION, pcap_lib_version());
  if (uname(&system) == 0) snprintf(os, sizeof os, "%.60s %.100s", system.sysname, system.release);
  const struct pcapng_interface interface = {
      .name = loop->options->interface,
      .description = loop->source->description,
      .filter = loop->options->filter,
      .os = os,
      .link_type = loop->source->link_type,
      .snap_length = loop->options->snap_length,
  };
  outlet_add_head(&loop->outlet, application, os, &interface);
  if (loop->options->witness) add_witness_status(loop, loop->witness.why);
}

static void read_packets(struct loop *loop) {
  const struct source_operations *operations = loop->source->operations;
  struct packet packet;
  loop->has_read_all = false;
  for (int i = 0; i < PACKETS_AT_ONCE && outlet_takes_more(&loop->outlet); i++) {
    const bool is_there = operations->next(loop->source, &packet);
    const bool is_late = is_there && loop->end != END_NONE && packet.time_ns > loop->end_wall_ns;
    if (!is_there || is_late) loop->has_read_all = true;
    if (!is_there) return;
    if (!is_late) outlet_add_packet(&loop->outlet, &packet);
  }
}

/* As many of the events as the batch takes. */
static void read_witness(struct loop *loop) {
  while (loop->witness.fd >= 0 && outlet_takes_more(&loop->outlet)) {
    const enum witness_read outcome = witness_read(&loop->witness, add_witness_event, loop);
    if (outcome == WITNESS_READ_SOME) continue;
    loop->witness_due_ns = UINT64_MAX;
    if (outcome == WITNESS_READ_ALL) return;
    witness_close(&loop->witness);
    add_witness_status(loop, "the trace ended");
  }
}

static void await_witness(struct loop *loop) {
  if (loop->witness.fd >= 0 && loop->witness_due_ns == UINT64_MAX)
    loop->witness_due_ns = monotonic_ns() + WITNESS_SETTLE_MS * (uint64_t)NS_PER_MS;
}

/* Puts the parent's blocks between ours. */
static void take_blocks(struct loop *loop) {
  size_t length = 0;
  enum inlet_state state = inlet_look(&loop->inlet, &length);
  for (; state == INLET_HAS_BLOCK; state = inlet_look(&loop->inlet, &length)) {
    outlet_add_block(&loop->outlet, loop->inlet.bytes, length);
    inlet_drop(&loop->inlet, length);
  }
  if (state == INLET_BAD) begin_end(loop, END_BAD_INPUT);
}

/* The capture ends with its standard input. Without a folder nothing that the parent says there means anything. */
static void read_input(struct loop *loop) {
  struct inlet *inlet = &loop->inlet;
  const bool has_folder = outlet_has_folder(&loop->outlet);
  if (!has_folder) inlet->used = 0;
  const ssize_t length = read(STDIN_FILENO, inlet->bytes + inlet->used, inlet_room(inlet));
  if (length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN)) begin_end(loop, END_ASKED);
  if (length <= 0) return;
  inlet->used += (size_t)length;
  if (has_folder) take_blocks(loop);
}

static uint64_t earlier(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* When the loop must look again although nothing happened. */
static uint64_t next_look(const struct loop *loop) {
  uint64_t due = loop->end == END_NONE ? UINT64_MAX : loop->end_due_ns + LAST_WRITE_PATIENCE_NS;
  due = earlier(due, outlet_due_ns(&loop->outlet));
  /* What takes nothing waits for its reader: only that, or the end of our patience, is worth waking for. */
  if (!outlet_takes_more(&loop->outlet)) return due;
  due = earlier(due, loop->witness_due_ns);
  if (loop->end != END_NONE) due = earlier(due, loop->end_due_ns);
  return earlier(due, loop->statistics_due_ns);
}

enum stream { STREAM_INPUT, STREAM_OUTPUT, STREAM_PACKETS, STREAM_WITNESS, STREAM_COUNT };

/* Waits for what can be served now: while the batch drains, for nothing that would add to it. */
static void wait_for_streams(const struct loop *loop, struct pollfd streams[STREAM_COUNT],
                             const sigset_t *while_waiting) {
  const struct outlet *outlet = &loop->outlet;
  const bool takes_more = outlet_takes_more(outlet);
  const bool is_ending = loop->end != END_NONE;
  streams[STREAM_INPUT] = (struct pollfd){.fd = is_ending ? -1 : STDIN_FILENO, .events = POLLIN};
  /* Without events it still tells when the reader is gone. */
  streams[STREAM_OUTPUT] = (struct pollfd){
      .fd = outlet->is_reader_gone ? -1 : STDOUT_FILENO, .events = outlet_wants_reader(outlet) ? POLLOUT : 0};
  streams[STREAM_PACKETS] = (struct pollfd){
      .fd = takes_more && loop->end != END_INTERFACE_GONE ? loop->source->fd : -1, .events = POLLIN};
  const bool knows_of_events = loop->witness_due_ns != UINT64_MAX;
  streams[STREAM_WITNESS] =
      (struct pollfd){.fd = takes_more && !knows_of_events ? loop->witness.fd : -1, .events = POLLIN};
  const uint64_t now = monotonic_ns();
  const uint64_t due = next_look(loop);
  const uint64_t wait_ns = due > now ? due - now : 0;
  const struct timespec timeout = {
      .tv_sec = (time_t)(wait_ns / 1000000000u),
      .tv_nsec = (long)(wait_ns % 1000000000u),
  };
  if (ppoll(streams, STREAM_COUNT, &timeout, while_waiting) >= 0) return;
  for (int i = 0; i < STREAM_COUNT; i++) streams[i].revents = 0;
}

static void write_outlet(struct loop *loop) {
  outlet_write(&loop->outlet);
  if (loop->outlet.trouble == OUTLET_READER_GONE) begin_end(loop, END_READER_GONE);
  if (loop->outlet.trouble == OUTLET_FILES_FAILED) begin_end(loop, END_FILES_FAILED);
}

static void serve(struct loop *loop, const struct pollfd streams[STREAM_COUNT]) {
  if (was_told_to_end) begin_end(loop, END_ASKED);
  if (streams[STREAM_INPUT].revents != 0) read_input(loop);
  if ((streams[STREAM_OUTPUT].revents & (POLLERR | POLLNVAL)) != 0) outlet_lose_reader(&loop->outlet);
  write_outlet(loop);
  const bool is_statistics_due = monotonic_ns() >= loop->statistics_due_ns;
  if (streams[STREAM_WITNESS].revents != 0 || is_statistics_due) await_witness(loop);
  /* Events go before the packets, which may leave no room for them. */
  if (monotonic_ns() >= loop->witness_due_ns) read_witness(loop);
  if (is_statistics_due && outlet_takes_more(&loop->outlet)) {
    add_statistics(loop);
    loop->statistics_due_ns = monotonic_ns() + STATISTICS_EVERY_NS;
  }
  read_packets(loop);
  const bool has_error = (streams[STREAM_PACKETS].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
  if (loop->source->operations->is_gone(loop->source, has_error)) begin_end(loop, END_INTERFACE_GONE);
  write_outlet(loop);
}

/* Hands on what is still there, then the last counters. */
static void finish(struct loop *loop) {
  outlet_write_all(&loop->outlet);
  /* A reader that does not take what waits would get no more. */
  if (outlet_takes_more(&loop->outlet)) {
    read_witness(loop);
    outlet_write_all(&loop->outlet);
    add_statistics(loop);
  }
  outlet_end(&loop->outlet);
}

/* Whether it is time to stop: all that came before the end was read, or nobody wants it. */
static bool is_over(const struct loop *loop) {
  if (loop->end == END_NONE) return false;
  if (loop->end == END_READER_GONE && !outlet_has_folder(&loop->outlet)) return true;
  const uint64_t now = monotonic_ns();
  return now >= loop->end_due_ns && (loop->has_read_all || now >= loop->end_due_ns + LAST_WRITE_PATIENCE_NS);
}

static void open_witness(struct witness *witness) {
  if (privileges_may_witness()) witness_open(witness);
  else snprintf(witness->why, sizeof witness->why, "not permitted to this copy of the helper: only root's and %s may ask it", WITNESS_COPY);
}

/* The order in which privileges and calls are given up, with its reasons, is README.md's. */
void capture(const struct options *options) {
  struct loop loop = {.options = options, .witness = {.fd = -1, .janitor = -1}, .witness_due_ns = UINT64_MAX};
  sigset_t while_waiting;
  output_open();
  set_signals(&while_waiting);
  loop.source = source_open(options);
  if (options->witness) open_witness(&loop.witness);
  /* A kernel's buffer that nobody empties in time is lost packets. Refused without the right to it, which is no harm. */
  (void)setpriority(PRIO_PROCESS, 0, -10);
  privileges_drop();
  source_describe(loop.source);
  const size_t packet_bytes = options->snap_length + PCAPNG_PACKET_OVERHEAD_BYTES;
  const size_t filter_bytes = strlen(options->filter);
  const size_t block_bytes =
      (packet_bytes > SMALL_BLOCKS_BYTES ? packet_bytes : SMALL_BLOCKS_BYTES) + filter_bytes;
  outlet_open(&loop.outlet, options, block_bytes);
  add_head(&loop);
  sandbox_without_network(options->folder);
  loop.source->operations->start(loop.source, options);
  sandbox_capture_only(options->folder);
  outlet_begin(&loop.outlet);
  loop.statistics_due_ns = monotonic_ns() + STATISTICS_EVERY_NS;
  while (!is_over(&loop)) {
    struct pollfd streams[STREAM_COUNT];
    wait_for_streams(&loop, streams, &while_waiting);
    serve(&loop, streams);
  }
  finish(&loop);
  witness_close(&loop.witness);
  output_restore();
  const struct ring_files *files = &loop.outlet.files;
  if (loop.outlet.trouble == OUTLET_READER_GONE)
    fail(EXIT_CODE_OUTPUT_FAILED, "nobody reads standard output any more");
  if (loop.outlet.trouble == OUTLET_FILES_FAILED)
    fail(EXIT_CODE_OUTPUT_FAILED, "%s cannot be written: %s", files->file.name, strerror(files->error));
  if (loop.end == END_INTERFACE_GONE)
    fail(EXIT_CODE_INTERFACE_GONE, "'%s' went down or away; all that was captured is written", options->interface);
  if (loop.end == END_BAD_INPUT) fail(EXIT_CODE_USAGE, "standard input holds more than witness blocks");
  _exit(EXIT_CODE_OK);
}
