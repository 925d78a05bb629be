/* Has every one of N namespaces ping every other in the kernel, one ping after another, and prints the seconds that took
 * and how many were answered: `ping-pairs N`, where the script of generate.sh's N.yaml has brought them up.
 *
 * The kernel keeps the neighbors of all namespaces in one table of a thousand (gc_thresh3). So the two of a pair ping each
 * other in turn, the first with ARP, and then forget each other, which isn't timed. Runs only in a sandbox that says so:
 * NETWRIGHT_SANDBOX=1, and a tmpfs on /run. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/icmp.h>
#include <linux/magic.h>
#include <net/if_arp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1000 };

static void fail(const char *what) {
  perror(what);
  exit(3);
}

static struct sockaddr_in address(int index) {
  struct sockaddr_in result = {.sin_family = AF_INET};
  result.sin_addr.s_addr = htonl(0x0a000002 + (unsigned)index);
  return result;
}

/* A raw socket in a namespace that hears echo replies alone. */
static int open_socket(int index) {
  char path[64];
  snprintf(path, sizeof path, "/run/netns/service-%d", index);
  int space = open(path, O_RDONLY | O_CLOEXEC);
  if (space < 0 || setns(space, CLONE_NEWNET)) fail(path);
  close(space);
  int number = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
  struct icmp_filter filter = {~(1U << ICMP_ECHOREPLY)};
  struct timeval limit = {1, 0};
  if (number < 0 || setsockopt(number, SOL_RAW, ICMP_FILTER, &filter, sizeof filter) ||
      setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit))
    fail("socket");
  return number;
}

static unsigned short checksum(const unsigned short *words, size_t count) {
  unsigned long sum = 0;
  while (count--) sum += *words++;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return (unsigned short)~sum;
}

static int ping(int socket, int source, int target) {
  union {
    struct icmphdr header;
    unsigned short words[32];
  } request = {0};
  struct sockaddr_in to = address(target);
  char answer[256];
  request.header.type = ICMP_ECHO;
  request.header.un.echo.id = htons((unsigned short)source);
  request.header.un.echo.sequence = htons((unsigned short)target);
  request.header.checksum = checksum(request.words, 32);
  if (sendto(socket, &request, sizeof request, 0, (struct sockaddr *)&to, sizeof to) < 0) return 0;
  return recv(socket, answer, sizeof answer, 0) > 0;
}

static void forget(int socket, int index) {
  struct sockaddr_in whom = address(index);
  struct arpreq request = {.arp_dev = "eth0"};
  memcpy(&request.arp_pa, &whom, sizeof whom);
  if (ioctl(socket, SIOCDARP, &request)) fail("forget");
}

int main(int argc, char **argv) {
  static int sockets[MOST];
  struct statfs run;
  int count = argc == 2 ? atoi(argv[1]) : 0;
  if (count < 2 || count > MOST || getenv("NETWRIGHT_SANDBOX") == NULL || statfs("/run", &run) ||
      run.f_type != TMPFS_MAGIC)
    return fprintf(stderr, "usage, in a sandbox: ping-pairs N\n"), 2;
  for (int index = 0; index < count; index++) sockets[index] = open_socket(index);
  double seconds = 0;
  long answered = 0;
  for (int one = 0; one < count; one++)
    for (int other = one + 1; other < count; other++) {
      struct timespec start, end;
      clock_gettime(CLOCK_MONOTONIC, &start);
      answered += ping(sockets[one], one, other) + ping(sockets[other], other, one);
      clock_gettime(CLOCK_MONOTONIC, &end);
      seconds += (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
      forget(sockets[one], other);
      forget(sockets[other], one);
    }
  printf("%.6f %ld\n", seconds, answered);
  return answered == (long)count * (count - 1) ? 0 : 1;
}
