import NetworkTypes
import Plan

/// What the emission of single steps must know of the whole plan.
struct PlanContext {
  /// The mark of the network's devices in the host's namespace.
  let group: UInt32
  /// What rules are loaded by.
  let firewall: ScriptOptions.Firewall
  /// How rules become those of iptables; nil where nft loads them.
  let iptables: IptablesForm?
  /// The network's name.
  let instance: InstanceName
  /// The name of the network's tables of netfilter rules.
  let table: String
  /// The devices that the plan adds to the host's namespace.
  private(set) var hostDevices: Set<InterfaceName> = []
  /// The bonds, whose members must be down when they join.
  private(set) var bonds: Set<LinkReference> = []
  /// What the script will make, a line each: `netns NAME`, `etc NAME`, `link NAME`, in the plan's order.
  private(set) var manifest = ShellText()
  /// The files that steps come from, in the order of their first step.
  private(set) var files: [String] = []
  /// The subnets that devices of the network connect the host to, a line each.
  private(set) var subnets = ShellText()
  private var lastSubnet: IPPrefix?
  /// What passes the host's forward hook.
  private(set) var forwarding = HostForwarding()
  /// Whether the files of namespaces are big enough together to be kept once and linked to.
  let sharesFiles: Bool

  /// The number of veth pairs.
  private(set) var pairCount = 0
  /// The ports of each bridge of the host.
  ///
  /// Those of one mostly come one after the other, so the last bridge's are counted apart.
  private var ports: [InterfaceName: Int] = [:]
  private var lastPort: (bridge: InterfaceName, count: Int)?
  private var namespaceCount = 0
  /// The namespaces by number.
  private(set) var namespaces = NamespaceNumbers()
  private var bridgeCount = 0

  /// Above this many bytes, files are kept once and linked to: the shell writes a file for each namespace by itself,
  /// while each link takes a process, and so the time in which a shell writes some hundred kilobytes.
  private static let sharingThreshold = 64 << 20

  /// Gathers it.
  init(_ plan: Plan, firewall: ScriptOptions.Firewall) {
    self.firewall = firewall
    iptables = firewall == .iptables ? IptablesForm(plan) : nil
    instance = plan.instance
    group = plan.instance.deviceGroup
    table = plan.instance.table
    sharesFiles = plan.fileBytes > Self.sharingThreshold
    var directories: [Bool] = []
    // A device has about nine steps.
    hostDevices.reserveCapacity(plan.steps.count / 9)
    var origin: Origin?
    let steps = plan.steps.span
    for index in steps.indices {
      if origin != steps[index].origin {
        note(steps[index].origin)
        origin = steps[index].origin
      }
      switch steps[index].operation {
      case .addNamespace(let operation):
        namespaceCount += 1
        namespaces.add(operation.name)
        manifest.append("netns ", operation.name, "\n")
      case .addLink(let operation):
        note(operation)
      case .addVethPair(let operation):
        pairCount += 1
        noteEnd(operation.first.link)
        noteEnd(operation.second.link)
      case .writeNamespaceFile(let operation):
        for name in operation.namespaces {
          let number = namespaces.number(of: name)
          while directories.count <= number { directories.append(false) }
          if directories[number] { continue }
          directories[number] = true
          manifest.append("etc ", name, "\n")
        }
      case .loadRuleset(let operation):
        guard operation.place.isHost else { break }
        note(operation)
      case .addAddress(let operation):
        let isOfPlan = operation.link.place.isHost && hostDevices.contains(operation.link.name)
        forwarding.note(operation, isOfPlan: isOfPlan)
        if isOfPlan { noteSubnet(operation.address) }
      case .setSysctl(let operation): forwarding.note(operation)
      case .setMaster(let operation):
        if operation.link.place.isHost { notePort(of: operation.master) }
      case .addBridgeVLAN, .setHairpin, .setAddressGeneration, .setLinkUp, .addRoute, .addRule, .addQdisc:
        break
      }
    }
  }

  private mutating func noteSubnet(_ address: InterfaceAddress) {
    let subnet = address.prefix
    guard subnet.length < subnet.family.bitWidth, !address.address.isLinkLocal, subnet != lastSubnet else { return }
    lastSubnet = subnet
    subnets.append(subnet, "\n")
  }

  private mutating func notePort(of bridge: InterfaceName) {
    if lastPort?.bridge == bridge {
      lastPort?.count += 1
    } else {
      if let lastPort { ports[lastPort.bridge] = lastPort.count }
      lastPort = (bridge, (ports[bridge] ?? 0) + 1)
    }
  }

  /// How often nodes can be neighbors of each other on the host's bridges: each end of a pair keeps the other.
  var neighborCount: Int {
    var ports = ports
    if let lastPort { ports[lastPort.bridge] = lastPort.count }
    return ports.values.reduce(0) { $0 + $1 * ($1 - 1) }
  }

  private mutating func note(_ origin: Origin) {
    if files.last != origin.file, !files.contains(origin.file) { files.append(origin.file) }
  }

  private mutating func note(_ operation: LoadRuleset) {
    switch firewall {
    case .nftables:
      for table in operation.tables { manifest.append("table \(table.family.rawValue):\(self.table)\n") }
    case .iptables:
      forwarding.noteOwnChains()
      for ruleset in iptables?.rulesets(operation.tables) ?? [] {
        manifest.append("chains \(ruleset.family.iptablesProgram):\(instance.chainPrefix)\n")
      }
    }
  }

  private mutating func note(_ operation: AddLink) {
    if operation.link.place.isHost {
      noteHostDevice(operation.link.name)
      forwarding.note(operation)
    }
    switch operation.kind {
    case .bridge: bridgeCount += 1
    case .bond: bonds.insert(operation.link)
    case .dummy, .vrf, .vlan, .vxlan, .macvlan, .ipvlan: break
    }
  }

  private mutating func noteEnd(_ link: LinkReference) {
    if link.place.isHost { noteHostDevice(link.name) }
  }

  private mutating func noteHostDevice(_ name: InterfaceName) {
    hostDevices.insert(name)
    manifest.append("link ", name, "\n")
  }

  /// What the network consists of, in words: `12 namespaces, 3 bridges`.
  var summary: String {
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    return bridgeCount == 0
      ? count(namespaceCount, "namespace")
      : "\(count(namespaceCount, "namespace")), \(count(bridgeCount, "bridge"))"
  }
}

extension Place {
  /// Whether it is the host's namespace: a look at the case, where a comparison would be a call into another module.
  var isHost: Bool {
    switch self {
    case .host: true
    case .namespace: false
    }
  }
}

extension Plan {
  /// The bytes of all files that the plan writes under /etc/netns.
  fileprivate var fileBytes: Int {
    steps.indices.reduce(0) { sum, index in
      guard case .writeNamespaceFile(let operation) = steps[index].operation else { return sum }
      return sum + operation.namespaces.count * operation.lines.reduce(0) { $0 + $1.utf8.count + 1 }
    }
  }
}
