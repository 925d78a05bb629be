import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == NetworkEntry {
  /// A network, `networks.NAME` (compose-spec, 06-networks.md).
  static let network = KeyTable(
    "network", "A network that services and routers are attached to.", takesExtensions: true,
    ignoring: ["labels", "attachable"],
    [
      Key("name", .text, "The engine's name for it; without it PROJECT_KEY.") { $0.name = $1 },
      Key("driver", .choice(NetworkDriver.allCases.map(\.rawValue)), "What makes it; bridge without it.") {
        network, entry, reader in
        network.driver = reader.driver(entry.value)
      },
      Key("driver_opts", .mapping("driver options"), "Options of the driver.") { network, entry, reader in
        reader.readOptions(entry.value, into: &network.options)
      },
      Key("ipam", .mapping("ipam"), "Its addresses.") { network, entry, reader in
        var ipam = IPAMEntry()
        let isPartial = reader.readFinding { $0.read(entry.value, into: &ipam, by: .ipam) }
        if isPartial, ipam.pools.isEmpty {
          var pool = PoolEntry(range: entry.key.range)
          pool.hasUnreadSubnet = true
          ipam.pools = [pool]
        }
        network.pools += ipam.pools
        network.hasNoAddressManagement = ipam.hasNone
      },
      Key("internal", .boolean, "Whether it is closed to and from all others, without a default route.") {
        $0.isInternal = $1
      },
      Key("enable_ipv4", .boolean, "Whether it carries IPv4; true without it.") { $0.enableIPv4 = $1 },
      Key("enable_ipv6", .boolean, "Whether it carries IPv6; false without it.") { $0.enableIPv6 = $1 },
      Key("external", .either([.boolean, .mapping("external")]), "Whether the engine has it already.") {
        network, entry, reader in
        reader.readExternal(entry, into: &network)
      },
      Key("mtu", .integer(AddressFamily.ipv4MinimumMTU...65535), "The MTU of its devices in bytes.", .netwright) {
        $0.options.mtu = $1
      },
      Key(
        "vlan_filtering", .boolean, "Whether the bridge keeps frames to VLANs (bridge(8)).", .netwright
      ) { $0.vlanFiltering = $1 },
      Key("stp", .boolean, "Whether the bridge runs the spanning tree protocol.", .netwright) { $0.spanningTree = $1 },
      Key(
        "ageing_time", .integer(0...1_000_000),
        "How long the bridge keeps a learned address, in seconds; the kernel's 300 without it.", .netwright
      ) { $0.ageingTime = $1 },
    ]
      + misplaced.map { name in
        Key(name, .anything, "Belongs under `ipam.config`.", .misplaced) { network, entry, reader in
          reader.report(.misplacedIPAMKey(entry.key))
          reader.read(misplaced: entry, into: &network.pools)
        }
      })

  /// Keys of a pool that many people write directly under the network.
  private static var misplaced: [String] { ["subnet", "gateway", "ip_range", "aux_addresses"] }
}

/// `ipam` as it is read.
struct IPAMEntry {
  var pools: [PoolEntry] = []
  var hasNone = false
}

extension KeyTable where Target == IPAMEntry {
  /// `networks.NAME.ipam`.
  static let ipam = KeyTable(
    "ipam", "How a network's addresses are managed.", takesExtensions: true, ignoring: ["options"],
    [
      Key("driver", .choice(["default", "null"]), "default, or \"null\" for a network without addresses.") {
        ipam, entry, reader in
        if entry.value.isNull {
          ipam.hasNone = true
        } else if let driver = reader.text(entry.value) {
          ipam.hasNone = driver.value == "null" || driver.value == "none"
          if !ipam.hasNone, driver.value != "default" {
            reader.report(
              .invalidValue(
                "`\(driver.value)` is no address manager here", at: driver.range, help: "write default or \"null\""))
          }
        }
      },
      Key("config", .list(.mapping("pool")), "The blocks of addresses: one a family, several on macvlan and ipvlan.") {
        ipam, entry, reader in
        for item in reader.list(entry.value) {
          var pool = PoolEntry(range: item.range)
          // The subnet may be what can't be read, or stand under a misspelt key.
          let isPartial = reader.readFinding { $0.read(item, into: &pool, by: .pool) }
          pool.hasUnreadSubnet = pool.subnet == nil && (isPartial || pool.firstMember != nil)
          reader.add(pool, isPartial: isPartial, to: &ipam.pools)
        }
      },
    ])
}

extension KeyTable where Target == PoolEntry {
  /// An item of `networks.NAME.ipam.config`.
  static let pool = KeyTable(
    "pool", "A block of a network's addresses.", takesExtensions: true,
    [
      Key("subnet", .prefix, "The block; 0.0.0.0/N or ::/N for an automatic one of that length.") { $0.subnet = $1 },
      Key("ip_range", .prefix, "The part of it that dynamic addresses come from.") { $0.ipRange = $1 },
      Key("gateway", .address, "The gateway; the lowest free address without it.") { $0.gateway = $1 },
      Key("aux_addresses", .map(.text("IP address")), "Addresses kept free, by name.") { pool, entry, reader in
        for item in reader.mapping(entry.value, of: "aux_addresses")?.entries ?? [] {
          guard let address = ValueKind<IPAddress>.address.read(item.value, &reader) else { continue }
          pool.auxiliary.append(PoolEntry.Auxiliary(name: item.key, address: address))
        }
      },
    ])
}

extension Reader {
  /// Reads a network.
  mutating func network(_ entry: YAMLMapping.Entry) -> NetworkEntry {
    var network = NetworkEntry(key: entry.key)
    read(withoutKeysBesideExternal(entry.value), into: &network, by: .network)
    network.enableIPv4 = network.enableIPv4 ?? network.options.enableIPv4
    network.enableIPv6 = network.enableIPv6 ?? network.options.enableIPv6
    return network
  }

  /// Adds a pool, one that only has what its predecessor lacks being the rest of it: a slip of one hyphen too many.
  fileprivate mutating func add(_ pool: PoolEntry, isPartial: Bool, to pools: inout [PoolEntry]) {
    guard pool.subnet == nil, let member = pool.firstMember else {
      pools.append(pool)
      return
    }
    guard let last = pools.last, last.subnet != nil, last.gateway == nil || pool.gateway == nil,
      last.ipRange == nil || pool.ipRange == nil, last.auxiliary.isEmpty || pool.auxiliary.isEmpty
    else {
      // With a finding in it the subnet may be what couldn't be read.
      if !isPartial { report(.missingKey("subnet", in: "pool", member)) }
      pools.append(pool)
      return
    }
    report(.splitIPAMConfig(member, first: last.subnet?.range ?? last.range))
    pools[pools.count - 1].gateway = last.gateway ?? pool.gateway
    pools[pools.count - 1].ipRange = last.ipRange ?? pool.ipRange
    pools[pools.count - 1].auxiliary += pool.auxiliary
  }

  /// Takes a key of a pool's for what was meant by it, so that no second finding follows from its place.
  fileprivate mutating func read(misplaced entry: YAMLMapping.Entry, into pools: inout [PoolEntry]) {
    guard let key = KeyTable.pool.index(of: entry.key.value) else { return }
    if pools.isEmpty || (entry.key.value == "subnet" && pools.last?.subnet != nil) {
      pools.append(PoolEntry(range: entry.value.range))
    }
    KeyTable.pool.keys[key].read(&pools[pools.count - 1], entry, &self)
    if entry.key.value == "subnet", pools.last?.subnet == nil { pools[pools.count - 1].hasUnreadSubnet = true }
  }

  fileprivate mutating func driver(_ node: YAMLNode) -> Located<NetworkDriver>? {
    // `null` is compose's other word for none, and reads as nothing where it isn't quoted.
    if node.isNull { return nil }
    guard let text = text(node) else { return nil }
    switch text.value {
    case "default", "": return nil
    case "null": return Located(.none, at: text.range)
    default:
      if let driver = NetworkDriver(rawValue: text.value) { return Located(driver, at: text.range) }
      report(.unsupportedDriver(text))
      return nil
    }
  }
}

extension PoolEntry {
  /// Where the first is written of what belongs to a subnet.
  fileprivate var firstMember: SourceRange? {
    ([gateway?.range, ipRange?.range] + auxiliary.map(\.name.range)).compactMap { $0 }.min()
  }
}

extension Diagnostic {
  fileprivate static func misplacedIPAMKey(_ key: Located<String>) -> Diagnostic {
    Diagnostic(
      FileCode.misplacedIPAMKey, "`\(key.value)` stands directly under a network", at: key.range,
      caption: "no effect here",
      help: "nest it: ipam: { config: [{ \(key.value): … }] }")
  }

  fileprivate static func splitIPAMConfig(_ range: SourceRange, first: SourceRange) -> Diagnostic {
    Diagnostic(
      FileCode.splitIPAMConfig, "this is a second pool, without a subnet", at: range,
      labels: [Label(first, "the subnet is in the item before")],
      help: "write both in one item: take the hyphen before it away and align it with `subnet`")
  }

  fileprivate static func unsupportedDriver(_ driver: Located<String>) -> Diagnostic {
    let known = NetworkDriver.allCases.map(\.rawValue)
    let near = suggestion(for: driver.value, among: known)
    return Diagnostic(
      FileCode.unsupportedDriver, "the driver `\(driver.value)` can't be built here", at: driver.range,
      help: driver.value == "overlay"
        ? "an overlay joins the engines of a swarm; on one machine a bridge does: take `driver` out"
        : near.map { "did you mean `\($0)`?" } ?? "the drivers are \(known.joined(separator: ", "))")
  }
}
