/// What only a kernel with all kinds of devices can build: VLANs, ipvlan, dummy devices, VRFs, bonds, delays.
extension TopologyGenerator {
  /// The table of the VRF of a node that has one.
  private var table: Int { 77 }

  /// Whether a network can stand on the first one's bridge beside those before it: one in passthru mode takes all, and
  /// so does ipvlan.
  func hasRoom(for kind: Net.Kind) -> Bool {
    let others = networks.map(\.kind)
    switch kind {
    case .bridge, .aware: return true
    case .ipvlan: return !networks.contains(where: \.isStacked)
    case .macvlan(_, let mode):
      if mode == "passthru" { return !networks.contains(where: \.isStacked) }
      return !others.contains {
        switch $0 {
        case .ipvlan, .macvlan(_, "passthru"): true
        case .bridge, .aware, .macvlan: false
        }
      }
    }
  }

  /// Whether a network can have an MTU: IPv6 wants 1280, and what stands on a bridge has no greater one.
  func fits(_ mtu: Int, _ net: Net) -> Bool { (mtu >= 1280 || !net.hasIPv6) && (mtu <= 1400 || !net.isStacked) }

  /// The VLANs of a service's port, and what its line does to packets.
  mutating func addRareParts(of net: Net) {
    if case .aware = net.kind, random.chance(70) {
      let choices = ["vlan: 10", "vlan: 10", "vlan: 20", "trunk: [10, 20]", "native: 10", "trunk: [20]"]
      line("        \(random.pick(choices))")
      if lines.last?.hasSuffix("trunk: [20]") ?? false, random.chance(50) { line("        native: 10") }
    }
    if random.chance(12) { line("        impairment: { \(impairment()) }") }
  }

  /// What leaves nothing to chance.
  private mutating func impairment() -> String {
    random.pick(["delay: 5ms", "delay: 5ms", "delay: 20ms", "delay: 20ms", "loss: 100%", "duplicate: 100%"])
  }

  /// The VLANs of a router's port: a trunk, more often than not.
  mutating func routerVLANs(on net: Net) -> String? {
    guard case .aware = net.kind, random.chance(70) else { return nil }
    return random.pick(["trunk: [10, 20], native: 1", "trunk: [10, 20]", "trunk: [20-30], native: 10", "vlan: 10"])
  }

  /// More about a link of the chain.
  mutating func addRareExtras(_ extras: inout String, carriesIPv6: Bool) {
    if carriesIPv6 { extras = extras.replacing("mtu: 576", with: "mtu: 1280") }
    if !extras.contains("impairment"), random.chance(15) { extras += ", impairment: { \(impairment()) }" }
  }

  /// The devices of a router's links that are there for certain.
  func chainDevices(of router: Int) -> [String] {
    (router > 0 ? ["west"] : []) + (router + 1 < routers.count ? ["east"] : [])
  }

  /// Devices that a node makes for itself.
  ///
  /// - Parameters:
  ///   - index: the number of a service, or ten more than that of a router.
  ///   - entries: what there is already.
  mutating func addRareInterfaces(_ index: Int, _ entries: inout [String]) {
    let router = index - 10
    addBonds(of: router, &entries)
    let hasDummy = random.chance(35)
    if hasDummy { entries.append("any0: { type: dummy, addresses: [10.91.\(index).1/\(random.pick([24, 32]))] }") }
    addVRF(of: router, hasDummy: hasDummy, &entries)
    let parents = devices + (router >= 0 ? chainDevices(of: router) : [])
    guard !parents.isEmpty else { return }
    let parent = random.pick(parents)
    for id in [10, 20] where random.chance(35) {
      entries.append("v\(id): { type: vlan, parent: \(parent), id: \(id), addresses: [10.92.\(id).\(index + 1)/24] }")
    }
  }

  /// The ends of a router's links that are made of two cables.
  private mutating func addBonds(of router: Int, _ entries: inout [String]) {
    guard router >= 0 else { return }
    for (name, link, host) in [("west", router - 1, 1), ("east", router, 0)] where bonds.contains(link) {
      // The hash of balance-xor is that of hardware addresses.
      let details = "members: [\(name)-a, \(name)-b], mac_address: 02:00:00:01:0\(link):0\(host)"
      let mode = ["active-backup", "active-backup", "balance-xor", "broadcast"][(link + networks.count) % 4]
      entries.append(
        "\(name): { type: bond, mode: \(mode), \(details), addresses: [10.30.\(link).\(host)/31] }")
    }
  }

  /// A VRF with the dummy device, or with a link of the chain that nothing else uses.
  private mutating func addVRF(of router: Int, hasDummy: Bool, _ entries: inout [String]) {
    guard separated.contains(router) || random.chance(25) else { return }
    var members = hasDummy ? ["any0"] : []
    if let member = separateDevice(of: router) { members.append(member) }
    guard !members.isEmpty else { return }
    entries.append("red: { type: vrf, table: \(table), members: [\(members.joined(separator: ", "))] }")
  }

  /// The device of a router's links that is in its VRF, if one is.
  private func separateDevice(of router: Int) -> String? {
    separated.contains(router) ? chainDevices(of: router).last : nil
  }

  /// A router's route, in the table of its VRF where it leads over a link that is in that.
  func inItsTable(_ route: String, of router: Int) -> String {
    guard let device = separateDevice(of: router) else { return route }
    let neighbor = device == "east" ? "10.30.\(router).1" : "10.30.\(router - 1).0"
    return route.contains("via: \(neighbor)")
      ? route.replacing("via: \(neighbor)", with: "via: \(neighbor), table: \(table)") : route
  }

  /// Cables between bridges of which one keeps frames to VLANs.
  mutating func cablesOfVLANs() -> [String] {
    let bridges = networks.filter { !$0.isStacked }
    guard bridges.count > 1, random.chance(40),
      let aware = bridges.first(where: { if case .aware = $0.kind { true } else { false } }),
      let other = bridges.first(where: { $0.name != aware.name })
    else { return [] }
    let vlans = random.pick(["trunk: [10, 20]", "trunk: [10, 20], native: 1", "vlan: 10", "vlan: 20"])
    return ["{ endpoints: [\(aware.name), \(other.name)], \(vlans) }"]
  }
}

extension TopologyGenerator.Net {
  /// Whether its devices have their parent's hardware address.
  var isOnPackets: Bool { if case .ipvlan = kind { true } else { false } }
}
