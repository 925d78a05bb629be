/* Runs a command and appends a line to a file: its wall time in milliseconds and its peak memory in KiB.
 *
 *   peak OUTPUT COMMAND [ARGUMENT]...     exits as the command does
 *
 * The memory is ru_maxrss of getrusage(2): the largest resident set among the command and its children that it waited for.
 *
 * Build: cc -O2 -o peak peak.c
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fputs("usage: peak OUTPUT COMMAND [ARGUMENT]...\n", stderr);
    return 2;
  }
  double start = milliseconds();
  pid_t child;
  int error = posix_spawnp(&child, argv[2], NULL, NULL, argv + 2, environ);
  if (error != 0) {
    fprintf(stderr, "peak: %s: %s\n", argv[2], strerror(error));
    return 127;
  }
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) {
    if (errno != EINTR) return 126;
  }
  double time = milliseconds() - start;
  FILE *output = fopen(argv[1], "a");
  if (!output) {
    fprintf(stderr, "peak: %s: %s\n", argv[1], strerror(errno));
    return 126;
  }
  fprintf(output, "%.3f %ld\n", time, usage.ru_maxrss);
  fclose(output);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
