import NetworkTypes

extension Operation {
  /// What the operation does, in one line and in the words of iproute2.
  package var summary: String {
    switch self {
    case .addNamespace(let payload): "add namespace \(payload.name)"
    case .addLink(let payload): payload.summary
    case .addVethPair(let payload): payload.summary
    case .setMaster(let payload): "set \(payload.link) master \(payload.master)"
    case .addBridgeVLAN(let payload): payload.summary
    case .setHairpin(let payload): "set \(payload.link) hairpin on"
    case .setAddressGeneration(let payload): "set \(payload.link) addrgenmode \(payload.mode.rawValue)"
    case .setLinkUp(let payload): "set \(payload.link) up"
    case .addAddress(let payload): "add address \(payload.address) to \(payload.link)"
    case .addRoute(let payload): payload.summary
    case .addRule(let payload): payload.summary
    case .setSysctl(let payload): "set \(payload.key) to \(payload.value) in \(payload.place)"
    case .loadRuleset(let payload): payload.summary
    case .addQdisc(let payload): "add qdisc \(payload.kind.words) to \(payload.link)"
    case .writeNamespaceFile(let payload): "write \(payload.file.rawValue) of \(listed(payload.namespaces, \.text))"
    }
  }
}

extension Place: CustomStringConvertible {
  /// `the host`, or the namespace's name.
  package var description: String {
    switch self {
    case .host: "the host"
    case .namespace(let name): name.text
    }
  }
}

extension LinkReference: CustomStringConvertible {
  /// The device and, unless it is the host, its namespace: `eth0 (web)`.
  package var description: String {
    switch place {
    case .host: name.text
    case .namespace(let namespace): "\(name) (\(namespace))"
    }
  }
}

extension AddLink {
  fileprivate var summary: String {
    let facts = [mtu.map { "mtu \($0)" }, address.map { "address \($0)" }].compactMap { $0 }
    return (["add \(kind.words) \(link)"] + facts).joined(separator: ", ")
  }
}

extension LinkKind {
  fileprivate var words: String {
    switch self {
    case .bridge(let options): (options.vlanFiltering ? "VLAN-aware " : "") + "bridge"
    case .dummy: "dummy"
    case .bond(let mode): "bond (\(mode.rawValue))"
    case .vrf(let table): "vrf (table \(table))"
    case .vlan(let parent, let id): "vlan \(id) on \(parent)"
    case .vxlan(let options): "vxlan \(options.id)"
    case .macvlan(let parent, let mode): "macvlan (\(mode.rawValue)) on \(parent)"
    case .ipvlan(let parent, let mode): "ipvlan (\(mode.rawValue)) on \(parent)"
    }
  }
}

extension AddVethPair {
  fileprivate var summary: String {
    let addresses = [first.address, second.address].compactMap { $0?.description }
    var text = "add veth pair \(first.link) - \(second.link)"
    if let mtu { text += ", mtu \(mtu)" }
    if !addresses.isEmpty { text += ", address \(addresses.joined(separator: ", "))" }
    return text
  }
}

extension AddBridgeVLAN {
  fileprivate var summary: String {
    let range = first == last ? "\(first)" : "\(first)-\(last)"
    let flags = (isPVID ? " pvid" : "") + (isUntagged ? " untagged" : "")
    return "add vlan \(range)\(flags) to \(link)"
  }
}

extension AddRoute {
  fileprivate var summary: String {
    var text = "add route \(destination.length == 0 ? "default" : destination.description)"
    switch action {
    case .unicast(let hops): text += hops.map(\.words).joined(separator: ",")
    case .blackhole: text += " blackhole"
    case .unreachable: text += " unreachable"
    case .prohibit: text += " prohibit"
    }
    if let metric { text += " metric \(metric)" }
    if let table { text += " table \(table)" }
    if let source { text += " src \(source)" }
    return text + " in \(place)"
  }
}

extension NextHop {
  fileprivate var words: String {
    (gateway.map { " via \($0)" } ?? "") + (device.map { " dev \($0)" } ?? "") + (isOnLink ? " onlink" : "")
  }
}

extension AddRule {
  fileprivate var summary: String {
    let matches = [
      from.map { "from \($0)" }, to.map { "to \($0)" }, inputDevice.map { "iif \($0)" },
      outputDevice.map { "oif \($0)" }, mark.map { "fwmark \($0)" },
    ].compactMap { $0 }
    let outcome =
      switch action {
      case .table(let table): "table \(table)"
      case .blackhole: "blackhole"
      case .unreachable: "unreachable"
      case .prohibit: "prohibit"
      }
    let parts = ["add \(family.displayName) rule \(priority)"] + matches + [outcome, "in \(place)"]
    return parts.joined(separator: " ")
  }
}

extension LoadRuleset {
  fileprivate var summary: String {
    let count = tables.reduce(0) { $0 + $1.chains.reduce(0) { $0 + $1.rules.count } }
    return "load \(count) netfilter rule\(count == 1 ? "" : "s") in \(place)"
  }
}

extension QdiscKind {
  fileprivate var words: String {
    switch self {
    case .tbf(let options): "tbf rate \(options.rate)"
    case .netem(let options):
      [
        "netem", options.delay.map { "delay \($0)" }, options.jitter.map { "jitter \($0)" },
        options.loss.map { "loss \($0)" }, options.duplicate.map { "duplicate \($0)" },
        options.corrupt.map { "corrupt \($0)" }, options.reorder.map { "reorder \($0)" },
        options.rate.map { "rate \($0)" },
      ].compactMap { $0 }.joined(separator: " ")
    }
  }
}
