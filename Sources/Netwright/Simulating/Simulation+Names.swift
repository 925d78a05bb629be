import Diagnostics
import NetworkTypes
import ProjectFile
import Simulator
import Topology

extension Simulation {
  /// The namespace that a node has, or `host`'s, or that of the machine `outside`.
  ///
  /// - Parameter name: a service's, replica's or router's name.
  /// - Returns: the namespace; nil where there is no such node, or it has none on this machine.
  func namespace(named name: String) -> NamespaceID? {
    if name == "host" { return .host }
    let node =
      topology.nodes.first { $0.displayName == name || $0.name == name } ?? topology.nodes.first { $0.key == name }
    guard let node else {
      return name == "outside" ? NamespaceName.outside.flatMap { kernel.namespace(named: $0) } : nil
    }
    return home(of: node)
  }

  private func home(of node: Node) -> NamespaceID? {
    switch node.home {
    case .namespace(let name): kernel.namespace(named: name)
    case .shared(let other): home(of: topology[other])
    case .host: .host
    case .foreign: nil
    }
  }

  /// The address that a name stands for where it is used.
  ///
  /// An address stands for itself; a name for what the namespace's hosts file says, else for the node's address that is
  /// nearest: on a link of the asker's, then whichever comes first.
  ///
  /// - Parameters:
  ///   - name: the name or address.
  ///   - namespace: where it is used.
  /// - Returns: the address; nil where nobody has the name.
  func address(of name: String, in namespace: NamespaceID) -> IPAddress? {
    if let address = IPAddress(name) { return address }
    for line in kernel[namespace].files["hosts"] ?? [] {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words.dropFirst().contains(Substring(name)), let address = words.first.flatMap({ IPAddress(String($0)) }) {
        return address
      }
    }
    guard let target = self.namespace(named: name) else { return nil }
    let own = kernel.devices(of: namespace).flatMap { kernel[$0].addresses }.map(\.interface.prefix)
    let candidates = kernel.devices(of: target).flatMap { kernel[$0].addresses }.map(\.address).filter {
      !$0.isLoopback && !($0.family == .ipv6 && $0.isLinkLocal)
    }
    return candidates.first { address in own.contains { $0.contains(address) } } ?? candidates.first
  }
}

extension NodeEntry {
  /// The ports that something listens on in the service: those exposed, and the targets of those published.
  var listeningPorts: [(range: PortRange, transport: TransportProtocol)] {
    expose.map { ($0.ports.value, $0.transport) } + ports.map { ($0.target, $0.transport) }
  }
}
