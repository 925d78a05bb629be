package import NetworkTypes
import Packets

/// A probe that is under way while others are sent and time goes on.
package struct PendingProbe: Sendable {
  let namespace: NamespaceID
  let socket: SocketID
  let target: IPAddress
  let source: IPAddress?
  /// When it was sent.
  let start: Instant
  /// What came of it at once.
  let failure: KernelError?
  /// What ping(8) says of that.
  let refusal: PingOutcome?
}

extension Kernel {
  /// Sends one echo request, and doesn't wait.
  ///
  /// - Parameters:
  ///   - target: the address.
  ///   - namespace: the machine that asks.
  ///   - options: how.
  /// - Returns: the probe; `pingOutcome` says later what came of it.
  package mutating func beginPing(
    _ target: IPAddress, from namespace: NamespaceID, _ options: PingOptions = PingOptions()
  ) -> PendingProbe {
    let identifier = namespaces[namespace.index].sockets.makeIdentifier()
    let socket = namespaces[namespace.index].sockets.open(.echo(identifier: identifier))
    let sending = SendOptions(options)
    let request = ICMPMessage.Echo(identifier: identifier, sequence: 1, data: .pattern(options.size))
    var failure: KernelError?
    do throws(KernelError) {
      // It finds its source by connecting a socket (ping4_run), and sends by another that isn't connected.
      _ = try connectedWay(to: target, sending, in: namespace)
      try send(.icmp(.echoRequest(request)), to: target, sending, in: namespace)
    } catch {
      failure = error
    }
    // What was known of the path as it was sent counts.
    let refusal = failure.flatMap { outcome(of: $0, target, sending, in: namespace) }
    return PendingProbe(
      namespace: namespace, socket: socket, target: target, source: nil, start: now, failure: failure, refusal: refusal)
  }

  /// Tries to reach a port, and doesn't wait.
  ///
  /// - Parameters:
  ///   - target: the address.
  ///   - port: the port.
  ///   - transport: the protocol.
  ///   - namespace: the machine that tries.
  ///   - sourcePort: the port to try from; nil for one that nobody uses.
  /// - Returns: the probe; `connectOutcome` says later what came of it.
  package mutating func beginConnect(
    to target: IPAddress, port: UInt16, _ transport: TransportProtocol, from namespace: NamespaceID,
    sourcePort: UInt16? = nil
  ) -> PendingProbe {
    let own = sourcePort ?? namespaces[namespace.index].sockets.makePort()
    let socket = namespaces[namespace.index].sockets.open(transport == .udp ? .udp(port: own) : .tcp(port: own))
    var (failure, source): (KernelError?, IPAddress?) = (nil, nil)
    do throws(KernelError) {
      // A machine whose kernel has no SCTP says so.
      guard transport != .sctp else { throw KernelError(.protocolNotSupported) }
      source = try connectedWay(to: target, SendOptions(), for: transport, in: namespace).source
      let options = connectedOptions(from: source)
      if transport == .udp {
        namespaces[namespace.index].sockets[socket]?.peer = target
        namespaces[namespace.index].sockets[socket]?.peerPort = port
        let datagram = UDPDatagram(sourcePort: own, destinationPort: port, data: .pattern(1))
        try send(.udp(datagram), to: target, options, in: namespace)
      } else {
        try connect(socket, to: target, port: port, SendOptions(), in: namespace)
      }
    } catch {
      failure = error
    }
    return PendingProbe(
      namespace: namespace, socket: socket, target: target, source: source, start: now, failure: failure,
      refusal: nil)
  }

  /// What has come of an echo request up to now.
  package func pingOutcome(of probe: PendingProbe) -> PingOutcome {
    if let refusal = probe.refusal { return refusal }
    for (time, event) in self[probe.namespace].sockets[probe.socket]?.inbox ?? [] {
      switch event {
      case .echoReply(_, let from, let hopLimit, let length):
        return .reply(from: from, hopLimit: hopLimit, length: length, time: time.since(probe.start))
      case .error(let message, let from, about: _): return .error(message, from: from)
      case .datagram, .connected, .failed: break
      }
    }
    return .silence
  }

  /// What has come of an attempt to reach a port up to now.
  package func connectOutcome(of probe: PendingProbe) -> ConnectOutcome {
    if let failure = probe.failure { return .failed(failure.errno) }
    return heard(by: probe) ?? .silence
  }

  /// What an attempt to reach a port has heard up to now; nil for nothing that tells.
  func heard(by probe: PendingProbe) -> ConnectOutcome? {
    for (_, event) in self[probe.namespace].sockets[probe.socket]?.inbox ?? [] {
      switch event {
      case .connected, .datagram: return .connected(source: probe.source ?? probe.target)
      case .failed(let errno): return .failed(errno)
      case .error(.unreachable(let reason, quoted: _), from: _, about: _):
        // Of a datagram only what is final counts (icmp_err_convert, fatal).
        if let errno = finalError(reason, probe.target.family) { return .failed(errno) }
      case .error, .echoReply: break
      }
    }
    return nil
  }
}

extension Kernel.SendOptions {
  /// What ping(8) sends with.
  init(_ options: PingOptions) {
    source = options.source
    hopLimit = options.hopLimit
    fragmentation = options.forbidsFragments ? .never : .unlessKnown
  }
}
