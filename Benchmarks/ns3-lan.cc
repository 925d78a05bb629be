/* Has every one of N hosts on one LAN ping every other in ns-3 (Debian's libns3-dev), one ping after another, and prints
 * the seconds that the simulation ran and how many pings were answered: `ns3-lan N`.
 *
 * The LAN is as Netwright's: each host has a cable of its own to a learning bridge, and an ARP cache that starts empty. A
 * ping is an ICMP echo with 56 bytes of data, sent and received by a raw socket as ns-3's own ping application does. */
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "ns3/bridge-module.h"
#include "ns3/core-module.h"
#include "ns3/csma-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"

using namespace ns3;

static std::vector<Ptr<Socket>> sockets;
static std::vector<Ipv4Address> addresses;
static unsigned source = 0, target = 0;
static unsigned long sent = 0, answered = 0;

/* Sends the next ping, if there is one. */
static void ping() {
  target += target + 1 == source ? 2 : 1;
  if (target >= addresses.size()) {
    if (++source >= addresses.size()) return Simulator::Stop();
    target = 0;
  }
  Icmpv4Echo echo;
  echo.SetIdentifier((uint16_t)source);
  echo.SetSequenceNumber((uint16_t)target);
  echo.SetData(Create<Packet>(56));
  Icmpv4Header header;
  header.SetType(Icmpv4Header::ICMPV4_ECHO);
  header.SetCode(0);
  Ptr<Packet> packet = Create<Packet>();
  packet->AddHeader(echo);
  packet->AddHeader(header);
  sent++;
  sockets[source]->SendTo(packet, 0, InetSocketAddress(addresses[target], 0));
}

/* Takes in what a raw socket has: the request at the one end, the answer at the other. */
static void receive(Ptr<Socket> socket) {
  while (Ptr<Packet> packet = socket->Recv()) {
    Ipv4Header internet;
    Icmpv4Header header;
    packet->RemoveHeader(internet);
    packet->RemoveHeader(header);
    if (header.GetType() != Icmpv4Header::ICMPV4_ECHO_REPLY) continue;
    answered++;
    Simulator::ScheduleNow(&ping);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: ns3-lan N\n"), 2;
  /* By default a request for an address waits a while, lest all hosts ask at once; here one asks at a time. */
  Config::SetDefault("ns3::ArpL3Protocol::RequestJitter", StringValue("ns3::ConstantRandomVariable[Constant=0]"));
  NodeContainer hosts, bridge;
  hosts.Create((unsigned)atoi(argv[1]));
  bridge.Create(1);
  CsmaHelper cable;
  cable.SetChannelAttribute("DataRate", StringValue("10Gbps"));
  cable.SetChannelAttribute("Delay", TimeValue(MicroSeconds(1)));
  NetDeviceContainer ends, ports;
  for (unsigned index = 0; index < hosts.GetN(); index++) {
    NetDeviceContainer link = cable.Install(NodeContainer(hosts.Get(index), bridge.Get(0)));
    ends.Add(link.Get(0));
    ports.Add(link.Get(1));
  }
  BridgeHelper().Install(bridge.Get(0), ports);
  InternetStackHelper stack;
  stack.SetIpv6StackInstall(false);
  stack.Install(hosts);
  Ipv4InterfaceContainer interfaces = Ipv4AddressHelper("10.0.0.0", "255.255.0.0").Assign(ends);
  for (unsigned index = 0; index < hosts.GetN(); index++) {
    addresses.push_back(interfaces.GetAddress(index));
    sockets.push_back(Socket::CreateSocket(hosts.Get(index), TypeId::LookupByName("ns3::Ipv4RawSocketFactory")));
    sockets[index]->SetAttribute("Protocol", UintegerValue(1));
    sockets[index]->SetRecvCallback(MakeCallback(&receive));
    sockets[index]->Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
  }
  Simulator::Schedule(Seconds(1), &ping);
  auto before = std::chrono::steady_clock::now();
  Simulator::Run();
  std::chrono::duration<double> span = std::chrono::steady_clock::now() - before;
  Simulator::Destroy();
  printf("%.6f %lu\n", span.count(), answered);
  return answered == sent ? 0 : 1;
}
