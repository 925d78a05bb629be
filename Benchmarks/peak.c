/* Runs a command and writes its wall time in seconds and its peak resident memory in kilobytes to a file:
 * `peak FILE COMMAND…`.
 *
 * A peak counts from the program that a command was started by (exec_mmap, fs/exec.c), which is why this is a small one.
 * The command's exit status becomes this program's; 127 when it can't be run. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: peak FILE COMMAND...\n"), 2;
  FILE *file = fopen(argv[1], "w");
  if (file == NULL) return perror(argv[1]), 1;
  struct timespec start, end;
  struct rusage usage;
  int status;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pid_t child = vfork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return perror("peak"), 1;
  clock_gettime(CLOCK_MONOTONIC, &end);
  double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
  fprintf(file, "%.6f %ld\n", seconds, usage.ru_maxrss);
  if (fclose(file)) return perror(argv[1]), 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
