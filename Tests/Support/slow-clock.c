// Shows a program a clock that runs slower: of so many seconds it sees one (-D SLOWNESS=4), and its timers wait as many
// times as long. It is for user-mode-linux, by LD_PRELOAD: a kernel that is slow is quick by such a clock.
//
// All the calls by which that kernel knows the time are here (arch/um/os-Linux/time.c). They can't look for the C library's
// own, since the kernel allocates memory in its own way long before it is ready.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifndef SLOWNESS
#error "-D SLOWNESS=N: how many seconds are one"
#endif

static int64_t nanoseconds(const struct timespec *time) { return time->tv_sec * INT64_C(1000000000) + time->tv_nsec; }

static struct timespec timespec(int64_t nanoseconds) {
  return (struct timespec){nanoseconds / INT64_C(1000000000), nanoseconds % INT64_C(1000000000)};
}

static struct itimerspec stretched(const struct itimerspec *times) {
  return (struct itimerspec){
      timespec(nanoseconds(&times->it_interval) * SLOWNESS), timespec(nanoseconds(&times->it_value) * SLOWNESS)};
}

// What is left of a timer that runs is never nothing.
static struct itimerspec shrunk(const struct itimerspec *times) {
  return (struct itimerspec){
      timespec(nanoseconds(&times->it_interval) / SLOWNESS),
      timespec((nanoseconds(&times->it_value) + SLOWNESS - 1) / SLOWNESS)};
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int64_t starts[2];
  if (syscall(SYS_clock_gettime, clock, time) != 0) return -1;
  if (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME) {
    int64_t *start = &starts[clock == CLOCK_REALTIME];
    if (*start == 0) *start = nanoseconds(time);
    *time = timespec(*start + (nanoseconds(time) - *start) / SLOWNESS);
  }
  return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

// The C library's timers that send signals are numbered as the kernel numbers them.
static int number(timer_t timer) { return (int)(intptr_t)timer; }

int timer_settime(
    timer_t timer, int flags, const struct itimerspec *restrict times, struct itimerspec *restrict before) {
  if (flags & TIMER_ABSTIME) {
    errno = EINVAL;
    return -1;
  }
  struct itimerspec mine = stretched(times);
  if (syscall(SYS_timer_settime, number(timer), flags, &mine, before) != 0) return -1;
  if (before != NULL) *before = shrunk(before);
  return 0;
}

int timer_gettime(timer_t timer, struct itimerspec *times) {
  if (syscall(SYS_timer_gettime, number(timer), times) != 0) return -1;
  *times = shrunk(times);
  return 0;
}
