import Diagnostics
import Foundation
import NetworkTypes
import NetwrightTestSupport
import ProjectFile
import Topology

@testable import Netwright

/// A file that is brought up by an engine and by Netwright, with what there is to try in it.
struct EngineCase: Sendable {
  let files: ComposeFiles.Project
  let name: String
  let project: String
  let compilation: Compilation
  let topology: Topology

  /// What the host of both has besides: an uplink, and a machine at its other end.
  static let uplink = "host: { interfaces: { eth0: { address: 203.0.113.2/24, gateway: 203.0.113.1 } } }\n"

  /// Compiles files; nil where that goes wrong.
  init?(_ files: ComposeFiles.Project) {
    let name = files.testDescription
    var selection = InputSelection()
    selection.files = files.files.map { "\(files.folder)/\($0)" }
    selection.projectDirectory = files.folder
    selection.projectName = String(name.lowercased().filter { $0.isLetter || $0.isNumber }.suffix(20))
    let context = ProcessContext(environment: [:], directory: files.folder)
    guard let (given, options) = try? InputFiles.project(selection, in: context) else { return nil }
    let uplink = Input(name: "uplink.yaml", bytes: Array(Self.uplink.utf8))
    compilation = compile(given + [uplink], options: options)
    guard !compilation.hasErrors, let topology = compilation.topology else { return nil }
    self.files = files
    self.name = name
    self.topology = topology
    project = topology.projectName
  }

  /// Whether the kernel and the old engine have all that it asks for.
  ///
  /// The engine makes no macvlan without a parent, and ipvlan isn't in every kernel; a service that is called as the
  /// machine at the other end of the uplink would take its place.
  var isComparable: Bool {
    !topology.networks.contains { network in
      guard network.isUsed else { return false }
      switch network.driver {
      case .ipvlan, .macvlan(_, true, _): return true
      case .macvlan(_, false, _), .bridge, .host, .none: return false
      }
    } && !nodes.isEmpty && !nodes.contains { $0.namespace == "outside" }
  }

  /// The nodes that have namespaces of their own.
  var nodes: [(node: Node, namespace: String)] {
    topology.nodes.compactMap { node in
      guard case .namespace(let name) = node.home else { return nil }
      return (node, name.text)
    }
  }

  /// What docker-compose 1.29 calls a container: it joins the parts by underscores.
  private func container(of node: Node) -> String {
    compilation.file?.nodes[node.entry].containerName?.value.text ?? "\(project)_\(node.key)_\(node.replica ?? 1)"
  }

  /// What the engine's /etc/hosts says that Netwright's doesn't, and the other way round, of all containers.
  ///
  /// Netwright's has besides what the engine's resolver answers, which there is none of in a namespace, with the
  /// containers' names of docker compose 2 and the namespaces'; the engine's has the container's identifier where no
  /// host name is written.
  func differencesOfHosts(engine: Set<String>, here: Set<String>) -> [String] {
    func isHosts(_ fact: String) -> Bool { fact.split(separator: " ").dropFirst().first == "hosts" }
    let theirs = Set(engine.filter(isHosts).map { withDashes($0.replacing("00::0 ", with: "00:: ")) })
    let ours = here.filter(isHosts)
    let containers = Set(
      topology.nodes.flatMap { node in
        node.interfaces.flatMap(\.addresses).map(\.address.address).flatMap {
          ["\($0) \(project)-\(node.key)-\(node.replica ?? 1)", "\($0) \(node.name)"]
        }
      })
    let missing = theirs.subtracting(ours).filter { fact in
      guard let name = fact.split(separator: " ").last else { return true }
      return !(name.utf8.count == 12 && name.allSatisfy(\.isHexDigit))
    }
    let further = ours.subtracting(theirs).filter { fact in
      let words = fact.split(separator: " ").map(String.init)
      guard words.count == 4 else { return true }
      if containers.contains("\(words[2]) \(words[3])") { return false }
      guard names.prefix(Self.namesLimit).contains(words[3]) else { return false }
      let answer = engine.first { $0.hasPrefix("\(words[0]) name \(words[3]) ") } ?? ""
      return !answer.split(separator: " ").dropFirst(3).contains { $0 == words[2] }
    }
    return (missing.map { "only the engine: \($0)" } + further.map { "only here: \($0)" }).sorted()
  }

  /// A line with the names that links have by number, SERVICE_N and PROJECT_SERVICE_N, as docker compose 2 writes them.
  private func withDashes(_ fact: String) -> String {
    var words = fact.split(separator: " ").map(String.init)
    let name = words.popLast() ?? ""
    for key in Set(topology.nodes.map { $0.key.lowercased() }) {
      for start in ["\(key)_", "\(project)_\(key)_"] where name.hasPrefix(start) {
        let number = name.dropFirst(start.count)
        guard Int(number) != nil else { continue }
        return (words + [start.replacing("_\(key)_", with: "-\(key)_").dropLast() + "-" + number])
          .joined(separator: " ")
      }
    }
    return fact
  }

  /// How many names are asked for from each place.
  private static let namesLimit = 40

  /// Every name that somebody may know.
  private var names: [String] {
    var names: Set = ["localhost", "nobody"]
    for entry in compilation.file?.nodes ?? [] {
      names.insert(entry.name.value.lowercased())
      let given: [HostName?] = [entry.containerName?.value, entry.hostname?.value]
      let aliases: [HostName] = entry.attachments.flatMap { $0.aliases.map(\.value) }
      let linked: [HostName?] = entry.linkAliases.map { $0.alias?.value }
      let extra: [HostName] = entry.extraHosts.map(\.name.value)
      for name in given.compactMap({ $0 }) + aliases + linked.compactMap({ $0 }) + extra {
        names.insert(name.text.lowercased())
      }
    }
    return names.sorted()
  }

  /// What docker-compose 1.29 makes of names, a fact a line: the containers', and the networks' with what they are.
  var names129: Set<String> {
    var facts = Set(topology.nodes.filter { !isProvided($0) }.map { "host container \(container(of: $0))" })
    for network in topology.networks
    where network.isUsed && !network.isExternal && network.origin != nil || isDefault(network) {
      let driver =
        switch network.driver {
        case .bridge: "bridge"
        case .macvlan: "macvlan"
        case .ipvlan: "ipvlan"
        case .host: "host"
        case .none: "null"
        }
      facts.insert("host network \(network.name) \(driver) \(network.isInternal)")
    }
    return facts
  }

  private func isDefault(_ network: Network) -> Bool {
    network.key == "default" && network.isUsed && !network.isExternal
  }

  private func isProvided(_ node: Node) -> Bool { compilation.file?.nodes[node.entry].isProvided ?? false }

  /// Every address of a node or gateway, the host's own and that of the machine beyond.
  private var addresses: [String] {
    let own = topology.nodes.flatMap { $0.interfaces.flatMap(\.addresses) }.map(\.address.address)
    let gateways = topology.networks.filter(\.isUsed).flatMap(\.pools).compactMap(\.gateway)
    let all = Set((own + gateways).filter { !$0.isLinkLocal }.map(\.description)).sorted()
    return Array(all.prefix(Self.limit)) + ["203.0.113.1", "203.0.113.2"]
  }

  /// The ports that something listens on, by namespace.
  private var listeners: [(namespace: String, port: UInt16, node: Node)] {
    nodes.flatMap { node, namespace in
      (compilation.file?.nodes[node.entry].listeningPorts ?? []).filter { $0.transport == .tcp }
        .flatMap { ($0.range.first...$0.range.last).prefix(4) }.map { (namespace, $0, node) }
    }
  }

  /// How many addresses, ports and publications are tried from each place.
  private static let limit = 24

  /// The addresses and ports to connect to: each that listens, and one that doesn't; and the published ones.
  private var ports: [String] {
    let own = listeners.flatMap { listener in
      listener.node.interfaces.flatMap(\.addresses).filter { $0.address.address.family == .ipv4 }
        .flatMap { ["\($0.address.address),\(listener.port)", "\($0.address.address),7"] }
    }
    return Array(Set(own).sorted().prefix(Self.limit)) + published
  }

  /// The host's addresses with its published ports, and one that isn't published: the uplink's, and the networks'
  /// gateways.
  private var published: [String] {
    let ports = topology.publications.filter { $0.family == .ipv4 && $0.transport == .tcp }.compactMap(\.hostPorts)
      // What the engine chooses itself is another port with each.
      .filter { $0.first < 32768 }
    guard !ports.isEmpty else { return [] }
    let gateways = topology.networks.filter { $0.isUsed && !$0.isInternal }.compactMap { $0.hostAddress(.ipv4) }
    let addresses = ["203.0.113.2"] + gateways.prefix(2).map(\.description)
    return addresses.flatMap { address in
      Array(Set(ports.map { "\(address),\($0.first)" }).sorted().prefix(6)) + ["\(address),7"]
    }
  }

  /// What the host itself connects to besides, at its loopback.
  private var hostPorts: [String] {
    published.filter { $0.hasPrefix("203.0.113.2,") }.flatMap { ["127.0.0.1,\($0.split(separator: ",")[1])", $0] }
  }

  /// Networks of others that an engine must have first, as NAME=SUBNET=GATEWAY.
  private var externals: [String] {
    topology.networks.filter { $0.isUsed && $0.isExternal }.compactMap { network in
      guard network.bridge != nil, let pool = network.pool(.ipv4), let gateway = pool.gateway else { return nil }
      return "\(network.name)=\(pool.subnet)=\(gateway)"
    }
  }

  /// The networks that have no block written, where there are several, in the order that Netwright gives them theirs.
  ///
  /// Which gets which depends on the order that they are made in, which 1.29 takes from the services and docker compose
  /// 2 from nothing at all. In the files made for it both are the same.
  private var allocated: [String] {
    let keys = topology.networks.filter { network in
      network.isUsed && network.key != "bridge" && !network.isExternal && network.pool(.ipv4)?.isAutomatic == true
    }.map(\.key)
    return keys.count > 1 && !files.folder.hasSuffix("EngineFiles") ? keys.sorted() : []
  }

  /// The variables that the scripts go by, as assignments.
  var settings: String {
    var order: [String] = []
    for id in topology.startOrder where (topology[id].replica ?? 1) == 1 {
      let key = topology[id].key
      order.append("\(key)=\(topology.nodes.count { $0.key == key })")
    }
    let pairs = nodes.map { "\($0.namespace)=\(container(of: $0.node))" }
    let settling = topology.networks.contains { $0.families.contains(.ipv6) } ? 4 : 1
    return """
      folder='\(files.folder)' given='\(files.files.joined(separator: " "))' project='\(project)'
      order='\(order.joined(separator: " "))' nodes='\(pairs.joined(separator: " "))'
      names='\(names.prefix(Self.namesLimit).joined(separator: " "))' addresses='\(addresses.joined(separator: " "))'
      ports='\(Set(ports).sorted().joined(separator: " "))' settling=\(settling)
      host_ports='\(Set(hostPorts).sorted().joined(separator: " "))'
      outside_ports='\(published.filter { $0.hasPrefix("203.0.113.2,") }.joined(separator: " "))'
      externals='\(externals.joined(separator: " "))'
      allocated='\(allocated.joined(separator: " "))'
      listeners='\(listeners.map { "\($0.namespace),\($0.port)" }.joined(separator: " "))'

      """
  }

  /// Whether both must say a fact: lines of /etc/hosts are compared by themselves.
  func isCompared(_ fact: String) -> Bool {
    fact.split(separator: " ").dropFirst().first != "hosts" && !isOutdated(fact)
  }

  /// Whether a fact is one in which this old engine differs from those that Netwright goes by: in 20.10 a container
  /// that is on internal networks alone has a default route, and reaches the host by its other addresses.
  private func isOutdated(_ fact: String) -> Bool {
    let words = fact.split(separator: " ").map(String.init)
    guard words.count == 3, let node = nodes.first(where: { $0.namespace == words[0] })?.node else { return false }
    let networks = node.interfaces.compactMap { interface -> Network? in
      switch interface.source {
      case .port(let id, _, _), .child(let id): topology[id]
      case .link, .device: nil
      }
    }
    guard !networks.isEmpty, networks.allSatisfy(\.isInternal) else { return false }
    switch words[1] {
    case "default": return true
    case "reaches", "misses":
      guard let address = IPAddress(words[2]) else { return false }
      return !networks.flatMap(\.pools).contains { $0.subnet.contains(address) }
    default: return false
    }
  }
}
