/* Capture filters, in the language of tcpdump. */
#ifndef CAPD_FILTER_H
#define CAPD_FILTER_H

#include <pcap/pcap.h>

/*
 * Compiles for `handle`; ends the process with the compiler's message when the text is no filter. Call it without
 * privileges and within sandbox_without_network(): the compiler is large, and would ask name servers for host names.
 */
void filter_compile(pcap_t *handle, const char *text, struct bpf_program *program);

/* The command `check`: ends the process when the text is no filter. */
void filter_check(const char *text, const char *link_type, unsigned snap_length);

#endif
