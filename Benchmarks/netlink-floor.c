/* Builds N containers on one bridge with netlink alone: what no script can be faster than.
 *
 * For each: a named namespace as `ip netns add` makes it, a veth pair whose peer is born in it under its final name and
 * hardware address, the host's end a port of the bridge and up; inside, loopback up, no IPv6 link-local address, an
 * address, the device up, a default route. Runs only in a sandbox that says so: NETWRIGHT_SANDBOX=1, and a tmpfs on /run. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/magic.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static char request[1024];
static struct nlmsghdr *const header = (struct nlmsghdr *)request;

static void fail(const char *what) {
  perror(what);
  exit(3);
}

static void *begin(int type, int flags, size_t body) {
  memset(request, 0, sizeof request);
  header->nlmsg_len = NLMSG_LENGTH(body);
  header->nlmsg_type = (unsigned short)type;
  header->nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
  return NLMSG_DATA(header);
}

static struct rtattr *put(int type, const void *data, size_t size) {
  struct rtattr *attribute = (struct rtattr *)(request + NLMSG_ALIGN(header->nlmsg_len));
  attribute->rta_type = (unsigned short)type;
  attribute->rta_len = (unsigned short)RTA_LENGTH(size);
  if (size) memcpy(RTA_DATA(attribute), data, size);
  header->nlmsg_len = NLMSG_ALIGN(header->nlmsg_len) + RTA_ALIGN(attribute->rta_len);
  return attribute;
}

static void end(struct rtattr *nest) {
  nest->rta_len = (unsigned short)(request + header->nlmsg_len - (char *)nest);
}

static void talk(int socket, const char *what) {
  char answer[4096];
  if (send(socket, request, header->nlmsg_len, 0) < 0) fail(what);
  if (recv(socket, answer, sizeof answer, 0) < 0) fail(what);
  const struct nlmsghdr *reply = (const struct nlmsghdr *)answer;
  const struct nlmsgerr *error = NLMSG_DATA(reply);
  if (reply->nlmsg_type == NLMSG_ERROR && error->error) {
    errno = -error->error;
    fail(what);
  }
}

static int open_socket(void) {
  int number = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (number < 0) fail("socket");
  return number;
}

static void set_up(int socket, int index, int master) {
  struct ifinfomsg *link = begin(RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = index;
  link->ifi_flags = link->ifi_change = IFF_UP;
  if (master) put(IFLA_MASTER, &master, sizeof master);
  talk(socket, "set up");
}

/* Without this every device that goes up sends IPv6 multicast, which the bridge floods to all others: the plan turns it
 * off where a network has no IPv6, and the floor has to end in the same state. */
static void set_no_link_local_address(int socket, int index) {
  unsigned char mode = IN6_ADDR_GEN_MODE_NONE;
  struct ifinfomsg *link = begin(RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = index;
  struct rtattr *families = put(IFLA_AF_SPEC, NULL, 0);
  struct rtattr *family = put(AF_INET6, NULL, 0);
  put(IFLA_INET6_ADDR_GEN_MODE, &mode, sizeof mode);
  end(family);
  end(families);
  talk(socket, "set addrgenmode");
}

static void add_address(int socket, int index, in_addr_t address, unsigned char length) {
  struct ifaddrmsg *body = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *body);
  body->ifa_family = AF_INET;
  body->ifa_prefixlen = length;
  body->ifa_index = (unsigned)index;
  put(IFA_LOCAL, &address, sizeof address);
  put(IFA_ADDRESS, &address, sizeof address);
  talk(socket, "add address");
}

static void add_default_route(int socket, int index, in_addr_t gateway) {
  struct rtmsg *route = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *route);
  route->rtm_family = AF_INET;
  route->rtm_table = RT_TABLE_MAIN;
  route->rtm_protocol = RTPROT_BOOT;
  route->rtm_scope = RT_SCOPE_UNIVERSE;
  route->rtm_type = RTN_UNICAST;
  put(RTA_GATEWAY, &gateway, sizeof gateway);
  put(RTA_OIF, &index, sizeof index);
  talk(socket, "add route");
}

static int add_bridge(int socket, const char *name) {
  struct ifinfomsg *link = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
  (void)link;
  put(IFLA_IFNAME, name, strlen(name) + 1);
  struct rtattr *info = put(IFLA_LINKINFO, NULL, 0);
  put(IFLA_INFO_KIND, "bridge", sizeof "bridge");
  end(info);
  talk(socket, "add bridge");
  return (int)if_nametoindex(name);
}

static int add_pair(int socket, const char *name, int master, int namespace, in_addr_t address) {
  unsigned char hardware[6] = {2, 0x42};
  memcpy(hardware + 2, &address, 4);
  struct ifinfomsg *link = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
  link->ifi_flags = link->ifi_change = IFF_UP;
  put(IFLA_IFNAME, name, strlen(name) + 1);
  put(IFLA_MASTER, &master, sizeof master);
  struct rtattr *info = put(IFLA_LINKINFO, NULL, 0);
  put(IFLA_INFO_KIND, "veth", sizeof "veth");
  struct rtattr *data = put(IFLA_INFO_DATA, NULL, 0);
  struct ifinfomsg none = {0};
  struct rtattr *peer = put(VETH_INFO_PEER, &none, sizeof none);
  put(IFLA_IFNAME, "eth0", sizeof "eth0");
  put(IFLA_ADDRESS, hardware, sizeof hardware);
  put(IFLA_NET_NS_FD, &namespace, sizeof namespace);
  end(peer);
  end(data);
  end(info);
  talk(socket, "add pair");
  return 0;
}

static int add_namespace(const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/run/netns/%s", name);
  int file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  if (file < 0) fail(path);
  close(file);
  if (unshare(CLONE_NEWNET)) fail("unshare");
  if (mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL)) fail("mount");
  return open(path, O_RDONLY | O_CLOEXEC);
}

int main(int argc, char **argv) {
  struct statfs run;
  if (argc != 2 || getenv("NETWRIGHT_SANDBOX") == NULL || statfs("/run", &run) || run.f_type != TMPFS_MAGIC)
    return fprintf(stderr, "usage, in a sandbox: netlink-floor N\n"), 2;
  int count = atoi(argv[1]);
  int host = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  int host_socket = open_socket();
  mkdir("/run/netns", 0755);
  int bridge = add_bridge(host_socket, "br-lan");
  add_address(host_socket, bridge, htonl(0x0a000001), 8);
  set_up(host_socket, bridge, 0);
  for (int index = 0; index < count; index++) {
    char name[16], device[16];
    in_addr_t address = htonl(0x0a000002 + (unsigned)index);
    snprintf(name, sizeof name, "c%d", index);
    snprintf(device, sizeof device, "v-c%d", index);
    int namespace = add_namespace(name);
    int inner = open_socket();
    if (setns(host, CLONE_NEWNET)) fail("setns");
    add_pair(host_socket, device, bridge, namespace, address);
    /* Loopback is device 1, the veth's end the next; the socket stays in the namespace that it was opened in. */
    set_up(inner, 1, 0);
    set_no_link_local_address(inner, 2);
    add_address(inner, 2, address, 8);
    set_up(inner, 2, 0);
    add_default_route(inner, 2, htonl(0x0a000001));
    close(inner);
    close(namespace);
  }
  return 0;
}
