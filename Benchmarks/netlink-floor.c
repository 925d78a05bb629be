/* Builds containers on one bridge as fast as a program can that knows nothing but netlink: the floor that `up` is
 * measured against.
 *
 *   NETWRIGHT_SANDBOX=1 netlink-floor COUNT
 *
 * Each container is a namespace under /run/netns (a bind mount, as `ip netns add` leaves it) with its loopback device up
 * and an eth0 that has a hardware address, an address of 10.0.0.0/8 and a default route by the bridge's 10.0.0.1; eth0's
 * peer is a port of the bridge br0 and up. A container takes two sendmsg(2): one request that makes the veth pair, each
 * end in its namespace under its final name, the outer end a port and up; and four requests that go into the namespace
 * together, which they can because a device's number may be chosen when it is made. Every acknowledgement is read and
 * checked. Sharing the containers among several processes gained nothing: the kernel's RTNL lock makes the work serial.
 *
 * It refuses to run outside a sandbox: NETWRIGHT_SANDBOX=1 must be set, /run be a tmpfs without namespaces, and no device
 * but lo be up.
 *
 * Build: cc -O2 -o netlink-floor netlink-floor.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
  BRIDGE_INDEX = 2,
  FIRST_PORT_INDEX = 100,
  ETH0_INDEX = 2,
  LOOPBACK_INDEX = 1,
  MAXIMUM = 1023, /* the ports of a bridge: BR_MAX_PORTS, net/bridge/br_private.h */
};

static const uint32_t gateway = 0x0a000001; /* 10.0.0.1/8 */

static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("netlink-floor: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

/* Requests that go out together. */
struct batch {
  uint32_t length;
  uint32_t first;    /* the sequence number of the first request */
  uint32_t next;     /* the sequence number of the next request */
  size_t open;       /* where the request begins that is being written */
  const char *names[8];
  _Alignas(NLMSG_ALIGNTO) unsigned char bytes[2048];
};

static void *reserve(struct batch *batch, size_t size) {
  size_t aligned = NLMSG_ALIGN(size);
  if (batch->length + aligned > sizeof batch->bytes) die("a batch is too small");
  void *place = batch->bytes + batch->length;
  memset(place, 0, aligned);
  batch->length += (uint32_t)aligned;
  return place;
}

/* Starts a request; `name` is what a failure is reported as. */
static void *begin(struct batch *batch, const char *name, uint16_t type, uint16_t flags, size_t size) {
  if (batch->next - batch->first >= sizeof batch->names / sizeof *batch->names) die("a batch is too small");
  batch->names[batch->next - batch->first] = name;
  batch->open = batch->length;
  struct nlmsghdr *header = reserve(batch, sizeof *header);
  header->nlmsg_type = type;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
  header->nlmsg_seq = batch->next++;
  return reserve(batch, size);
}

static void end(struct batch *batch) {
  struct nlmsghdr *header = (struct nlmsghdr *)(batch->bytes + batch->open);
  header->nlmsg_len = (uint32_t)(batch->length - batch->open);
}

static void attribute(struct batch *batch, uint16_t type, const void *value, size_t size) {
  struct rtattr *attribute = reserve(batch, RTA_LENGTH(size));
  attribute->rta_type = type;
  attribute->rta_len = (uint16_t)RTA_LENGTH(size);
  memcpy(RTA_DATA(attribute), value, size);
}

static void text(struct batch *batch, uint16_t type, const char *value) {
  attribute(batch, type, value, strlen(value) + 1);
}

static void number(struct batch *batch, uint16_t type, uint32_t value) {
  attribute(batch, type, &value, sizeof value);
}

/* Starts an attribute that holds others; the result is for `close_nest`. */
static size_t open_nest(struct batch *batch, uint16_t type) {
  size_t place = batch->length;
  struct rtattr *attribute = reserve(batch, RTA_LENGTH(0));
  attribute->rta_type = type;
  return place;
}

static void close_nest(struct batch *batch, size_t place) {
  struct rtattr *attribute = (struct rtattr *)(batch->bytes + place);
  attribute->rta_len = (uint16_t)(batch->length - place);
}

static int open_netlink(void) {
  int socket_ = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (socket_ < 0) die("socket: %s", strerror(errno));
  int on = 1;
  setsockopt(socket_, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  return socket_;
}

/* Sends a batch and reads an acknowledgement for each of its requests. */
static void run(int socket_, struct batch *batch) {
  if (send(socket_, batch->bytes, batch->length, 0) != (ssize_t)batch->length) die("send: %s", strerror(errno));
  uint32_t missing = batch->next - batch->first;
  while (missing > 0) {
    _Alignas(NLMSG_ALIGNTO) unsigned char reply[8192];
    ssize_t size = recv(socket_, reply, sizeof reply, 0);
    if (size < 0) die("recv: %s", strerror(errno));
    unsigned int rest = (unsigned int)size;
    for (struct nlmsghdr *header = (struct nlmsghdr *)reply; NLMSG_OK(header, rest); header = NLMSG_NEXT(header, rest)) {
      if (header->nlmsg_type != NLMSG_ERROR) die("an answer that is no acknowledgement");
      uint32_t index = header->nlmsg_seq - batch->first;
      if (index >= batch->next - batch->first) die("an acknowledgement of something else");
      int error = ((struct nlmsgerr *)NLMSG_DATA(header))->error;
      if (error != 0) die("%s: %s", batch->names[index], strerror(-error));
      missing--;
    }
  }
  batch->first = batch->next;
  batch->length = 0;
}

static void set_up(struct batch *batch, const char *name, int index) {
  struct ifinfomsg *link = begin(batch, name, RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = index;
  link->ifi_flags = IFF_UP;
  link->ifi_change = IFF_UP;
  end(batch);
}

static void add_address(struct batch *batch, int index, uint32_t address) {
  struct ifaddrmsg *message = begin(batch, "add address", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *message);
  message->ifa_family = AF_INET;
  message->ifa_prefixlen = 8;
  message->ifa_index = (uint32_t)index;
  uint32_t local = htonl(address), broadcast = htonl(0x0affffff);
  attribute(batch, IFA_LOCAL, &local, sizeof local);
  attribute(batch, IFA_ADDRESS, &local, sizeof local);
  attribute(batch, IFA_BROADCAST, &broadcast, sizeof broadcast);
  end(batch);
}

static void add_default_route(struct batch *batch) {
  struct rtmsg *route = begin(batch, "add route", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *route);
  route->rtm_family = AF_INET;
  route->rtm_table = RT_TABLE_MAIN;
  route->rtm_protocol = RTPROT_BOOT;
  route->rtm_scope = RT_SCOPE_UNIVERSE;
  route->rtm_type = RTN_UNICAST;
  uint32_t by = htonl(gateway);
  attribute(batch, RTA_GATEWAY, &by, sizeof by);
  number(batch, RTA_OIF, ETH0_INDEX);
  end(batch);
}

static void hardware_address(struct batch *batch, uint32_t address) {
  unsigned char octets[6] = {0x02, 0x42, address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255};
  attribute(batch, IFLA_ADDRESS, octets, sizeof octets);
}

/* Makes a port of the bridge, up, and its peer, eth0, in the namespace that `inside` is open on. */
static void add_veth(struct batch *batch, unsigned container, int inside) {
  struct ifinfomsg *link = begin(batch, "add veth pair", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
  link->ifi_index = FIRST_PORT_INDEX + (int)container;
  link->ifi_flags = IFF_UP;
  link->ifi_change = IFF_UP;
  char name[IFNAMSIZ];
  snprintf(name, sizeof name, "v%u", container);
  text(batch, IFLA_IFNAME, name);
  number(batch, IFLA_MASTER, BRIDGE_INDEX);
  size_t info = open_nest(batch, IFLA_LINKINFO);
  text(batch, IFLA_INFO_KIND, "veth");
  size_t data = open_nest(batch, IFLA_INFO_DATA);
  size_t peer = open_nest(batch, VETH_INFO_PEER);
  struct ifinfomsg *other = reserve(batch, sizeof *other);
  other->ifi_index = ETH0_INDEX;
  text(batch, IFLA_IFNAME, "eth0");
  hardware_address(batch, gateway + 1 + container);
  number(batch, IFLA_NET_NS_FD, (uint32_t)inside);
  close_nest(batch, peer);
  close_nest(batch, data);
  close_nest(batch, info);
  end(batch);
}

static void add_bridge(int socket_, struct batch *batch) {
  struct ifinfomsg *link = begin(batch, "add bridge", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
  link->ifi_index = BRIDGE_INDEX;
  text(batch, IFLA_IFNAME, "br0");
  hardware_address(batch, gateway);
  size_t info = open_nest(batch, IFLA_LINKINFO);
  text(batch, IFLA_INFO_KIND, "bridge");
  close_nest(batch, info);
  end(batch);
  add_address(batch, BRIDGE_INDEX, gateway);
  set_up(batch, "set bridge up", BRIDGE_INDEX);
  run(socket_, batch);
}

/* Leaves this process in a new namespace that has a name. */
static void add_namespace(unsigned container) {
  char path[64];
  snprintf(path, sizeof path, "/run/netns/c%u", container);
  int file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  if (file < 0) die("%s: %s", path, strerror(errno));
  close(file);
  if (unshare(CLONE_NEWNET) != 0) die("unshare: %s", strerror(errno));
  if (mount("/proc/self/ns/net", path, "none", MS_BIND, NULL) != 0) die("mount %s: %s", path, strerror(errno));
}

static void build(int host, unsigned count) {
  struct batch batch = {.first = 1, .next = 1};
  add_bridge(host, &batch);
  for (unsigned container = 0; container < count; container++) {
    add_namespace(container);
    int namespace = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (namespace < 0) die("/proc/self/ns/net: %s", strerror(errno));
    int inside = open_netlink();
    add_veth(&batch, container, namespace);
    run(host, &batch);
    set_up(&batch, "set loopback up", LOOPBACK_INDEX);
    add_address(&batch, ETH0_INDEX, gateway + 1 + container);
    set_up(&batch, "set eth0 up", ETH0_INDEX);
    add_default_route(&batch);
    run(inside, &batch);
    close(inside);
    close(namespace);
  }
}

static void require_sandbox(void) {
  const char *promise = getenv("NETWRIGHT_SANDBOX");
  struct statfs run_;
  if (!promise || strcmp(promise, "1") != 0) die("NETWRIGHT_SANDBOX is not 1: this is for a sandbox");
  if (statfs("/run", &run_) != 0 || run_.f_type != TMPFS_MAGIC) die("/run is no tmpfs: this is for a sandbox");
  if (mkdir("/run/netns", 0755) != 0 && errno != EEXIST) die("/run/netns: %s", strerror(errno));
  if (rmdir("/run/netns") != 0) die("there are namespaces in /run/netns: this is for a fresh sandbox");

  int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct if_nameindex *devices = if_nameindex();
  if (probe < 0 || !devices) die("cannot look at the devices: %s", strerror(errno));
  for (struct if_nameindex *device = devices; device->if_index != 0; device++) {
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device->if_name);
    if (ioctl(probe, SIOCGIFFLAGS, &request) != 0) die("%s: %s", device->if_name, strerror(errno));
    if ((request.ifr_flags & IFF_UP) && !(request.ifr_flags & IFF_LOOPBACK)) {
      die("%s is up: this is for a sandbox without devices", device->if_name);
    }
  }
  if_freenameindex(devices);
  close(probe);
}

/* The folder as `ip netns` makes it: a mount of its own, shared, so that mounts in it are seen everywhere. */
static void make_folder(void) {
  if (mkdir("/run/netns", 0755) != 0) die("/run/netns: %s", strerror(errno));
  if (mount("/run/netns", "/run/netns", "none", MS_BIND | MS_REC, NULL) != 0 ||
      mount("", "/run/netns", "none", MS_SHARED | MS_REC, NULL) != 0) {
    die("mount /run/netns: %s", strerror(errno));
  }
}

static unsigned argument(const char *value, long most) {
  char *rest;
  long result = strtol(value, &rest, 10);
  if (*value == 0 || *rest != 0 || result < 1 || result > most) die("%s: a number from 1 to %ld is needed", value, most);
  return (unsigned)result;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: NETWRIGHT_SANDBOX=1 netlink-floor COUNT\n", stderr);
    return 2;
  }
  unsigned count = argument(argv[1], MAXIMUM);
  require_sandbox();
  make_folder();
  build(open_netlink(), count);
  return 0;
}
