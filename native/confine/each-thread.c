#include "each-thread.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* More threads than any engine has. */
enum { MAX_THREADS = 1024 };
/* A thread answers at once, unless the machine is out of breath. */
enum { PATIENCE_SECONDS = 5 };

/*
 * The C libraries keep this signal for themselves (glibc: setuid() in all threads, musl: pthread_cancel()), and let no thread
 * block it: some of Node's threads block every other. It is borrowed for a moment in which nobody uses it.
 */
enum { BORROWED_SIGNAL = 33 };

/* Of the kernel, whose struct sigaction differs by architecture: it is only passed on. */
enum { KERNEL_SIGACTION_BYTES = 64, KERNEL_SIGSET_BYTES = 8 };

static int (*the_act)(int);
static int the_argument;
static atomic_int answered;
static atomic_int failed_errno;

static void on_signal(int signal) {
  (void)signal;
  const int before = errno;
  if (the_act(the_argument) != 0) atomic_store(&failed_errno, errno);
  errno = before;
  atomic_fetch_add(&answered, 1);
}

/* Has the C library write what the kernel wants for our handler, with another signal, and takes that for the borrowed one. */
static int borrow(unsigned char saved[KERNEL_SIGACTION_BYTES]) {
  struct sigaction ours = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, before;
  unsigned char kernels[KERNEL_SIGACTION_BYTES] = {0};
  sigfillset(&ours.sa_mask);
  if (sigaction(SIGURG, &ours, &before) != 0) return -1;
  const long read = syscall(SYS_rt_sigaction, SIGURG, NULL, kernels, KERNEL_SIGSET_BYTES);
  if (sigaction(SIGURG, &before, NULL) != 0 || read != 0) return -1;
  return (int)syscall(SYS_rt_sigaction, BORROWED_SIGNAL, kernels, saved, KERNEL_SIGSET_BYTES);
}

static void give_back(const unsigned char saved[KERNEL_SIGACTION_BYTES]) {
  syscall(SYS_rt_sigaction, BORROWED_SIGNAL, saved, NULL, KERNEL_SIGSET_BYTES);
}

/* Waits until as many threads have answered, or the one that was asked is gone. */
static int await(int count, pid_t thread) {
  struct timespec now, start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  while (atomic_load(&answered) < count) {
    if (syscall(SYS_tgkill, getpid(), thread, 0) != 0) return 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - start.tv_sec > PATIENCE_SECONDS) {
      errno = ETIMEDOUT;
      return -1;
    }
    nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
  }
  return 0;
}

struct threads {
  pid_t ids[MAX_THREADS];
  int count;
};

static int is_known(const struct threads *threads, pid_t thread) {
  for (int i = 0; i < threads->count; i++)
    if (threads->ids[i] == thread) return 1;
  return 0;
}

/* Has one thread act and wait for it. Returns 0 or -1. */
static int ask(pid_t thread) {
  const int before = atomic_load(&answered);
  if (syscall(SYS_tgkill, getpid(), thread, BORROWED_SIGNAL) != 0) return errno == ESRCH ? 0 : -1;
  if (await(before + 1, thread) != 0) return -1;
  const int failed = atomic_load(&failed_errno);
  if (failed == 0) return 0;
  errno = failed;
  return -1;
}

/* Asks the threads that were not asked yet. Returns how many those were, or -1. */
static int ask_new(struct threads *threads) {
  DIR *folder = opendir("/proc/self/task");
  if (folder == NULL) return -1;
  int found = 0;
  for (struct dirent *entry; found >= 0 && (entry = readdir(folder)) != NULL;) {
    const pid_t thread = (pid_t)atoi(entry->d_name);
    if (thread <= 0 || is_known(threads, thread)) continue;
    if (threads->count == MAX_THREADS) errno = EAGAIN;
    if (threads->count == MAX_THREADS || ask(thread) != 0) {
      found = -1;
    } else {
      threads->ids[threads->count++] = thread;
      found++;
    }
  }
  const int reason = errno;
  closedir(folder);
  errno = reason;
  return found;
}

int each_thread(int (*act)(int argument), int argument) {
  static struct threads threads;
  unsigned char saved[KERNEL_SIGACTION_BYTES] = {0};
  threads.count = 0;
  the_act = act;
  the_argument = argument;
  atomic_store(&answered, 0);
  atomic_store(&failed_errno, 0);
  if (borrow(saved) != 0) return -1;
  /* A thread that was not asked yet may have started another: only a look that finds none is the last. */
  int found;
  do found = ask_new(&threads);
  while (found > 0);
  const int reason = errno;
  /* A thread that was too slow would meet the C library's handler: then ours stays. */
  if (found == 0) give_back(saved);
  errno = reason;
  return found < 0 ? -1 : threads.count;
}
