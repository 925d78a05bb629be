import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == NetworkOptionsEntry {
  /// The options of a network's driver, `networks.NAME.driver_opts`.
  ///
  /// Those of Docker's bridge, macvlan and ipvlan drivers that shape the devices (moby, daemon/libnetwork/drivers).
  /// Docker ignores those that it doesn't know, and so do we.
  static let driverOptions = KeyTable(
    "driver options", "Options of a network's driver; unknown ones are ignored, as Docker does.", takesExtensions: true,
    [
      Key("com.docker.network.bridge.name", .interfaceName, "The bridge's device name.") { $0.bridgeName = $1 },
      Key("com.docker.network.driver.mtu", .integer(0...65535), "The MTU of its devices in bytes; 0 as without it.") {
        options, entry, reader in
        guard let mtu = ValueKind<Int>.integer(0...65535).read(entry.value, &reader), mtu.value != 0 else { return }
        options.mtu =
          mtu.value < 68 ? ValueKind<Int>.integer(AddressFamily.ipv4MinimumMTU...65535).read(entry.value, &reader) : mtu
      },
      Key(
        "com.docker.network.enable_ipv4", .optionBoolean,
        "Whether it carries IPv4, where `enable_ipv4` doesn't say."
      ) { $0.enableIPv4 = $1 },
      Key(
        "com.docker.network.enable_ipv6", .optionBoolean,
        "Whether it carries IPv6, where `enable_ipv6` doesn't say."
      ) { $0.enableIPv6 = $1 },
      Key(
        "com.docker.network.container_iface_prefix", .interfacePrefix,
        "What interface names start with in the containers; eth without it."
      ) { $0.interfacePrefix = $1 },
      Key(
        "com.docker.network.bridge.inhibit_ipv4", .optionBoolean,
        "Whether the bridge stays without the gateway's IPv4 address."
      ) { $0.inhibitIPv4 = $1 },
      Key(
        "com.docker.network.bridge.enable_icc", .optionBoolean,
        "Whether its nodes reach each other; true without it."
      ) { $0.letsNodesTalk = $1 },
      Key(
        "com.docker.network.bridge.enable_ip_masquerade", .optionBoolean,
        "Whether what leaves it gets the host's address; true without it."
      ) { $0.masquerades = $1 },
      Key(
        "com.docker.network.bridge.host_binding_ipv4", .address,
        "The host's address that ports are published on where they name none; all without it."
      ) { $0.hostBinding = $1 },
      Key(
        "com.docker.network.bridge.gateway_mode_ipv4", .choice,
        "How it is reached from beyond over IPv4; nat without it."
      ) { $0.gatewayModeIPv4 = $1 },
      Key(
        "com.docker.network.bridge.gateway_mode_ipv6", .choice,
        "How it is reached from beyond over IPv6; nat without it."
      ) { $0.gatewayModeIPv6 = $1 },
      Key(
        "com.docker.network.bridge.trusted_host_interfaces", .text("device names, parted by colons"),
        "The host's devices by which published ports are reached at the nodes' own addresses."
      ) { options, entry, reader in
        guard let text = reader.text(entry.value) else { return }
        for name in text.value.split(separator: ":").map(String.init) {
          if let name = InterfaceName(name) {
            options.trustedInterfaces.append(Located(name, at: text.range))
          } else {
            reader.report(.invalidInterfaceName(name, at: text.range))
          }
        }
      },
      Key(
        "com.docker.network.host_ipv4", .address(.ipv4),
        "The address that IPv4 packets leave it with; the leaving device's without it."
      ) { $0.hostIPv4 = $1 },
      Key(
        "com.docker.network.host_ipv6", .address(.ipv6),
        "The address that IPv6 packets leave it with; the leaving device's without it."
      ) { $0.hostIPv6 = $1 },
      Key("parent", .interfaceName, "The device that macvlan and ipvlan devices stand on.") { $0.parent = $1 },
      Key("macvlan_mode", .choice, "How macvlan devices see each other; bridge without it.") { $0.macvlanMode = $1 },
      Key("ipvlan_mode", .choice, "At which layer ipvlan devices work; l2 without it.") { $0.ipvlanMode = $1 },
      Key("ipvlan_flag", .choice(["bridge"]), "How ipvlan devices see each other: as if bridged, without it too.") {
        _, entry, reader in
        guard let flag = reader.text(entry.value), flag.value != "bridge" else { return }
        let known = ["private", "vepa"].contains(flag.value)
        reader.report(
          .invalidValue(
            known ? "ipvlan devices can't be made `\(flag.value)` here" : "`\(flag.value)` is no flag of ipvlan",
            at: flag.range, help: "take it out: as if bridged they see each other"))
      },
    ])
}

extension Reader {
  /// Reads driver options, those that the table has; the engine ignores the others, which may be slips.
  mutating func readOptions(_ node: YAMLNode, into options: inout NetworkOptionsEntry) {
    let table = KeyTable<NetworkOptionsEntry>.driverOptions
    for entry in mapping(node, of: "driver_opts")?.entries ?? [] {
      let name = entry.key.value
      if let key = table[name] {
        key.read(&options, entry, &self)
      } else if let meant = suggestion(for: name, among: table.keys.map(\.name), within: 2)
        ?? table.keys.first(where: { $0.name.hasSuffix(".\(name)") })?.name
      {
        report(
          Diagnostic(
            FileCode.unknownDriverOption, "the engine ignores the driver option `\(name)`", at: entry.key.range,
            help: "did you mean `\(meant)`?"))
      }
    }
  }
}

extension ValueKind where Value == Bool {
  /// A boolean in the engine's words for one (Go's strconv.ParseBool).
  fileprivate static var optionBoolean: Self {
    Self(.boolean, expected: "true or false") { text, range, reader in
      switch text {
      case "1", "t", "T", "true", "TRUE", "True": return true
      case "0", "f", "F", "false", "FALSE", "False": return false
      default:
        reader.report(.invalidValue("expected true or false, found `\(text)`", at: range))
        return nil
      }
    }
  }
}
