/* Confines itself as the addon does, and makes the calls for which JavaScript has no words. Prints a line for each: its name and what became of it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "confine.h"

/* linux/fs.h, which does not go with the C library's headers everywhere. */
#define GET_FLAGS _IOR('f', 1, long)
#define SET_FLAGS _IOW('f', 2, long)

static void tell(const char *name, long answer) {
  printf("%s %s\n", name, answer >= 0 ? "done" : strerrorname_np(errno));
}

/* confined-calls FILE [FOLDER] */
int main(int count, char **words) {
  if (count < 2) return 64;
  const int file = open(words[1], O_RDONLY);
  if (file < 0) return 66;
  struct confinement result = {0};
  const char *const *folders = (const char *const *)words + 2;
  const char *problem = confine(folders, (size_t)count - 2, &result);
  if (problem != NULL) {
    fprintf(stderr, "%s\n", problem);
    return 70;
  }
  int datagrams[2] = {-1, -1}, stream[2] = {-1, -1}, number = 1;
  tell("pairOfDatagrams", socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, datagrams));
  tell("pairOfRaw", socketpair(AF_UNIX, SOCK_RAW, 0, datagrams));
  tell("pairOfOthers", socketpair(AF_INET, SOCK_STREAM, 0, stream));
  tell("pair", socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream));
  tell("pairOfPackets", socketpair(AF_UNIX, SOCK_SEQPACKET, 0, datagrams));
  tell("ownDescriptor", fcntl(stream[0], F_SETOWN, getppid()));
  tell("chooseSignal", fcntl(stream[0], F_SETSIG, SIGKILL));
  tell("ownByRequest", ioctl(stream[0], FIOSETOWN, &number));
  tell("lease", fcntl(file, F_SETLEASE, F_RDLCK));
  tell("noBlocking", fcntl(stream[0], F_SETFL, O_NONBLOCK));
  tell("noBlockingByRequest", ioctl(stream[0], FIONBIO, &number));
  long flags = 0;
  tell("flagsOfFile", ioctl(file, GET_FLAGS, &flags));
  tell("setFlagsOfFile", ioctl(file, SET_FLAGS, &flags));
  struct termios terminal;
  tell("terminal", ioctl(stream[0], TCGETS, &terminal) < 0 && errno == ENOTTY ? 0 : -1);
  tell("typeIntoTerminal", ioctl(stream[0], TIOCSTI, "x"));
  tell("priorityOfAll", setpriority(PRIO_USER, 0, 19));
  tell("priorityOfParent", setpriority(PRIO_PROCESS, (id_t)getppid(), 19));
  const struct sched_param parameters = {0};
  tell("scheduleParent", sched_setscheduler(getppid(), SCHED_IDLE, &parameters));
  tell("diskOfParent", syscall(SYS_ioprio_set, 1, getppid(), 3 << 13));
  return 0;
}
