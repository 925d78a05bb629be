import Diagnostics
import NetworkTypes
import YAMLTree

/// The long form of `ports` as it is read.
struct PortFields {
  var target: Located<PortRange>?
  var published: Located<PortRange>?
  var hostAddress: Located<IPAddress>?
  var transport: Located<TransportProtocol>?
  var mode: Located<String>?
}

extension KeyTable where Target == PortFields {
  /// The long form of an item of `services.NAME.ports`.
  static let port = KeyTable(
    "port", "A published port.", takesExtensions: true, ignoring: ["app_protocol", "name"],
    [
      Key("target", .ports(0...65535), "The container's port.", required: true) { $0.target = $1 },
      Key(
        "published", .either([.integer(0...65535), .text("PORT[-PORT]")]), "The host's port, or a range to choose from."
      ) {
        port, entry, reader in
        // An empty text is one of the engine's choice.
        if case .scalar(let scalar) = entry.value.content, scalar.text.isEmpty { return }
        port.published = ValueKind<PortRange>.ports(0...65535).read(entry.value, &reader)
      },
      Key("host_ip", .address, "The host's address; all without it.") { $0.hostAddress = $1 },
      Key("protocol", .transport, "tcp without it.") { $0.transport = $1 },
      Key("mode", .portMode, "ingress or host: of no effect outside a swarm.") { $0.mode = $1 },
    ])
}

extension ValueKind where Value == String {
  /// `ingress` or `host`.
  static var portMode: Self {
    Self(.choice(["ingress", "host"]), expected: "ingress or host") { text, range, reader in
      if text == "ingress" || text == "host" { return text }
      reader.report(.invalidValue("`\(text)` is neither ingress nor host", at: range))
      return nil
    }
  }
}

extension ValueKind where Value == TransportProtocol {
  /// The protocol of a port, in letters of either case, as the engine takes it (moby, libnetwork/types: ParseProtocol).
  fileprivate static var transport: Self {
    let pattern = "^([Tt][Cc][Pp]|[Uu][Dd][Pp]|[Ss][Cc][Tt][Pp])$"
    return choice(.text("tcp, udp or sctp", pattern: pattern)) { $0.lowercased() }
  }
}

extension ValueKind where Value == PortRange {
  /// A port or consecutive ports within bounds.
  static func ports(_ bounds: ClosedRange<Int>) -> Self {
    Self(.either([.integer(bounds), .text("PORT-PORT", pattern: "^[0-9]+(-[0-9]+)?$")]), expected: "a port") {
      text, range, reader in
      if let ports = PortRange(text), bounds.contains(Int(ports.first)) { return ports }
      reader.report(
        .malformedPort("`\(text)` is no port", at: range, help: "write a number from \(bounds.lowerBound) to 65535"))
      return nil
    }
  }
}

extension Reader {
  /// `expose`, each port once; empty texts are left out, as a variable may stand for one.
  mutating func exposedPorts(_ node: YAMLNode) -> [ExposedPortEntry] {
    var seen: Set<PortIdentity> = []
    return list(node).filter { !isEmptyText($0) }.compactMap { exposedPort($0) }.filter { port in
      seen.insert(PortIdentity(target: port.ports.value, transport: port.transport)).inserted
    }
  }

  /// `ports`, each once: one that says the same as an earlier one takes its place (compose-go, override/uncity.go), and
  /// one that an earlier range has says nothing new.
  mutating func publishedPorts(_ node: YAMLNode) -> [PublishedPortEntry] {
    var ports = DistinctPorts()
    for port in list(node).compactMap({ publishedPort($0) }) { ports.add(port) }
    return ports.entries
  }

  /// An item of `expose`: PORT, PORT-PORT, with /PROTOCOL.
  mutating func exposedPort(_ node: YAMLNode) -> ExposedPortEntry? {
    guard let text = text(node, expected: "a port"), let (rest, transport) = transport(text) else { return nil }
    guard let ports = PortRange(rest), ports.first > 0 else {
      report(
        .malformedPort("`\(text.value)` is no port", at: text.range, help: "write PORT or PORT-PORT, from 1 to 65535"))
      return nil
    }
    return ExposedPortEntry(ports: Located(ports, at: text.range), transport: transport)
  }

  /// An item of `ports`, in either form.
  mutating func publishedPort(_ node: YAMLNode) -> PublishedPortEntry? {
    guard case .mapping = node.content else { return shortPort(node) }
    var fields = PortFields()
    read(node, into: &fields, by: .port)
    guard let target = fields.target else { return nil }
    return checked(
      PublishedPortEntry(
        range: node.range, target: target.value, published: fields.published?.value,
        hostAddress: fields.hostAddress?.value, transport: fields.transport?.value ?? .tcp))
  }

  /// `[[IP:][HOST]:]CONTAINER[/PROTOCOL]`, parted from the right (docker/go-connections, nat.ParsePortSpec).
  private mutating func shortPort(_ node: YAMLNode) -> PublishedPortEntry? {
    guard let text = text(node, expected: "a port"), let (rest, transport) = transport(text) else { return nil }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let target = PortRange(parts[parts.count - 1]) else {
      let last = parts[parts.count - 1]
      report(
        .malformedPort(
          last.isEmpty ? "`\(text.value)` names no container port" : "`\(last)` is no container port", at: text.range,
          help: "write [[IP:][HOST]:]CONTAINER[/PROTOCOL], ports from 0 to 65535"))
      return nil
    }
    var published: PortRange?
    if parts.count > 1, !parts[parts.count - 2].isEmpty {
      published = PortRange(parts[parts.count - 2])
      guard published != nil else {
        report(.malformedPort("`\(parts[parts.count - 2])` is no host port", at: text.range))
        return nil
      }
    }
    var hostAddress: IPAddress?
    if parts.count > 2 {
      var address = parts.dropLast(2).joined(separator: ":")
      if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
      hostAddress = IPAddress(address)
      guard hostAddress != nil || address.isEmpty else {
        report(.malformedAddress(address, wanted: nil, at: text.range))
        return nil
      }
    }
    return checked(
      PublishedPortEntry(
        range: text.range, target: target, published: published, hostAddress: hostAddress, transport: transport))
  }

  /// Ranges pair one to one, or the host's is one to choose from for a single container port; port 0 of the host's is
  /// one of the engine's choice, as if none were written.
  private mutating func checked(_ port: PublishedPortEntry) -> PublishedPortEntry? {
    guard let published = port.published else { return port }
    guard port.target.count == 1 || published.count == port.target.count else {
      report(
        .malformedPort(
          "\(published.count) host ports for \(port.target.count) container ports", at: port.range,
          help: "make both ranges as long, or the container's a single port"))
      return nil
    }
    guard published.first > 0 || published.last == 0 else {
      report(
        .malformedPort(
          "0 is no port of the host's to begin a range with", at: port.range,
          help: "write 0 alone, or no port of the host's, for any that is free"))
      return nil
    }
    var port = port
    if published.last == 0 { port.published = nil }
    return port
  }

  /// Parts a port and its protocol.
  private mutating func transport(_ text: Located<String>) -> (String, TransportProtocol)? {
    let parts = text.value.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return (text.value, .tcp) }
    if let transport = TransportProtocol(rawValue: parts[1].lowercased()) { return (parts[0], transport) }
    report(.malformedPort("`\(parts[1])` is none of tcp, udp, sctp", at: text.range))
    return nil
  }
}

/// What makes two entries of ports the same.
private struct PortIdentity: Hashable {
  let target: PortRange
  var published: PortRange?
  var hostAddress: IPAddress?
  let transport: TransportProtocol
}

/// The ports that a service publishes, each once.
///
/// There may be thousands, most of them single ones: those are looked up.
private struct DistinctPorts {
  private(set) var entries: [PublishedPortEntry] = []
  /// Where each entry stands.
  private var places: [PortIdentity: Int] = [:]
  /// Where those stand that are of several ports, and may have others.
  private var ranges: [Int] = []

  mutating func add(_ port: PublishedPortEntry) {
    // A single port has no other than the same.
    let isSingle = port.target.count == 1
    let earlier = isSingle ? places[port.identity] : entries.firstIndex { port.says($0) }
    guard earlier != nil || !ranges.contains(where: { entries[$0].says(port) }) else { return }
    let place = earlier ?? entries.count
    if place == entries.count {
      entries.append(port)
    } else {
      places[entries[place].identity] = nil
      entries[place] = port
    }
    places[port.identity] = place
    if !isSingle, !ranges.contains(place) { ranges.append(place) }
  }
}

extension PublishedPortEntry {
  fileprivate var identity: PortIdentity {
    PortIdentity(target: target, published: published, hostAddress: hostAddress, transport: transport)
  }

  /// Whether it has all that another has: the same, or a range whose ports are paired alike.
  fileprivate func says(_ other: PublishedPortEntry) -> Bool {
    guard hostAddress == other.hostAddress, transport == other.transport else { return false }
    if target == other.target, published == other.published { return true }
    guard let host = published, let otherHost = other.published, host.count == target.count,
      otherHost.count == other.target.count
    else { return false }
    return host.first <= otherHost.first && otherHost.last <= host.last
      && Int(host.first) - Int(target.first) == Int(otherHost.first) - Int(other.target.first)
  }
}

extension Diagnostic {
  static func malformedPort(_ message: String, at range: SourceRange, help: String? = nil) -> Diagnostic {
    Diagnostic(FileCode.malformedPort, message, at: range, help: help)
  }
}
