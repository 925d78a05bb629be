import JSONText
import NetworkTypes
import Topology
import Views

/// What `docker network` would say of a file's networks, in its words (moby API 1.48, docker/cli).
///
/// The engine's identifiers are random; here they are made of names, so that they are the same each time.
enum DockerView: Hashable, Sendable {
  /// `docker network ls`
  case list
  /// `docker network inspect NAME`
  case inspect(String)

  /// Reads the words of a command line.
  init?(words: [String]) {
    guard words.count >= 3, words[0] == "docker", words[1] == "network" else { return nil }
    switch (words[2], words.count) {
    case ("ls", 3), ("list", 3): self = .list
    case ("inspect", 4): self = .inspect(words[3])
    case (_, _): return nil
    }
  }

  /// What is printed; nil where there is no such network.
  func text(of topology: Topology) -> String? {
    switch self {
    case .list: listText(of: topology)
    case .inspect(let name):
      topology.networks.first { $0.name == name || $0.key == name }
        .map { JSONValue.array([inspected($0, topology)]).indented(by: 4) + "\n" }
    }
  }
}

/// The table of networks: the engine's own three, and the file's, by name.
private func listText(of topology: Topology) -> String {
  let own = topology.networks.filter { $0.name != "bridge" && $0.name != "host" && $0.name != "none" && $0.isUsed }
    .map { (name: $0.name, driver: driverName(of: $0)) }
  let rows = (own + [("bridge", "bridge"), ("host", "host"), ("none", "null")]).sorted { $0.name < $1.name }
  // Each column is three wider than its widest word, and ten at least (text/tabwriter as docker/cli sets it up).
  let width = { (words: [String]) in max(10, (words.map(\.utf8.count).max() ?? 0) + 3) }
  let widths = [15, width(rows.map(\.name) + ["NAME"]), width(rows.map(\.driver) + ["DRIVER"])]
  return
    ([["NETWORK ID", "NAME", "DRIVER", "SCOPE"]]
    + rows.map { [String(identifier("network \($0.name)").prefix(12)), $0.name, $0.driver, "local"] })
    .map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.utf8.count) }.joined() + row[3] + "\n"
    }.joined()
}

private func inspected(_ network: Network, _ topology: Topology) -> JSONValue {
  let configurations = network.pools.map { pool in
    var members = [JSONValue.Member("Subnet", .string("\(pool.subnet)"))]
    if let range = pool.range { members.append(.init("IPRange", .string("\(range)"))) }
    if let gateway = pool.gateway { members.append(.init("Gateway", .string("\(gateway)"))) }
    return JSONValue.object(members)
  }
  var options: [JSONValue.Member] = []
  if let bridge = network.bridge { options.append(.init("com.docker.network.bridge.name", .string(bridge.text))) }
  if let mtu = network.mtu { options.append(.init("com.docker.network.driver.mtu", .string("\(mtu)"))) }
  let labels: [JSONValue.Member] = [
    .init("com.docker.compose.network", .string(network.key)),
    .init("com.docker.compose.project", .string(topology.projectName)),
  ]
  return .object([
    .init("Name", .string(network.name)), .init("Id", .string(identifier("network \(network.name)"))),
    .init("Created", .string("0001-01-01T00:00:00Z")), .init("Scope", .string("local")),
    .init("Driver", .string(driverName(of: network))),
    .init("EnableIPv4", .boolean(network.families.contains(.ipv4))),
    .init("EnableIPv6", .boolean(network.families.contains(.ipv6))),
    .init(
      "IPAM",
      .object([
        .init("Driver", .string("default")), .init("Options", .null), .init("Config", .array(configurations)),
      ])),
    .init("Internal", .boolean(network.isInternal)), .init("Attachable", .boolean(false)),
    .init("Ingress", .boolean(false)), .init("ConfigFrom", .object([.init("Network", .string(""))])),
    .init("ConfigOnly", .boolean(false)), .init("Containers", .object(containers(on: network, topology))),
    .init("Options", .object(options)), .init("Labels", .object(labels)),
  ])
}

/// The containers that are attached, by identifier, as Go prints a map.
private func containers(on network: Network, _ topology: Topology) -> [JSONValue.Member] {
  topology.nodes.flatMap { node in
    node.interfaces.compactMap { interface -> JSONValue.Member? in
      switch interface.source {
      case .port(network.id, _, _), .child(network.id): break
      case .port, .child, .link, .device: return nil
      }
      let name = topology.containerName(of: node.id)
      func address(_ family: AddressFamily) -> JSONValue {
        .string(interface.addresses.first { $0.address.family == family }.map { "\($0.address)" } ?? "")
      }
      return JSONValue.Member(
        identifier("container \(name)"),
        .object([
          .init("Name", .string(name)), .init("EndpointID", .string(identifier("endpoint \(name) \(network.name)"))),
          .init("MacAddress", .string(interface.macAddress.map { "\($0)" } ?? "")),
          .init("IPv4Address", address(.ipv4)), .init("IPv6Address", address(.ipv6)),
        ]))
    }
  }.sorted { $0.name < $1.name }
}

private func driverName(of network: Network) -> String {
  switch network.driver {
  case .bridge: "bridge"
  case .macvlan: "macvlan"
  case .ipvlan: "ipvlan"
  case .host: "host"
  case .none: "null"
  }
}

/// Sixty-four hexadecimal digits made of a text.
private func identifier(_ text: String) -> String {
  (0..<4).map { part in
    let digits = String(stableHash("\(part) \(text)"), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }.joined()
}
