#ifdef __linux__

#include "tracefs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static const char PREFIX[] = "resetscope-";

/* Where distributions mount tracefs. */
static const char *const MOUNTS[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

static int open_mounted(void) {
  for (size_t i = 0; i < sizeof MOUNTS / sizeof *MOUNTS; i++) {
    const int fd = open(MOUNTS[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct statfs about;
    if (fd >= 0 && fstatfs(fd, &about) == 0 && about.f_type == TRACEFS_MAGIC) return fd;
    if (fd >= 0) close(fd);
  }
  return -1;
}

/* Mounts tracefs where nobody else sees it and where it goes with us, for machines that have it nowhere. */
static int open_detached(void) {
  const long context = syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
  if (context < 0) return -1;
  long mount = -1;
  if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
    mount = syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
  const int error = errno;
  close((int)context);
  errno = error;
  return (int)mount;
}

/* The process id that a stale instance is named after; 0 for an instance of others. */
static pid_t owner_of(const char *name) {
  if (strncmp(name, PREFIX, sizeof PREFIX - 1) != 0) return 0;
  const char *digits = name + sizeof PREFIX - 1;
  char *end = NULL;
  errno = 0;
  const long pid = isdigit((unsigned char)digits[0]) ? strtol(digits, &end, 10) : 0;
  return end != NULL && *end == '\0' && errno == 0 && pid > 0 && pid < INT32_MAX ? (pid_t)pid : 0;
}

/* An instance that is still read, perhaps from another process namespace, is busy and stays. */
static void sweep(int instances) {
  const int fd = openat(instances, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  if (folder == NULL) {
    if (fd >= 0) close(fd);
    return;
  }
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    const pid_t owner = owner_of(entry->d_name);
    const bool is_dead = owner != 0 && (owner == getpid() || (kill(owner, 0) != 0 && errno == ESRCH));
    if (is_dead) unlinkat(instances, entry->d_name, AT_REMOVEDIR);
  }
  closedir(folder);
}

static bool write_file(int folder, const char *path, const char *text) {
  const int fd = openat(folder, path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const size_t length = strlen(text);
  const bool is_written = write(fd, text, length) == (ssize_t)length;
  const int error = errno;
  close(fd);
  errno = error;
  return is_written;
}

/* Sets up the instance in `folder` and answers its pipe, or -1 with the step that failed in `step`. */
static int set_up(int folder, const char **step) {
  /* This clock runs at the rate of the wall clock and is never set; the offset is taken when an event is read. */
  *step = "its clock cannot be set";
  if (!write_file(folder, "trace_clock", "mono")) return -1;
  /* Each processor has a buffer of this size, for some thousand events. */
  *step = "its buffer cannot be set";
  if (!write_file(folder, "buffer_size_kb", "256")) return -1;
  /* Wakes us at the first event instead of a half full buffer; kernels before 5.0 have no such file, and we look
     once a second anyway. */
  write_file(folder, "buffer_percent", "0");
  /* People know processes, events name threads; kernels before 4.14 have no such file. */
  write_file(folder, "options/record-tgid", "1");
  *step = "this kernel has no tracepoint tcp:tcp_send_reset";
  if (!write_file(folder, "events/tcp/tcp_send_reset/enable", "1")) return -1;
  *step = "this kernel has no tracepoint tcp:tcp_receive_reset";
  if (!write_file(folder, "events/tcp/tcp_receive_reset/enable", "1")) return -1;
  *step = "it cannot be read";
  return openat(folder, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static int open_instance(struct tracefs_instance *instance, char *why, size_t capacity) {
  if (mkdirat(instance->instances, instance->name, 0700) != 0) {
    snprintf(why, capacity, "no trace instance: %s", strerror(errno));
    return -1;
  }
  const int folder = openat(instance->instances, instance->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const char *step = "it cannot be opened";
  instance->pipe = folder < 0 ? -1 : set_up(folder, &step);
  if (instance->pipe < 0) snprintf(why, capacity, "no use of the trace instance: %s (%s)", step, strerror(errno));
  if (folder >= 0) close(folder);
  if (instance->pipe < 0) unlinkat(instance->instances, instance->name, AT_REMOVEDIR);
  return instance->pipe < 0 ? -1 : 0;
}

int tracefs_open(struct tracefs_instance *instance, char *why, size_t capacity) {
  int root = open_mounted();
  if (root < 0) root = open_detached();
  if (root < 0) {
    snprintf(why, capacity, "tracefs cannot be opened: %s", strerror(errno));
    return -1;
  }
  instance->instances = openat(root, "instances", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int error = errno;
  close(root);
  if (instance->instances < 0) {
    snprintf(why, capacity, "trace instances cannot be made: %s", strerror(error));
    return -1;
  }
  sweep(instance->instances);
  snprintf(instance->name, sizeof instance->name, "%s%ld", PREFIX, (long)getpid());
  if (open_instance(instance, why, capacity) == 0) return 0;
  close(instance->instances);
  return -1;
}

#else
typedef int this_file_is_about_linux;
#endif
