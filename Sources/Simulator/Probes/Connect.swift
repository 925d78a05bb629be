package import NetworkTypes
import Packets

/// What came of an attempt to reach a port.
package enum ConnectOutcome: Hashable, Sendable {
  /// The other side took the connection, or sent a datagram back.
  case connected(source: IPAddress)
  /// The attempt failed, as connect(2) or recv(2) says.
  case failed(Errno)
  /// Nothing was heard in time.
  case silence
}

extension Kernel {
  /// Tries to reach a port: by a connection, or by a datagram that whatever listens sends back.
  ///
  /// - Parameters:
  ///   - target: the address.
  ///   - port: the port.
  ///   - transport: the protocol.
  ///   - namespace: the machine that tries.
  ///   - timeout: how long.
  ///   - sourcePort: the port to try from; nil for one that nobody uses.
  /// - Returns: what came of it.
  package mutating func connect(
    to target: IPAddress, port: UInt16, _ transport: TransportProtocol, from namespace: NamespaceID,
    timeout: TimeSpan = .seconds(4), sourcePort: UInt16? = nil
  ) -> ConnectOutcome {
    let probe = beginConnect(to: target, port: port, transport, from: namespace, sourcePort: sourcePort)
    defer { namespaces[namespace.index].sockets.close(probe.socket) }
    // Of a datagram that a rule of the machine's own rejects an error comes besides, but send(2) has failed before.
    if let failure = probe.failure { return .failed(failure.errno) }
    let end = now + timeout
    while now < end {
      waitForNotice(until: end)
      if let outcome = heard(by: probe) { return outcome }
    }
    return connectOutcome(of: probe)
  }

  /// What a connected datagram socket hears of: the errors that won't pass (icmp_err_convert, icmpv6_err_convert).
  func finalError(_ reason: ICMPMessage.Unreachable, _ family: AddressFamily) -> Errno? {
    switch (reason, family) {
    case (.port, _), (.protocol, _), (.networkProhibited, _), (.hostProhibited, _), (.prohibited, _), (.rejectRoute, _):
      errno(reason, isIPv4: family == .ipv4)
    case (.network, _), (.host, _), (.beyondScope, _): nil
    }
  }
}
