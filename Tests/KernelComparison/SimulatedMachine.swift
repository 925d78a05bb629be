package import NetworkTypes
package import Plan
package import Simulator

/// A file's plan, carried out by the simulator.
package struct SimulatedMachine: Sendable {
  /// The machine.
  package var kernel: Kernel
  /// The plan.
  package let plan: Plan
  /// What the first operation that failed was answered; nothing after it was carried out.
  package private(set) var failure: KernelError?
  /// The devices that were set up or down afterwards.
  package private(set) var changes: [Exercise.Change] = []
  /// The machine before them.
  private var built: Kernel?

  /// Carries out a plan.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - showsFramesToRules: whether the host has br_netfilter on, so that what bridges pass on meets its rules.
  package init(_ plan: Plan, showsFramesToRules: Bool = false) {
    self.plan = plan
    kernel = Kernel()
    if showsFramesToRules {
      for key in ["iptables", "ip6tables"].compactMap({ SysctlKey("net.bridge.bridge-nf-call-\($0)") }) {
        try? kernel.perform(.setSysctl(SetSysctl(place: .host, key: key, value: "1")))
      }
    }
    for step in plan.steps {
      do throws(KernelError) {
        try kernel.perform(step.operation)
      } catch {
        failure = error
        break
      }
    }
  }

  /// Has all namespaces ask for connections as kernels did before Linux 6.5: ever more rarely from the first time on.
  mutating func retryConnectionsAsBefore() {
    guard let key = SysctlKey("net.ipv4.tcp_syn_linear_timeouts") else { return }
    for place in [.host] + kernel.namespaces.compactMap(\.name).map(Place.namespace) {
      try? kernel.perform(.setSysctl(SetSysctl(place: place, key: key, value: "0")))
    }
  }

  /// Sets devices up or down, as lines of the file's own ask for: `# set NAMESPACE DEVICE down`.
  package mutating func change(by yaml: String) {
    kernel.endRouterSolicitations()
    built = kernel
    let lines = yaml.split(separator: "\n").filter { $0.hasPrefix("# set ") }
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 5 else { continue }
      let comesBack = words[4] == "down" && lines.contains("\(line.dropLast(4))up")
      let change = Exercise.Change(space: words[2], device: words[3], isUp: words[4] == "up", awaitsQuiet: comesBack)
      if make(change, after: comesBack ? Exercise.quietPause : Exercise.pause) { changes.append(change) }
    }
  }

  /// The machine as it is where its changes happened at other moments.
  ///
  /// - Parameter pauses: how long each change was waited for, in seconds.
  /// - Returns: that machine; the same one where nothing is known of the moments.
  func changed(after pauses: [Double]) -> SimulatedMachine {
    guard let built, pauses.count == changes.count, !pauses.isEmpty else { return self }
    var result = self
    result.kernel = built
    for (change, pause) in zip(changes, pauses) { _ = result.make(change, after: pause) }
    return result
  }

  private mutating func make(_ change: Exercise.Change, after pause: Double) -> Bool {
    guard let space = spaces.first(where: { $0.name == change.space }), let name = InterfaceName(change.device),
      let device = kernel.device(name, in: space.id)
    else { return false }
    kernel.run(for: .milliseconds(UInt64(pause * 1000)))
    kernel.setLink(device, isUp: change.isUp)
    return true
  }

  /// The namespaces, the host's first, with the names that the harness calls them by.
  package var spaces: [(name: String, id: NamespaceID)] {
    kernel.namespaces.map { ($0.name?.text ?? "host", $0.id) }
  }

  /// The addresses that others could reach, of all namespaces.
  package var addresses: [IPAddress] {
    var seen: Set<IPAddress> = []
    return kernel.devices.flatMap(\.addresses).map(\.address).filter {
      !$0.isLoopback && !($0.family == .ipv6 && $0.isLinkLocal) && seen.insert($0).inserted
    }
  }

  /// The devices, but for loopback devices, that pass packets.
  var devicesWithCarrier: [(space: String, device: String)] {
    spaces.flatMap { space in
      kernel.devices(of: space.id).filter { kernel.isRunning($0) && kernel[$0].kind != .loopback }.map {
        (space.name, kernel[$0].name.text)
      }
    }
  }

  /// Those of some pairs whose first gets an answer from the second over at least one router, or a few others.
  func reachablePairs(_ pairs: [(String, String)]) -> [(space: String, target: String)] {
    var settled = self
    settled.kernel.run(for: .seconds(5))
    var near: [(space: String, target: String)] = []
    var far: [(space: String, target: String)] = []
    // Enough to choose from; each costs a copy of the machine.
    for (space, target) in pairs.enumerated().filter({ $0.offset % max(1, pairs.count / 24) == 0 }).map(\.element) {
      guard let id = spaces.first(where: { $0.name == space })?.id, let address = IPAddress(target) else { continue }
      var copy = settled.kernel
      guard case .reply(_, let hopLimit, _, _)? = copy.ping(address, from: id).first else { continue }
      if hopLimit < 64 { far.append((space, target)) } else { near.append((space, target)) }
    }
    return far.isEmpty ? near : far
  }

  /// The hardware addresses that the plan gives: others are drawn by chance.
  var givenHardwareAddresses: Set<String> { Set(plan.steps.flatMap { $0.operation.hardwareAddresses }) }
}

extension Operation {
  /// The hardware addresses that an operation gives.
  package var hardwareAddresses: [String] {
    switch self {
    case .addLink(let link): [link.address].compactMap { $0?.description }
    case .addVethPair(let pair): [pair.first.address, pair.second.address].compactMap { $0?.description }
    case .addNamespace, .setMaster, .addBridgeVLAN, .setHairpin, .setAddressGeneration, .setLinkUp, .addAddress,
      .addRoute, .addRule,
      .setSysctl, .loadRuleset, .addQdisc, .writeNamespaceFile:
      []
    }
  }
}
