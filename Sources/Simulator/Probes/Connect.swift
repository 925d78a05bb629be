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
    // A machine whose kernel has no SCTP says so.
    guard transport != .sctp else { return .failed(.protocolNotSupported) }
    let own = sourcePort ?? namespaces[namespace.index].sockets.makePort()
    let socket = namespaces[namespace.index].sockets.open(transport == .udp ? .udp(port: own) : .tcp(port: own))
    defer { namespaces[namespace.index].sockets.close(socket) }
    let end = now + timeout
    let source: IPAddress
    var wasDropped = false
    do throws(KernelError) {
      source = try connectedWay(to: target, SendOptions(), for: transport, in: namespace).source
      let options = connectedOptions(from: source)
      if transport == .udp {
        let datagram = UDPDatagram(sourcePort: own, destinationPort: port, data: .pattern(1))
        namespaces[namespace.index].sockets[socket]?.peer = target
        namespaces[namespace.index].sockets[socket]?.peerPort = port
        do throws(KernelError) {
          try send(.udp(datagram), to: target, options, in: namespace)
        } catch {
          // A rule dropped it; an error may come of it.
          guard error.errno == .notPermitted else { throw error }
          wasDropped = true
        }
      } else {
        try connect(socket, to: target, port: port, SendOptions(), in: namespace)
      }
    } catch {
      return .failed(error.errno)
    }
    while now < end {
      waitForNotice(until: end)
      for (_, event) in fetch(socket, in: namespace) {
        switch event {
        case .connected, .datagram: return .connected(source: source)
        case .failed(let errno): return .failed(errno)
        case .error(.unreachable(let reason, quoted: _), from: _, about: _):
          // Of a datagram only what is final counts (icmp_err_convert, fatal).
          if let errno = finalError(reason, target.family) { return .failed(errno) }
        case .error, .echoReply: break
        }
      }
    }
    return wasDropped ? .failed(.notPermitted) : .silence
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
