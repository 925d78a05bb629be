import NetworkTypes
import Packets

/// What a bridge knows of the spanning tree (IEEE 802.1D-1998 §8, net/bridge/br_stp.c).
struct SpanningTree: Sendable {
  /// What a message says, in the order in which messages compare: the lower, the better.
  struct Vector: Hashable, Comparable, Sendable {
    var root: BridgeProtocolDataUnit.BridgeID
    var cost: UInt32
    var bridge: BridgeProtocolDataUnit.BridgeID
    var port: UInt16

    static func < (left: Self, right: Self) -> Bool {
      (left.root, left.cost, left.bridge, left.port) < (right.root, right.cost, right.bridge, right.port)
    }

    /// Whether a port of a bridge takes it in place of what it goes by, its own or what it has heard
    /// (br_supersedes_port_info): from the same bridge also what is no better, unless that is the port's own.
    func supersedes(_ known: Self, on own: BridgeProtocolDataUnit.BridgeID) -> Bool {
      guard (root, cost, bridge) == (known.root, known.cost, known.bridge) else {
        return (root, cost, bridge) < (known.root, known.cost, known.bridge)
      }
      return bridge != own || port <= known.port
    }
  }

  /// The best message that was heard on each port, and when.
  var heard: [DeviceID: (vector: Vector, time: Instant)] = [:]
  /// Whether the timer for messages runs.
  var isTicking = false
  /// The port that leads to the root; nil for the root itself.
  var rootPort: DeviceID?
  /// Whether the root says that the tree has changed lately.
  var hasChanged = false
  /// Whether a change was noticed here that the root may not have heard of.
  var hasNoticed = false
  /// The ports by which a notice came that wasn't acknowledged yet.
  var owed: Set<DeviceID> = []
  /// The timer after which a change is forgotten.
  var forgetting: UInt64 = 0

  /// Between one message and the next.
  static let hello = TimeSpan.seconds(2)
  /// How long a message counts.
  static let maximumAge = TimeSpan.seconds(20)
  /// How long a port listens, and how long it learns, before it forwards: what plans set instead of the usual 15 s.
  static let forwardDelay = TimeSpan.seconds(2)
}

extension Kernel {
  private func bridgeID(_ index: Int) -> BridgeProtocolDataUnit.BridgeID {
    .init(address: self[bridges[index].device].address)
  }

  /// A port begins to take part.
  mutating func spanningTreePortIsUp(_ device: DeviceID, _ index: Int) {
    devices[device.index].port?.stateSince = now
    schedule(.portState(device, .learning), after: SpanningTree.forwardDelay)
    var tree = bridges[index].tree ?? SpanningTree()
    tree.heard[device] = nil
    if !tree.isTicking {
      tree.isTicking = true
      schedule(.spanningTree(index), after: SpanningTree.hello)
    }
    bridges[index].tree = tree
    spanningTreeMayHaveChanged(index)
    sendConfiguration(of: index)
  }

  /// Chooses the root port and what each port does (br_configuration_update, br_port_state_selection).
  mutating func spanningTreeMayHaveChanged(_ index: Int) {
    guard var tree = bridges[index].tree else { return }
    let ports = bridges[index].ports.filter { self[$0].port.map { $0.state != .disabled } ?? false }
    tree.heard = tree.heard.filter { ports.contains($0.key) && now < $0.value.time + SpanningTree.maximumAge }
    let own = bridgeID(index)
    tree.rootPort = rootPort(of: tree, own)
    let wasRoot = bridges[index].tree?.rootPort == nil
    bridges[index].tree = tree
    if tree.rootPort == nil, !wasRoot { topologyChanged(index) }
    if tree.rootPort != nil, wasRoot, tree.hasNoticed { sendTopologyNotice(index) }
    let before = carriers(around: bridges[index].device)
    for port in ports {
      let isBlocked = port != tree.rootPort && tree.heard[port].map { $0.vector < vector(port, index) } ?? false
      setBlocked(isBlocked, port)
    }
    carriersMayHaveChanged(before)
  }

  /// The cost of a path by a port, by its speed (port_cost, net/bridge/br_if.c).
  package func pathCost(of device: DeviceID) -> UInt32 {
    switch speed(of: device) {
    case 0: 100
    case 1: 2
    case _: 1
    }
  }

  /// The speed of a device in units of 10 Gbit/s; 0 where it isn't known.
  ///
  /// A veth device claims one such unit, and so does whatever stands on it (vxlan_get_link_ksettings). A bond has that
  /// of its members together (bond_ethtool_get_link_ksettings, drivers/net/bonding/bond_main.c).
  private func speed(of device: DeviceID) -> Int {
    switch self[device].kind {
    case .veth: return 1
    case .vlan(let parent, _), .macvlan(let parent, _), .ipvlan(let parent, _): return speed(of: parent)
    case .vxlan(let index): return vxlans[index].lower.map { speed(of: $0) } ?? 0
    case .bond(let mode):
      let speeds = activeMembers(of: device, mode).map { speed(of: $0) }.filter { $0 > 0 }
      return mode == .broadcast ? speeds.min() ?? 0 : speeds.reduce(0, +)
    case .loopback, .bridge, .dummy, .vrf, .outside: return 0
    }
  }

  private func rootPort(of tree: SpanningTree, _ own: BridgeProtocolDataUnit.BridgeID) -> DeviceID? {
    func rank(_ device: DeviceID, _ heard: SpanningTree.Vector) -> (SpanningTree.Vector, UInt16) {
      var vector = heard
      vector.cost += pathCost(of: device)
      return (vector, self[device].port?.number ?? 0)
    }
    return tree.heard.filter { $0.value.vector.root < own }
      .min { rank($0.key, $0.value.vector) < rank($1.key, $1.value.vector) }?.key
  }

  /// What a bridge says on a port.
  private func vector(_ port: DeviceID, _ index: Int) -> SpanningTree.Vector {
    let own = bridgeID(index)
    let number = 0x8000 | (self[port].port?.number ?? 0)
    guard let root = bridges[index].tree?.rootPort, let heard = bridges[index].tree?.heard[root]?.vector else {
      return SpanningTree.Vector(root: own, cost: 0, bridge: own, port: number)
    }
    return SpanningTree.Vector(
      root: heard.root, cost: heard.cost + pathCost(of: root), bridge: own, port: number)
  }

  private mutating func setBlocked(_ isBlocked: Bool, _ device: DeviceID) {
    guard let port = self[device].port else { return }
    if isBlocked, port.state != .blocking {
      devices[device.index].port?.state = .blocking
      if port.state == .forwarding || port.state == .learning,
        let master = self[device].master, case .bridge(let index) = self[master].kind
      {
        topologyChanged(index)
      }
    } else if !isBlocked, port.state == .blocking {
      devices[device.index].port?.state = .listening
      devices[device.index].port?.stateSince = now
      schedule(.portState(device, .learning), after: SpanningTree.forwardDelay)
    }
  }

  /// Moves a port from listening to learning, from learning to forwarding (br_forward_delay_timer_expired).
  mutating func advancePort(_ device: DeviceID, to state: BridgePort.State) {
    guard let port = self[device].port, let master = self[device].master,
      now >= port.stateSince + SpanningTree.forwardDelay
    else { return }
    switch (port.state, state) {
    case (.listening, .learning):
      devices[device.index].port?.state = .learning
      devices[device.index].port?.stateSince = now
      schedule(.portState(device, .forwarding), after: SpanningTree.forwardDelay)
    case (.learning, .forwarding):
      let before = carriers(around: master)
      devices[device.index].port?.state = .forwarding
      if case .bridge(let index) = self[master].kind, bridges[index].ports.contains(where: { isDesignated($0, index) })
      {
        topologyChanged(index)
      }
      carriersMayHaveChanged(before)
    case (_, _): break
    }
  }

  /// The root speaks every two seconds; messages that nobody repeats are forgotten.
  mutating func spanningTreeTimer(_ index: Int) {
    guard bridges[index].tree != nil, !self[bridges[index].device].isRemoved else { return }
    spanningTreeMayHaveChanged(index)
    if bridges[index].tree?.rootPort == nil { sendConfiguration(of: index) }
    schedule(.spanningTree(index), after: SpanningTree.hello)
  }

  /// Tells on every port that doesn't lead to the root (br_config_bpdu_generation).
  private mutating func sendConfiguration(of index: Int) {
    guard let tree = bridges[index].tree, self[bridges[index].device].isUp else { return }
    for port in bridges[index].ports where port != tree.rootPort {
      guard let state = self[port].port?.state, state != .disabled, state != .blocking else { continue }
      sendConfiguration(on: port, index)
    }
  }

  mutating func sendConfiguration(on port: DeviceID, _ index: Int) {
    let vector = vector(port, index)
    var unit = BridgeProtocolDataUnit(
      root: vector.root, rootPathCost: vector.cost, bridge: vector.bridge, port: vector.port)
    unit.kind = .configuration(
      hasChanged: bridges[index].tree?.hasChanged ?? false,
      acknowledges: bridges[index].tree?.owed.remove(port) != nil)
    transmit(
      Frame(destination: .bridgeGroup, source: self[port].address, payload: .spanningTree(unit)), from: port)
  }

  /// Takes in another bridge's message (br_received_config_bpdu).
  mutating func receive(_ unit: BridgeProtocolDataUnit, onPort device: DeviceID, of index: Int) {
    guard case .configuration(let hasChanged, let acknowledges) = unit.kind else {
      return receiveTopologyNotice(onPort: device, of: index)
    }
    let vector = SpanningTree.Vector(
      root: unit.root, cost: unit.rootPathCost, bridge: unit.bridge, port: unit.port)
    let own = self.vector(device, index)
    guard vector.supersedes(bridges[index].tree?.heard[device]?.vector ?? own, on: own.bridge) else {
      // Whoever says less is told better.
      if isDesignated(device, index) { sendConfiguration(on: device, index) }
      return
    }
    // What comes back to the port that said it changes nothing.
    guard vector != own else { return }
    bridges[index].tree?.heard[device] = (vector, now)
    spanningTreeMayHaveChanged(index)
    guard bridges[index].tree?.rootPort == device else { return }
    bridges[index].tree?.hasChanged = hasChanged
    if acknowledges { bridges[index].tree?.hasNoticed = false }
    sendConfiguration(of: index)
  }
}
