import NetworkTypes

/// Which of the host's ports are taken, and by which address.
struct HostPorts {
  /// A family's address of the host, or all of them.
  struct Binding: Hashable {
    let family: AddressFamily
    /// nil for all.
    let address: IPAddress?
  }

  private struct Port: Hashable {
    let transport: TransportProtocol
    let number: UInt16
  }

  /// Where the kernel's range of ephemeral ports begins (net.ipv4.ip_local_port_range), from which the engine
  /// takes the lowest that is free (moby, daemon/libnetwork/portallocator).
  private static let firstEphemeral: UInt16 = 32768
  private static let lastEphemeral: UInt16 = 60999

  /// A search that has been made before.
  private struct Search: Hashable {
    let range: ClosedRange<UInt16>
    let transport: TransportProtocol
    let bindings: [Binding]
  }

  private var taken: [Port: [Binding]] = [:]
  /// The port that each search found last: all below it stay taken, so that the next goes on from there.
  private var found: [Search: UInt16] = [:]

  /// Takes ports.
  mutating func take(_ ports: PortRange, _ transport: TransportProtocol, on bindings: [Binding]) {
    for number in ports.first...ports.last {
      taken[Port(transport: transport, number: number), default: []] += bindings
    }
  }

  /// Takes the first port of a range, or of the ephemeral ones, that is free on all of some addresses.
  mutating func takeFirst(in range: PortRange?, _ transport: TransportProtocol, on bindings: [Binding]) -> UInt16? {
    let bounds = range.map { max($0.first, 1)...max($0.last, 1) } ?? Self.firstEphemeral...Self.lastEphemeral
    let search = Search(range: bounds, transport: transport, bindings: bindings)
    let rest = (found[search] ?? bounds.lowerBound)...bounds.upperBound
    guard let port = rest.first(where: { isFree($0, transport, bindings) }) else { return nil }
    found[search] = port
    take(PortRange(port), transport, on: bindings)
    return port
  }

  private func isFree(_ number: UInt16, _ transport: TransportProtocol, _ bindings: [Binding]) -> Bool {
    let others = taken[Port(transport: transport, number: number)] ?? []
    return !others.contains { other in
      bindings.contains {
        $0.family == other.family && ($0.address == nil || other.address == nil || $0.address == other.address)
      }
    }
  }
}
