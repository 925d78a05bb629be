/// Makes files at random, from a seed: most are right, some are wrong in ways that `validate` has to find.
///
/// What it makes is spread over all that a plan can have. A file whose first line is `# unchecked` is wrong on purpose
/// and meant for the kernel all the same: duplicate addresses, routers that nobody can reach, numbers that clash. A
/// line `# set NAMESPACE DEVICE down` asks for what happens after the network was built.
package struct TopologyGenerator {
  var random: RandomNumbers
  var lines: [String] = []
  var networks: [Net] = []
  var routers: [String] = []
  /// What files may ask for.
  let kernel: Kernel
  /// Whether the file is wrong on purpose.
  var isUnchecked = false
  /// The links of the chain of routers, by the router to the west, that are bonds of two cables.
  var bonds: Set<Int> = []
  /// The routers of which a link's device is in a VRF.
  var separated: Set<Int> = []
  /// Whether there are several of the first service.
  var isReplicated = false
  /// The devices of the node that is being written that others can stand on.
  var devices: [String] = []
  /// What stands before every name.
  private var prefix = ""

  /// The kernels that files are made for.
  package enum Kernel: Sendable {
    /// One with namespaces, veth pairs, bridges, macvlan and VXLAN.
    case common
    /// One with 802.1Q, VLAN-aware bridges, ipvlan, dummy, VRF, bonds and netem too.
    case complete
  }

  struct Net {
    let name: String
    /// The third octet of its 10.20.x.0/24; nil for an automatic subnet.
    let third: Int?
    let hasIPv6: Bool
    let isInternal: Bool
    let kind: Kind

    enum Kind {
      case bridge
      /// Over the bridge of another network.
      case macvlan(parent: String, mode: String)
      case ipvlan(parent: String, mode: String)
      /// A bridge that keeps frames to VLANs.
      case aware
    }

    /// Whether it has devices of its own on the bridge of another.
    var isStacked: Bool {
      switch kind {
      case .macvlan, .ipvlan: true
      case .bridge, .aware: false
      }
    }

    /// Whether its devices take whatever is on the bridge for their own.
    var overhears: Bool { if case .macvlan(_, "passthru") = kind { true } else { false } }
  }

  /// Starts from a seed.
  package init(seed: UInt64, for kernel: Kernel = .common) {
    random = RandomNumbers(seed: seed)
    self.kernel = kernel
  }

  /// The file's text.
  package mutating func file() -> String {
    isUnchecked = random.chance(12)
    if isUnchecked { line("# unchecked") }
    line("name: generated")
    if random.chance(10) {
      let word = random.pick(["lab", "x1"])
      line("prefix: \(word)")
      prefix = "\(word)-"
    }
    planNetworks()
    routers = (0..<random.pick([0, 0, 1, 1, 2, 2, 3, 4])).map { "r\($0)" }
    if kernel == .complete {
      bonds = Set(routers.indices.dropLast().filter { _ in random.chance(25) })
      separated = Set(routers.indices.filter { _ in random.chance(15) })
    }
    line("services:")
    for index in 0..<(1 + random.below(routers.count > 1 ? 3 : 5)) { addService(index) }
    if !routers.isEmpty {
      line("routers:")
      for index in routers.indices { addRouter(index) }
    }
    addNetworks()
    addLinks()
    addHost()
    addChanges()
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Parts

  private mutating func planNetworks() {
    for index in 0..<(1 + random.below(4)) {
      let third = random.chance(80) ? 10 * index + random.below(2) : nil
      var kind = Net.Kind.bridge
      let (isSecond, parent) = (index > 0, "br-\(prefix)net0")
      if isSecond, third != nil, random.chance(15) {
        kind = .macvlan(parent: parent, mode: random.pick(["bridge", "private", "vepa", "passthru"]))
      } else if kernel == .complete, isSecond, third != nil, random.chance(20) {
        kind = .ipvlan(parent: parent, mode: random.pick(["l2", "l3", "l3s"]))
      } else if kernel == .complete, random.chance(25) {
        kind = .aware
      }
      if kernel == .complete, !hasRoom(for: kind) { kind = .bridge }
      networks.append(
        Net(name: "net\(index)", third: third, hasIPv6: random.chance(35), isInternal: random.chance(15), kind: kind))
    }
  }

  private mutating func addService(_ index: Int) {
    line("  s\(index):")
    if index > 0, random.chance(10) {
      line("    network_mode: \(random.pick(["none", "host", "service:s0", "bridge"]))")
      return
    }
    let replicas = random.chance(10) ? 1 + random.below(3) : 1
    if replicas != 1 { line("    scale: \(replicas)") }
    if index == 0 { isReplicated = replicas != 1 }
    let chosen = networks.filter { _ in random.chance(50) }
    if chosen.isEmpty, random.chance(50) { return }
    line("    networks:")
    devices = []
    let attached = chosen.isEmpty ? [networks[0]] : chosen
    for (position, net) in attached.enumerated() {
      addAttachment(net, index: index, position: position, isStatic: replicas == 1)
    }
    if attached.count == 1, devices.isEmpty, !attached[0].isStacked { devices = ["eth0"] }
    if random.chance(10) { line("    hostname: h\(index)") }
    if random.chance(10) { line("    extra_hosts: [\"far=192.0.2.\(index)\"]") }
    if random.chance(10) { line("    dns: 192.0.2.53") }
    addSysctls()
    addRoutes(from: chosen.first)
    addRules()
    if replicas == 1 { addInterfaces(index) }
  }

  private mutating func addAttachment(_ net: Net, index: Int, position: Int, isStatic: Bool) {
    line("      \(net.name):")
    var mayBeTwice = false
    if isStatic, let third = net.third, random.chance(50) {
      // In a file that is wrong two may have the same.
      mayBeTwice = isUnchecked && random.chance(40)
      line("        ipv4_address: 10.20.\(third).\(mayBeTwice ? 10 : 10 + index + random.below(3) * 20)")
    }
    if isStatic, net.hasIPv6, let third = net.third, random.chance(40) {
      line("        ipv6_address: fd20:\(third)::\(isUnchecked && random.chance(40) ? 10 : 10 + index)")
    }
    if isStatic, random.chance(15), !net.isOnPackets {
      line("        mac_address: 02:00:00:00:0\(index):0\(position)")
    } else if mayBeTwice, net.hasIPv6, !net.isOnPackets {
      // Of two with one hardware address it is chance which keeps its link-local address.
      line("        mac_address: 02:00:00:00:1\(index):0\(position)")
    }
    if random.chance(15) {
      line("        interface_name: if\(position)")
      if !net.isStacked { devices.append("if\(position)") }
    }
    if random.chance(15) { line("        gw_priority: \(random.below(3))") }
    if random.chance(15) { line("        priority: \(random.below(3))") }
    if random.chance(8) { line("        link_local_ips: [169.254.7.\(10 + index)]") }
    if isStatic, random.chance(10) {
      line(
        "        addresses: [\(random.pick(["10.77.\(index).1/24", "10.77.0.\(10 + index)/24", "fd77::\(index)/64"]))]")
    }
    if kernel == .complete { addRareParts(of: net) }
  }

  private mutating func addRouter(_ index: Int) {
    line("  r\(index):")
    devices = []
    // Who forwards what it only overhears sends copies of everything round: so many that chance has its way.
    let chosen = networks.filter { _ in random.chance(50) }.filter { !$0.overhears }
    if !chosen.isEmpty {
      line("    networks:")
      devices = chosen.enumerated().filter { !$0.element.isStacked }.map { "eth\($0.offset)" }
      for net in chosen {
        let address = net.third.flatMap { third in
          random.chance(75) ? "10.20.\(third).\(index == 0 ? random.pick([1, 200]) : 200 + index)" : nil
        }
        let vlans = kernel == .complete ? routerVLANs(on: net) : nil
        let entries = [address.map { "ipv4_address: \($0)" }, vlans].compactMap { $0 }.joined(separator: ", ")
        line("      \(net.name): {\(entries.isEmpty ? "" : " \(entries) ")}")
      }
    }
    if random.chance(35) { addSysctls() }
    addRouterRoutes(index)
    addRules()
    addInterfaces(10 + index)
  }

  private mutating func addNetworks() {
    line("networks:")
    for net in networks {
      line("  \(net.name):")
      switch net.kind {
      case .bridge: break
      case .aware:
        line("    vlan_filtering: true")
        if random.chance(6) { line("    stp: true") }
      case .macvlan(let parent, let mode):
        line("    driver: macvlan")
        line("    driver_opts: { parent: \(parent), macvlan_mode: \(mode) }")
      case .ipvlan(let parent, let mode):
        line("    driver: ipvlan")
        line("    driver_opts: { parent: \(parent), ipvlan_mode: \(mode) }")
      }
      if net.isInternal { line("    internal: true") }
      if net.hasIPv6 { line("    enable_ipv6: true") }
      let mtu = random.pick([600, 1200, 1280, 1400, 9000])
      // What stands on a bridge has its MTU, and IPv6 wants 1280.
      if random.chance(20), mtu >= 1280 || !isParent(net), kernel == .common || fits(mtu, net) {
        line("    mtu: \(mtu)")
      }
      if case .bridge = net.kind {
        if random.chance(6) { line("    stp: true") }
        if random.chance(8), kernel == .common {
          line("    driver_opts: { com.docker.network.container_iface_prefix: net }")
        }
      }
      guard let third = net.third else { continue }
      line("    ipam:")
      line("      config:")
      line("        - subnet: 10.20.\(third).0/24")
      if random.chance(50) { line("          gateway: 10.20.\(third).\(random.pick([1, 1, 1, 200]))") }
      if random.chance(15) { line("          ip_range: 10.20.\(third).128/26") }
      if random.chance(15) { line("          aux_addresses: { printer: 10.20.\(third).99 }") }
      if net.hasIPv6 { line("        - subnet: \"fd20:\(third)::/64\"") }
    }
  }

  private func isParent(_ net: Net) -> Bool { net.name == "net0" && networks.contains(where: \.isStacked) }

  private mutating func addHost() {
    guard random.chance(25) else { return }
    line("host:")
    line("  routes:")
    line("    - { to: 198.51.100.0/24, type: \(random.pick(["blackhole", "unreachable", "prohibit"])) }")
    if random.chance(50), let third = networks.compactMap(\.third).first {
      line("    - { to: 10.30.0.0/16, via: 10.20.\(third).\(random.pick([200, 201])) }")
    }
    if random.chance(60) { line("  sysctls: { net.ipv4.ip_forward: 1 }") }
    if random.chance(20) { line("  rules: [{ to: 198.51.100.128/25, type: prohibit, priority: 500 }]") }
  }

  /// Devices that are set down, and perhaps up again, once all is there.
  private mutating func addChanges() {
    guard random.chance(25) else { return }
    func name(_ space: String, _ device: String) -> String { "\(prefix)\(space) \(device)" }
    let devices =
      routers.indices.dropFirst().map { name("r\($0)", "west") } + routers.dropLast().map { name($0, "east") }
      + networks.map { "host br-\(prefix)\($0.name)" } + [name("s0", "eth0"), "host v-\(prefix)s0-eth0"]
    for _ in 0..<(1 + random.below(2)) {
      let device = random.pick(devices)
      line("# set \(device) down")
      if random.chance(30) { line("# set \(device) up") }
    }
  }

  mutating func line(_ text: String) { lines.append(text) }
}
