import NetworkTypes
import Packets
import Plan
import Simulator

extension WalkBuilder {
  func step(_ time: Instant, _ device: DeviceID, _ kind: Walk.Kind, _ text: String) -> Walk.Step {
    let isOfMachine = kernel[device].name == .loopback
    let place =
      switch kind {
      case .switch, .flood, .learnPort: entity(of: device)
      case .send, .drop: kernel[device].port == nil ? machine(of: device) : entity(of: device)
      case .filter, .route, .ask, .giveUp, .learnNeighbor, .ignore, .deliver, .encapsulate, .decapsulate, .tag,
        .fragment:
        machine(of: device)
      }
    return Walk.Step(
      time: time.since(start).nanoseconds, place: place, device: isOfMachine ? nil : name(device), kind: kind,
      text: text,
      frame: nil, route: nil, hop: nil, isDetail: false)
  }

  func name(_ device: DeviceID) -> String { kernel[device].name.text }

  func machine(of device: DeviceID) -> String { machine(kernel[device].namespace, kernel) }

  /// The bridge that a device is a port of, or is; else the machine that it is in.
  func entity(of device: DeviceID) -> String {
    if case .bridge = kernel[device].kind { return bridgeName(device) }
    if let master = kernel[device].master, case .bridge = kernel[master].kind { return bridgeName(master) }
    return machine(of: device)
  }

  func bridgeName(_ bridge: DeviceID) -> String {
    kernel[bridge].namespace == .host ? name(bridge) : "\(name(bridge)) in \(machine(of: bridge))"
  }

  func machine(_ namespace: NamespaceID, _ kernel: Kernel) -> String {
    kernel[namespace].name?.text ?? "host"
  }

  /// What a rule's line begins with: the machine, which stands before each step anyway.
  func prefix(of namespace: NamespaceID) -> String { "\(machine(namespace, kernel)): " }

  /// What devices say of themselves from time to time, whoever talks.
  func isNoise(_ frame: Frame) -> Bool {
    switch frame.payload {
    case .arp: false
    case .ip(let packet): isNoise(packet)
    case .spanningTree: true
    }
  }

  func isNoise(_ packet: IPPacket) -> Bool {
    switch packet.payload {
    case .listenerReport, .neighborDiscovery(.routerSolicitation), .neighborDiscovery(.duplicateProbe): true
    case .icmp, .udp, .tcp, .fragment, .neighborDiscovery(.solicitation), .neighborDiscovery(.advertisement): false
    }
  }

  func tag(of frame: Frame) -> String { frame.tag.map { " vlan \($0.id)" } ?? "" }

  func facts(_ frame: Frame) -> Walk.FrameFacts {
    Walk.FrameFacts(
      source: frame.source, destination: frame.destination, vlan: frame.tag?.id, length: frame.length,
      summary: frame.summary)
  }

  /// Between which machines or bridges what a device sends goes.
  func hop(from device: DeviceID) -> Walk.Hop? {
    switch kernel[device].kind {
    case .veth(let peer): Walk.Hop(from: entity(of: device), to: entity(of: peer))
    case .bridge: Walk.Hop(from: machine(of: device), to: bridgeName(device))
    case .macvlan(let parent, _), .ipvlan(let parent, _):
      entity(of: device) == entity(of: parent) ? nil : Walk.Hop(from: entity(of: device), to: entity(of: parent))
    case .loopback, .dummy, .bond, .vrf, .vlan, .vxlan, .outside: nil
    }
  }

  /// The machine that has a hardware address.
  func owner(of address: MACAddress) -> String? {
    kernel.devices.first { $0.address == address && $0.port == nil && !$0.isRemoved }
      .map { machine($0.namespace, kernel) }
  }

  /// Why a route wins: the longest prefix, of those as long the lowest metric; what would win by that and doesn't is
  /// passed over, as without a carrier (fib_table_lookup, find_rr_leaf).
  func reason(for route: TableRoute, among others: [TableRoute]) -> String {
    let length = route.destination.length
    guard !others.isEmpty else { return length == 0 ? "nothing is more specific" : "no other fits" }
    let wider = others.filter { $0.destination.length < length }
    let later = others.filter { $0.destination.length == length && $0.metric > route.metric }
    let passedOver = others.filter { !wider.contains($0) && !later.contains($0) }
    let reasons = [
      ("more specific than", wider.map(shortText)),
      ("lower metric than", later.map { "\(shortText(of: $0)) metric \($0.metric)" }),
      ("passing over", passedOver.map(shortText)),
    ]
    return reasons.filter { !$0.1.isEmpty }.map { "\($0) \($1.joined(separator: ", "))" }.joined(separator: ", ")
  }

  func shortText(of route: TableRoute) -> String {
    var text = destinationText(route.destination)
    if route.type != .unicast { text = "\(route.type.rawValue) \(text)" }
    let ways = route.livingHops
    for hop in ways.prefix(1) {
      if let gateway = hop.gateway { text += " via \(gateway)" }
      text += " dev \(name(hop.device))"
    }
    return ways.count > 1 ? text + " (one of \(ways.count) ways)" : text
  }
}
