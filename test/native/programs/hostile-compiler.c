/*
 * Stands in for libpcap's compiler of filters, taken over by a filter: tries what it should not be able to, and prints what
 * became of each. The text of the filter is a folder with a file "there" in it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FOLDER_OF_THE_CAPTURE = 3 };

static void tell(const char *what, long outcome) {
  dprintf(STDERR_FILENO, "%s: %s\n", what, outcome >= 0 ? "done" : strerror(errno));
}

static void tell_status(void) {
  char line[256];
  FILE *status = fopen("/proc/self/status", "re");
  if (status == NULL) return;
  while (fgets(line, sizeof line, status) != NULL)
    if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "NoNewPrivs", 10) == 0 || strncmp(line, "Seccomp:", 8) == 0)
      dprintf(STDERR_FILENO, "%s", line);
  fclose(status);
}

int pcap_compile(pcap_t *handle, struct bpf_program *program, const char *text, int optimize, bpf_u_int32 mask) {
  /* The one call that makes files of the capture; with an absolute name it does not care for its folder. */
  const int new_file = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  char there[512];
  char other[512];
  char *const nothing[] = {NULL};
  (void)handle, (void)program, (void)optimize, (void)mask;
  snprintf(there, sizeof there, "%.400s/there", text);
  snprintf(other, sizeof other, "%.400s/other", text);
  tell("make", open(other, O_WRONLY | O_CREAT, 0600));
  tell("make by the call of the capture", syscall(SYS_openat, FOLDER_OF_THE_CAPTURE, other, new_file, 0600));
  tell("write", open(there, O_WRONLY));
  tell("truncate", truncate(there, 0));
  tell("chmod", chmod(there, 0777));
  tell("chown", chown(there, 1, 1));
  tell("rename", rename(there, other));
  tell("link", link(there, other));
  tell("symlink", symlink(there, other));
  tell("mkdir", mkdir(other, 0700));
  tell("unlink", unlink(there));
  tell("socket", socket(AF_INET, SOCK_DGRAM, 0));
  tell("fork", fork());
  tell("exec", execve("/bin/true", nothing, nothing));
  tell("kill", kill(getppid(), 0));
  tell_status();
  _exit(0);
}
