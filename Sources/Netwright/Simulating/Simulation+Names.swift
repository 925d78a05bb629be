import Diagnostics
import NetworkTypes
import ProjectFile
import Simulator
import Topology
import Views

extension Simulation {
  /// The namespace that a node has, or `host`'s, or that of the machine `outside`.
  ///
  /// A node that is called `host` or `outside` comes first, as in the rules of firewalls and in hosts files.
  ///
  /// - Parameter name: a service's, replica's or router's name.
  /// - Returns: the namespace; nil where there is no such node, or it has none on this machine.
  func namespace(named name: String) -> NamespaceID? {
    // A machine that was found may have namespaces of others too, and one stands for the outside.
    guard let node = topology.node(called: name) else {
      if name == "host" { return .host }
      let other = name == "outside" ? NamespaceName.outside : NamespaceName(name)
      return other.flatMap { kernel.namespace(named: $0) }
    }
    return home(of: node)
  }

  /// The addresses that a name stands for: itself, or all that a node has.
  func addresses(of name: String) -> Set<IPAddress> {
    if let address = IPAddress(name) { return [address] }
    guard let namespace = namespace(named: name) else { return [] }
    return Set(kernel.devices(of: namespace).flatMap { kernel[$0].addresses.map(\.interface.address) })
  }

  /// The namespace that has an address.
  func home(of address: IPAddress) -> NamespaceID? {
    kernel.namespaces.map(\.id).first { space in
      kernel.devices(of: space).contains { kernel[$0].addresses.contains { $0.interface.address == address } }
    }
  }

  /// What to say after a name that nobody has: the one that was meant, or all that there are where those are few.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - namespace: where it was to be looked up; nil for a place to start from.
  /// - Returns: nothing, or a colon and the rest of a sentence.
  func hint(for name: String, in namespace: NamespaceID? = nil) -> String {
    let looked = namespace.map { hostLines(of: $0).flatMap(\.names).map(String.init) } ?? []
    return nameHint(for: name, in: topology, besides: looked)
  }

  /// The namespace that a node is in; nil where it has none on this machine.
  func home(of node: Node) -> NamespaceID? {
    switch node.home {
    case .namespace(let name): kernel.namespace(named: name)
    case .shared(let other): home(of: topology[other])
    case .host: .host
    case .foreign: nil
    }
  }

  /// The lines of a namespace's hosts file (hosts(5)).
  private func hostLines(of namespace: NamespaceID) -> [(address: IPAddress, names: ArraySlice<Substring>)] {
    (kernel[namespace].files["hosts"] ?? []).compactMap { line in
      let words = line.split { $0 == " " || $0 == "\t" }
      return words.first.flatMap { IPAddress(String($0)) }.map { ($0, words.dropFirst()) }
    }
  }

  /// The names that addresses have for programs in a namespace: the first of the line of each in its hosts file.
  func names(in namespace: NamespaceID) -> NameLookup {
    let lines = hostLines(of: namespace)
    return { address in lines.first { $0.address == address }?.names.first.map(String.init) }
  }

  /// Addresses in the order that programs try them: those first that there is a way to, then IPv6, then the longest
  /// prefix in common with the source, which counts in IPv4 on a shared link alone (RFC 6724 §6, rules 1, 6 and 9;
  /// rfc3484_sort in glibc's getaddrinfo.c).
  private func ordered(_ addresses: [IPAddress], in namespace: NamespaceID) -> [IPAddress] {
    let own = kernel.devices(of: namespace).flatMap { kernel[$0].addresses }.map(\.interface)
    let ranked = addresses.enumerated().map { position, address in
      guard let source = kernel.source(towards: address, in: namespace) else { return ([1, 0, 0, position], address) }
      let isFar =
        address.family == .ipv4
        && !own.contains { $0.address == source && $0.prefix.contains(address) }
      let different = isFar ? 0 : UInt128.bitWidth - (address.bits ^ source.bits).leadingZeroBitCount
      return ([0, address.family == .ipv6 ? 0 : 1, different, position], address)
    }
    return ranked.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
  }

  /// The address that a name stands for where it is used.
  ///
  /// An address stands for itself, the unspecified one for the asker (ip_route_output_key_hash_rcu,
  /// ip6_datagram_connect); a name for what the namespace's hosts file says, else for the node's address that is
  /// nearest: one that there is a way to, on a link of the asker's, then whichever comes first.
  ///
  /// - Parameters:
  ///   - name: the name or address.
  ///   - namespace: where it is used.
  ///   - prefersIPv4: whether IPv4 comes first where there are both families, as for traceroute(8).
  /// - Returns: the address; nil where nobody has the name.
  func address(of name: String, in namespace: NamespaceID, prefersIPv4: Bool = false) -> IPAddress? {
    if let address = IPAddress(name) { return address.isUnspecified ? .loopback(address.family) : address }
    let known = ordered(
      hostLines(of: namespace).filter { $0.names.contains(Substring(name)) }.map(\.address), in: namespace)
    if let address = (prefersIPv4 ? known.first { $0.family == .ipv4 } : nil) ?? known.first { return address }
    guard let target = self.namespace(named: name) else { return nil }
    let own = kernel.devices(of: namespace).flatMap { kernel[$0].addresses }.map(\.interface.prefix)
    let candidates = kernel.devices(of: target).flatMap { kernel[$0].addresses }.map(\.address).filter {
      !$0.isLoopback && !($0.family == .ipv6 && $0.isLinkLocal)
    }
    // Those that there is a way to come first (RFC 6724 §6, rule 1).
    let reached = candidates.filter { kernel.source(towards: $0, in: namespace) != nil }
    let first = reached.isEmpty ? candidates : reached
    return first.first { address in own.contains { $0.contains(address) } } ?? first.first
  }
}

extension NodeEntry {
  /// The ports that something listens on in the service: those exposed, and the targets of those published.
  var listeningPorts: [(range: PortRange, transport: TransportProtocol)] {
    expose.map { ($0.ports.value, $0.transport) } + ports.map { ($0.target, $0.transport) }
  }
}
