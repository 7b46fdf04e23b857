#include "json.h"

#include <string.h>

#include "utf8.h"

void json_string(FILE *out, const char *text) {
  if (text == NULL) {
    fputs("null", out);
    return;
  }
  fputc('"', out);
  size_t left = strlen(text);
  while (left > 0) {
    const size_t length = utf8_length(text, left);
    const unsigned char byte = (unsigned char)*text;
    if (length == 0) fputs("\\ufffd", out);
    else if (byte == '"' || byte == '\\') fprintf(out, "\\%c", byte);
    else if (byte < 0x20 || byte == 0x7f) fprintf(out, "\\u%04x", byte);
    else fwrite(text, 1, length, out);
    const size_t step = length == 0 ? 1 : length;
    text += step;
    left -= step;
  }
  fputc('"', out);
}
