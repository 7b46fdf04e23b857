/* What JavaScript gets: closeInherited(lowest), confine(folders) and available(). Node-API 8, so that one build serves Node and Electron. */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>

#include "confine.h"
#include "inherited.h"

enum { MAX_PATH_BYTES = 4096 };

static napi_value number(napi_env env, int value) {
  napi_value result = NULL;
  napi_create_int32(env, value, &result);
  return result;
}

static napi_value refuse(napi_env env, const char *why) {
  napi_throw_error(env, NULL, why);
  return NULL;
}

/* Reads one path into memory that is never freed: confining happens once. */
static char *path_at(napi_env env, napi_value list, uint32_t index) {
  napi_value item;
  size_t length = 0;
  char *path = malloc(MAX_PATH_BYTES);
  if (path == NULL || napi_get_element(env, list, index, &item) != napi_ok) return NULL;
  if (napi_get_value_string_utf8(env, item, path, MAX_PATH_BYTES, &length) != napi_ok) return NULL;
  return length < MAX_PATH_BYTES - 1 ? path : NULL;
}

/* confine(folders: string[]): { landlock: number, threads: number } */
static napi_value call_confine(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value list;
  uint32_t length = 0;
  const char *folders[CONFINE_MAX_FOLDERS];
  if (napi_get_cb_info(env, info, &count, &list, NULL, NULL) != napi_ok || count != 1 ||
      napi_get_array_length(env, list, &length) != napi_ok)
    return refuse(env, "confine() takes a list of folders");
  if (length > CONFINE_MAX_FOLDERS) return refuse(env, "too many folders");
  for (uint32_t i = 0; i < length; i++) {
    folders[i] = path_at(env, list, i);
    if (folders[i] == NULL) return refuse(env, "a folder is no path");
  }
  struct confinement result = {0};
  const char *problem = confine(folders, length, &result);
  if (problem != NULL) return refuse(env, problem);
  napi_value object = NULL;
  napi_create_object(env, &object);
  napi_set_named_property(env, object, "landlock", number(env, result.landlock));
  napi_set_named_property(env, object, "threads", number(env, result.threads));
  return object;
}

/* closeInherited(lowest: number): void */
static napi_value call_close_inherited(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int32_t lowest = 0;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count != 1 ||
      napi_get_value_int32(env, argument, &lowest) != napi_ok)
    return refuse(env, "closeInherited() takes the lowest descriptor");
  if (inherited_close(lowest) != 0) return refuse(env, "what was inherited cannot be closed");
  return NULL;
}

/* available(): number, as confine_available() has it */
static napi_value call_available(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, confine_available());
}

static void export_function(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value = NULL;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value);
  napi_set_named_property(env, exports, name, value);
}

NAPI_MODULE_INIT() {
  export_function(env, exports, "closeInherited", call_close_inherited);
  export_function(env, exports, "confine", call_confine);
  export_function(env, exports, "available", call_available);
  return exports;
}
