import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == NetworkOptionsEntry {
  /// The options of a network's driver, `networks.NAME.driver_opts`.
  ///
  /// Those of Docker's bridge, macvlan and ipvlan drivers that shape the devices (moby, daemon/libnetwork/drivers). Docker ignores those that it doesn't know, and so do we.
  static let driverOptions = KeyTable(
    "driver options", "Options of a network's driver; unknown ones are ignored, as Docker does.", takesExtensions: true,
    [
      Key("com.docker.network.bridge.name", \.bridgeName, .interfaceName, "The bridge's device name."),
      Key("com.docker.network.driver.mtu", \.mtu, .integer(68...65535), "The MTU of its devices in bytes."),
      Key(
        "com.docker.network.container_iface_prefix", \.interfacePrefix, .text,
        "What interface names start with in the containers; eth without it."),
      Key(
        "com.docker.network.bridge.inhibit_ipv4", \.inhibitIPv4, .boolean,
        "Whether the bridge stays without the gateway's IPv4 address."),
      Key("parent", \.parent, .interfaceName, "The device that macvlan and ipvlan devices stand on."),
      Key("macvlan_mode", \.macvlanMode, .choice, "How macvlan devices see each other; bridge without it."),
      Key("ipvlan_mode", \.ipvlanMode, .choice, "At which layer ipvlan devices work; l2 without it."),
    ])
}

extension Reader {
  /// Reads driver options, those that the table has.
  mutating func readOptions(_ node: YAMLNode, into options: inout NetworkOptionsEntry) {
    for entry in mapping(node, of: "driver_opts")?.entries ?? [] {
      let table = KeyTable<NetworkOptionsEntry>.driverOptions
      table[entry.key.value]?.read(&options, entry, &self)
    }
  }
}
