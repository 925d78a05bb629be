package import NetworkTypes
package import Packets

/// One hop of a traced route.
package struct TracedHop: Hashable, Sendable {
  /// The time to live that led there.
  package let hopLimit: UInt8
  /// What came of the probes, in order; nil for silence.
  package let answers: [Answer?]

  /// What a probe heard.
  package struct Answer: Hashable, Sendable {
    /// From whom.
    package let address: IPAddress
    /// After how long.
    package let time: TimeSpan
    /// What was said beside that the time to live ran out; nil for just that, or for the target itself.
    package let objection: ICMPMessage.Unreachable?
  }
}

/// A route as it was traced.
package struct TracedRoute: Hashable, Sendable {
  /// The hops in order.
  package var hops: [TracedHop] = []
  /// Why nothing could be sent, if so.
  package var failure: Errno?
}

extension Kernel {
  /// Traces the route to an address with datagrams, as traceroute(8) does.
  ///
  /// - Parameters:
  ///   - target: the address.
  ///   - namespace: the machine that asks.
  ///   - maximum: the greatest time to live.
  ///   - probes: how many at each hop.
  ///   - timeout: how long each is waited for.
  /// - Returns: the route up to the target, or to where nothing leads on.
  package mutating func traceroute(
    to target: IPAddress, from namespace: NamespaceID, maximum: UInt8 = 30, probes: Int = 3,
    timeout: TimeSpan = .seconds(5)
  ) -> TracedRoute {
    var result = TracedRoute()
    var port: UInt16 = 33434
    for hopLimit in 1...maximum {
      var answers: [TracedHop.Answer?] = []
      var isEnd = false
      for _ in 0..<probes {
        switch probe(target, port: port, hopLimit: hopLimit, from: namespace, timeout) {
        case .answer(let answer, let ends):
          answers.append(answer)
          if ends { isEnd = true }
        case .failure(let errno):
          result.failure = errno
          return result
        case .silence: answers.append(nil)
        }
        port += 1
      }
      result.hops.append(TracedHop(hopLimit: hopLimit, answers: answers))
      if isEnd { break }
    }
    return result
  }

  private enum Probe {
    case answer(TracedHop.Answer, ends: Bool)
    case failure(Errno)
    case silence
  }

  private mutating func probe(
    _ target: IPAddress, port: UInt16, hopLimit: UInt8, from namespace: NamespaceID, _ timeout: TimeSpan
  ) -> Probe {
    let own = namespaces[namespace.index].sockets.makePort()
    let socket = namespaces[namespace.index].sockets.open(.udp(port: own))
    defer { namespaces[namespace.index].sockets.close(socket) }
    let (start, end) = (now, now + timeout)
    do throws(KernelError) {
      // Its sockets are connected.
      var options = connectedOptions(from: try connectedWay(to: target, SendOptions(), in: namespace).source)
      options.hopLimit = hopLimit
      options.fragmentation = .always
      try send(
        .udp(UDPDatagram(sourcePort: own, destinationPort: port, data: .pattern(32))), to: target, options,
        in: namespace)
    } catch {
      return .failure(error.errno)
    }
    while now < end {
      waitForNotice(until: end)
      for (time, event) in fetch(socket, in: namespace) {
        guard case .error(let message, from: let address, about: _) = event else { continue }
        switch message {
        case .timeExceeded:
          return .answer(TracedHop.Answer(address: address, time: time.since(start), objection: nil), ends: false)
        case .unreachable(let reason, quoted: _):
          let objection = reason == .port && address == target ? nil : reason
          return .answer(TracedHop.Answer(address: address, time: time.since(start), objection: objection), ends: true)
        case .tooBig, .reassemblyTimeExceeded, .redirect, .echoRequest, .echoReply: break
        }
      }
    }
    return .silence
  }
}
