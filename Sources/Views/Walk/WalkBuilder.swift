import NetworkTypes
import Packets
import Plan
package import Simulator

extension Walk {
  /// Tells what was written down about an exchange.
  ///
  /// - Parameters:
  ///   - entries: what happened, in order.
  ///   - kernel: the machine, for names.
  package init(_ entries: [Recorder.Entry], in kernel: Kernel) {
    var builder = WalkBuilder(kernel: kernel, start: entries.first?.time ?? .start)
    for entry in entries { builder.add(entry.event, at: entry.time) }
    builder.flush()
    self = builder.walk
  }
}

/// Puts what happens into stages: a look-up, a question for a hardware address, a frame's way over a link.
struct WalkBuilder {
  let kernel: Kernel
  let start: Instant
  var walk = Walk()
  /// What the present stage is about.
  private var subject: Subject?
  private var titles: [String: Int] = [:]
  /// What bridges have learned from the frame whose step comes next.
  private var learned: [Walk.Step] = []

  init(kernel: Kernel, start: Instant) {
    self.kernel = kernel
    self.start = start
  }

  /// What a stage is about; steps about the same stay in it.
  enum Subject: Hashable {
    case route(NamespaceID, IPAddress)
    case neighbor(IPAddress)
    case carry(from: MACAddress, to: MACAddress, String)
    case tunnel(DeviceID)
  }

  mutating func add(_ event: Event, at time: Instant) {
    switch event {
    case .sent(let frame, let device): sent(frame, device, time)
    case .received(let frame, let device): received(frame, device, time)
    case .asked(let key):
      begin(.neighbor(key.address), key.device)
      put(time, key.device, .ask, "doesn't know the hardware address of \(key.address): asks on \(name(key.device))")
    case .gaveUp(let key):
      begin(.neighbor(key.address), key.device)
      put(time, key.device, .giveUp, "has asked in vain: gives \(key.address) up")
    case .learnedNeighbor(let key, let hardware):
      if case .neighbor? = subject {} else { begin(.neighbor(key.address), key.device) }
      put(
        time, key.device, .learnNeighbor,
        "notes: \(key.address) is at \(hardware) (neighbor table, \(name(key.device)))")
    case .learnedPort(let address, let vlan, let port):
      guard let master = kernel[port].master else { return }
      let suffix = vlan == 0 ? "" : " in VLAN \(vlan)"
      var step = step(time, master, .learnPort, "learns: \(address) is behind \(name(port))\(suffix)")
      step.device = name(port)
      learned.append(step)
    case .switched(let frame, let bridge, let port):
      begin(subject(of: frame), bridge, frame)
      put(time, bridge, .switch, "knows \(frame.destination): out by \(name(port)) alone", frame)
    case .flooded(let frame, let bridge, let ports): flooded(frame, bridge, ports, time)
    case .routed(let packet, let namespace, let route, let table, let input):
      routed(packet, namespace, route, table, input, time)
    case .delivered(let packet, let namespace):
      guard !isNoise(packet) else { return }
      guard let device = kernel[namespace].devices[.loopback] else { return }
      put(time, device, .deliver, "takes it in: \(packet.summary)")
    case .encapsulated(let frame, let device):
      begin(.tunnel(device), device)
      put(time, device, .encapsulate, "\(name(device)) puts the frame into a datagram: \(frame.summary)", frame)
    case .decapsulated(let frame, let device):
      begin(.tunnel(device), device)
      put(time, device, .decapsulate, "\(name(device)) takes the frame out of the datagram: \(frame.summary)", frame)
    case .fragmented(let packet, let parts, let mtu, let device):
      put(time, device, .fragment, "\(packet.length) bytes are more than the MTU of \(mtu): \(parts) fragments")
    case .met(let rule):
      guard let line = ruleText(rule, in: kernel), let device = kernel[rule.namespace].devices[.loopback] else {
        return
      }
      put(
        time, device, .filter,
        line.hasPrefix(prefix(of: rule.namespace)) ? String(line.dropFirst(prefix(of: rule.namespace).count)) : line)
    case .logged(let packet):
      guard let device = kernel[packet.namespace].devices[.loopback] else { return }
      put(time, device, .filter, "logs \(logText(packet, in: kernel).dropLast())")
    case .dropped(_, .otherHost, _): return
    case .dropped(let what, let reason, let device):
      if case .packet(let packet) = what, isNoise(packet) { return }
      if case .frame(let frame) = what, isNoise(frame) { return }
      put(time, device, .drop, "\(name(device)) drops it: \(words(for: reason))")
    }
  }

  // MARK: Frames

  private mutating func sent(_ frame: Frame, _ device: DeviceID, _ time: Instant) {
    guard !isNoise(frame) else { return }
    begin(subject(of: frame), device, frame)
    if case .vlan(let parent, let id) = kernel[device].kind {
      put(time, device, .tag, "\(name(device)) hands the frame to \(name(parent)) with the tag of VLAN \(id)", frame)
      return
    }
    var step = step(
      time, device, .send,
      "\(name(device)) sends \(frame.source) > \(frame.destination)\(tag(of: frame))  \(frame.summary)")
    step.frame = facts(frame)
    step.hop = hop(from: device)
    // What leaves by the port of a bridge has been told as the bridge's switching or flooding.
    step.isDetail = kernel[device].port != nil
    if !step.isDetail { flush() }
    append(step)
  }

  /// Who hears a question that isn't for it keeps silent: that is worth telling.
  private mutating func received(_ frame: Frame, _ device: DeviceID, _ time: Instant) {
    guard case .arp(let packet) = frame.payload, packet.operation == .request, frame.destination == .broadcast,
      kernel[device].port == nil, kernel[device].kind != .loopback
    else { return }
    let namespace = kernel[device].namespace
    let isOwn = kernel.devices(of: namespace).contains { id in
      kernel[id].addresses.contains { $0.address == .v4(packet.target) }
    }
    guard !isOwn, !kernel[device].addresses.isEmpty else { return }
    begin(.neighbor(.v4(packet.target)), device)
    put(time, device, .ignore, "\(name(device)) hears the question; \(packet.target) isn't its own: silence", frame)
  }

  private mutating func flooded(_ frame: Frame, _ bridge: DeviceID, _ ports: [DeviceID], _ time: Instant) {
    guard !isNoise(frame) else { return learned.removeAll() }
    begin(subject(of: frame), bridge, frame)
    let why =
      frame.destination == .broadcast
      ? "is a broadcast" : frame.destination.isMulticast ? "is a multicast" : "isn't in its table"
    let ways = ports.isEmpty ? "there is no other port" : "flooded to \(listed(ports, name))"
    put(time, bridge, .flood, "\(frame.destination) \(why): \(ways)", frame)
  }

  /// What a frame's stage is about: ARP and neighbor discovery by the address, others by their ends on the link.
  private func subject(of frame: Frame) -> Subject {
    switch frame.payload {
    case .arp(let packet): return .neighbor(.v4(packet.operation == .request ? packet.target : packet.sender))
    case .ip(let packet):
      switch packet.payload {
      case .neighborDiscovery(.solicitation(let target, _)), .neighborDiscovery(.duplicateProbe(let target, _)):
        return .neighbor(.v6(target))
      case .neighborDiscovery(.advertisement(let advertisement)): return .neighbor(.v6(advertisement.target))
      case .icmp, .udp, .tcp, .fragment, .listenerReport, .neighborDiscovery(.routerSolicitation):
        return .carry(from: frame.source, to: frame.destination, "\(packet.source) > \(packet.destination)")
      }
    case .spanningTree: return .carry(from: frame.source, to: frame.destination, "STP")
    }
  }

  // MARK: Stages

  /// Goes on with the stage about a subject, or begins one.
  private mutating func begin(_ subject: Subject, _ device: DeviceID, _ frame: Frame? = nil) {
    guard subject != self.subject else { return }
    // A question within the walk of a frame is a stage of its own; what the frame has let bridges learn stays with it.
    self.subject = subject
    let (title, layer) = title(of: subject, device, frame)
    let number = (titles[title] ?? 0) + 1
    titles[title] = number
    walk.stages.append(Walk.Stage(title: number == 1 ? title : "\(title), continued", layer: layer, steps: []))
  }

  private func title(of subject: Subject, _ device: DeviceID, _ frame: Frame?) -> (String, Walk.Layer) {
    switch subject {
    case .route(let namespace, let destination):
      return ("\(machine(namespace, kernel)): which way to \(destination)?", .network)
    case .neighbor(let address):
      let means = address.family == .ipv4 ? "ARP" : "neighbor discovery"
      return ("Who has \(address)? (\(means))", .neighbors)
    case .carry(let source, let destination, let ends):
      if source == .zero { return ("\(machine(of: device)) to itself: the packet \(ends)", .link) }
      let (from, to) = (owner(of: source) ?? "\(source)", owner(of: destination) ?? "\(destination)")
      return ("\(from) to \(destination.isMulticast ? "all" : to): a frame with the packet \(ends)", .link)
    case .tunnel(let device): return ("\(machine(of: device)): the tunnel \(name(device)) (VXLAN)", .tunnel)
    }
  }

  private mutating func routed(
    _ packet: IPPacket, _ namespace: NamespaceID, _ route: TableRoute, _ table: UInt32, _ input: DeviceID?,
    _ time: Instant
  ) {
    guard !isNoise(packet), let device = kernel[namespace].devices[.loopback] else { return }
    begin(.route(namespace, packet.destination), device)
    let winner = shortText(of: route)
    let others = (kernel[namespace][packet.family][table]?.routes ?? []).filter {
      $0 != route && $0.destination.contains(packet.destination)
    }
    let place = table == RouteTableNumber.main ? "" : " of table \(tableName(table))"
    let limit = input == nil ? packet.hopLimit : packet.hopLimit &- 1
    var text = input.map { "forwards what came in by \(name($0)): " } ?? "sends "
    text += input == nil ? "from \(packet.source): " : ""
    text += "the route \(winner)\(place) wins (\(reason(for: route, among: others)))"
    text += input == nil ? ", time to live \(limit)" : ", time to live \(packet.hopLimit) becomes \(limit)"
    var step = step(time, device, .route, text)
    step.device = route.livingHops.first.map { name($0.device) }
    step.route = Walk.RouteFacts(
      destination: packet.destination, route: winner, table: table, others: others.map(shortText), hopLimit: limit)
    append(step)
  }

  // MARK: Steps

  /// Puts what bridges have learned where it belongs.
  mutating func flush() {
    let steps = learned
    learned = []
    for step in steps where !walk.stages.isEmpty { walk.stages[walk.stages.count - 1].steps.append(step) }
  }

  private mutating func put(
    _ time: Instant, _ device: DeviceID, _ kind: Walk.Kind, _ text: String, _ frame: Frame? = nil
  ) {
    flush()
    var step = step(time, device, kind, text)
    step.frame = frame.map(facts)
    append(step)
  }

  private mutating func append(_ step: Walk.Step) {
    if walk.stages.isEmpty { walk.stages.append(Walk.Stage(title: "The exchange", layer: .network, steps: [])) }
    walk.stages[walk.stages.count - 1].steps.append(step)
  }
}
