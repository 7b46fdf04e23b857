/* Names from the kernel are bytes; what we hand on is UTF-8. */
#ifndef CAPD_UTF8_H
#define CAPD_UTF8_H

#include <stddef.h>

/* Bytes of the UTF-8 sequence that `text` of `length` bytes begins with (RFC 3629); 0 when it begins with none. */
size_t utf8_length(const char *text, size_t length);

#endif
