#include "outlet.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

/* A report is the whole state: who reads them wants the news, not every step, and is woken by each. */
static const uint64_t REPORT_EVERY_NS = 50ull * NS_PER_MS;

enum {
  /* Reports that wait for their reader. */
  REPORTS_BYTES = 16 * 1024,
  /* How long a reader may take for the begin of a file, which it must not miss. Meanwhile the kernel drops, and counts. */
  TURN_PATIENCE_MS = 60 * 1000,
};

void outlet_open(struct outlet *outlet, const struct options *options, size_t block_bytes) {
  *outlet = (struct outlet){.options = options};
  batch_open(&outlet->batch, options->batch_bytes, block_bytes, options->batch_ms * (uint64_t)NS_PER_MS);
  if (!outlet_has_folder(outlet)) return;
  ring_files_init(&outlet->files, options, block_bytes);
  batch_open(&outlet->reports, REPORTS_BYTES, block_bytes, 0);
}

bool outlet_has_folder(const struct outlet *outlet) { return outlet->options->folder >= 0; }

static void note_trouble(struct outlet *outlet, enum outlet_trouble trouble) {
  if (outlet->trouble == OUTLET_WORKS) outlet->trouble = trouble;
}

void outlet_lose_reader(struct outlet *outlet) {
  outlet->is_reader_gone = true;
  if (outlet_has_folder(outlet)) batch_clear(&outlet->reports);
  note_trouble(outlet, OUTLET_READER_GONE);
}

static void write_all_reports(struct outlet *outlet, int patience_ms) {
  const bool is_read = !outlet->is_reader_gone &&
                       batch_write_all(&outlet->reports, STDOUT_FILENO, patience_ms) == BATCH_WRITTEN;
  if (!is_read) outlet_lose_reader(outlet);
}

static void add_report(struct outlet *outlet) {
  const struct ring_files *files = &outlet->files;
  pcapng_report(&outlet->reports, &files->file, files->error, files->lost_packets, &outlet->counts);
  outlet->wants_report = false;
  outlet->report_due_ns = monotonic_ns() + REPORT_EVERY_NS;
}

static void begin_next_file(struct outlet *outlet) {
  ring_files_open_next(&outlet->files);
  if (outlet->files.error != 0) note_trouble(outlet, OUTLET_FILES_FAILED);
  add_report(outlet);
  write_all_reports(outlet, TURN_PATIENCE_MS);
}

static void write_file(struct outlet *outlet) {
  if (outlet->batch.used == 0) return;
  if (ring_files_must_turn(&outlet->files, &outlet->batch)) {
    write_all_reports(outlet, TURN_PATIENCE_MS);
    /* The last word on the old file. */
    add_report(outlet);
    begin_next_file(outlet);
  }
  ring_files_write(&outlet->files, &outlet->batch);
  outlet->wants_report = true;
  if (outlet->files.error != 0) note_trouble(outlet, OUTLET_FILES_FAILED);
}

void outlet_add_head(struct outlet *outlet, const char *application, const char *os,
                     const struct pcapng_interface *interface) {
  const bool has_folder = outlet_has_folder(outlet);
  struct batch *head = has_folder ? &outlet->files.head : &outlet->batch;
  pcapng_section(head, application, os);
  pcapng_interface(head, interface);
  if (!has_folder) return;
  outlet->files.head_bytes_without_witness = head->used;
  memcpy(batch_add(&outlet->reports, head->used), head->bytes, head->used);
}

void outlet_add_witness_status(struct outlet *outlet, const struct witness_event *event) {
  if (!outlet_has_folder(outlet)) {
    pcapng_witness(&outlet->batch, event);
    return;
  }
  if (event->kind == WITNESS_STARTED) {
    /* Every file says at its head that the kernel is watched. */
    pcapng_witness(&outlet->files.head, event);
  } else {
    ring_files_forget_witness(&outlet->files);
    pcapng_witness(&outlet->batch, event);
  }
  const bool has_begun = outlet->files.file.number > 0;
  if (has_begun) write_all_reports(outlet, TURN_PATIENCE_MS);
  pcapng_witness(&outlet->reports, event);
  if (has_begun) write_all_reports(outlet, TURN_PATIENCE_MS);
}

void outlet_add_witness_event(struct outlet *outlet, const struct witness_event *event) {
  pcapng_witness(&outlet->batch, event);
  if (event->kind != WITNESS_LOST) {
    outlet->counts.witness_events++;
    return;
  }
  outlet->counts.witness_lost += strtoull(event->detail, NULL, 10);
  if (outlet_has_folder(outlet)) ring_files_forget_witness(&outlet->files);
}

void outlet_add_packet(struct outlet *outlet, const struct packet *packet) {
  pcapng_packet(&outlet->batch, packet, outlet->options->snap_length);
  outlet->counts.packets++;
  outlet->counts.wire_bytes += packet->original_bytes;
  if (outlet_has_folder(outlet)) ring_files_note_packet(&outlet->files, packet->time_ns);
}

void outlet_add_statistics(struct outlet *outlet, const struct source_statistics *statistics) {
  outlet->counts.statistics = *statistics;
  pcapng_statistics(&outlet->batch, wall_ns(), statistics, outlet->counts.packets);
}

void outlet_add_block(struct outlet *outlet, const uint8_t *bytes, size_t length) {
  if (!outlet_takes_more(outlet)) outlet_write_all(outlet);
  memcpy(batch_add(&outlet->batch, length), bytes, length);
}

void outlet_begin(struct outlet *outlet) {
  if (outlet_has_folder(outlet)) begin_next_file(outlet);
}

static bool may_report(const struct outlet *outlet) {
  return outlet->wants_report && !outlet->is_reader_gone && batch_takes_more(&outlet->reports);
}

static void write_output(struct outlet *outlet, struct batch *output) {
  if (output->is_draining && batch_write(output, STDOUT_FILENO) == BATCH_READER_GONE) outlet_lose_reader(outlet);
}

void outlet_write(struct outlet *outlet) {
  batch_turn(&outlet->batch, monotonic_ns());
  if (!outlet_has_folder(outlet)) {
    write_output(outlet, &outlet->batch);
    return;
  }
  if (outlet->batch.is_draining) write_file(outlet);
  if (may_report(outlet) && monotonic_ns() >= outlet->report_due_ns) {
    add_report(outlet);
    outlet->reports.is_draining = true;
  }
  write_output(outlet, &outlet->reports);
}

uint64_t outlet_due_ns(const struct outlet *outlet) {
  uint64_t due = may_report(outlet) ? outlet->report_due_ns : UINT64_MAX;
  const struct batch *batch = &outlet->batch;
  if (batch->used > 0 && !batch->is_draining && batch->due_ns < due) due = batch->due_ns;
  return due;
}

bool outlet_wants_reader(const struct outlet *outlet) {
  return outlet_has_folder(outlet) ? outlet->reports.is_draining : outlet->batch.is_draining;
}

void outlet_write_all(struct outlet *outlet) {
  if (outlet_has_folder(outlet)) {
    write_file(outlet);
    return;
  }
  if (outlet->is_reader_gone) return;
  if (batch_write_all(&outlet->batch, STDOUT_FILENO, OUTLET_PATIENCE_MS) != BATCH_WRITTEN) outlet_lose_reader(outlet);
}

void outlet_end(struct outlet *outlet) {
  outlet_write_all(outlet);
  if (!outlet_has_folder(outlet)) return;
  write_all_reports(outlet, OUTLET_PATIENCE_MS);
  add_report(outlet);
  write_all_reports(outlet, OUTLET_PATIENCE_MS);
}
