package import NetworkTypes
import Packets
package import Simulator

/// What ping(8) prints of a run (iputils 20221126).
///
/// - Parameters:
///   - outcomes: what came of each request.
///   - target: the address.
///   - name: what the target was called; the address itself where it was called by that.
///   - options: how the requests were sent.
/// - Returns: the lines, each ended.
package func pingText(_ outcomes: [PingOutcome], to target: IPAddress, name: String, _ options: PingOptions) -> String {
  if case .notSent(let errno)? = outcomes.first { return "ping: connect: \(errno.text)\n" }
  let isIPv4 = target.family == .ipv4
  var text =
    isIPv4
    ? "PING \(name) (\(target)) \(options.size)(\(options.size + 28)) bytes of data.\n"
    : "PING \(name)(\(target)) \(options.size) data bytes\n"
  var (received, errors) = (0, 0)
  var times: [TimeSpan] = []
  for (index, outcome) in outcomes.enumerated() {
    switch outcome {
    case .reply(let from, let hopLimit, let length, let time):
      received += 1
      times.append(time)
      let sender = from == target && name != "\(target)" ? "\(name) (\(from))" : "\(from)"
      text += "\(length) bytes from \(sender): icmp_seq=\(index + 1) ttl=\(hopLimit) time=\(milliseconds(time)) ms\n"
    case .error(let message, let from):
      errors += 1
      text += "From \(from) icmp_seq=\(index + 1) \(message.pingText)\n"
    case .notSent(let errno):
      errors += 1
      text += "ping: sendmsg: \(errno.text)\n"
    case .tooLong(let mtu):
      errors += 1
      text += "ping: local error: message too long, mtu\(isIPv4 ? "=" : ": ")\(mtu)\n"
    case .silence: break
    }
  }
  let sent = outcomes.count
  text += "\n--- \(name) ping statistics ---\n\(sent) packets transmitted, \(received) received, "
  if errors > 0 { text += "+\(errors) errors, " }
  let span = UInt64(sent - 1) * options.interval.nanoseconds / 1_000_000
  text += "\((sent - received) * 100 / sent)% packet loss, time \(span)ms\n"
  return text + (times.isEmpty ? "\n" : statistics(times))
}

private func statistics(_ times: [TimeSpan]) -> String {
  let values = times.map { Double($0.nanoseconds) }
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
  let deviation = max(0, squares - mean * mean).squareRoot()
  let parts = [values.min() ?? 0, mean, values.max() ?? 0, deviation]
  let words = parts.map { milliseconds(TimeSpan(nanoseconds: UInt64($0))) }
  return "rtt min/avg/max/mdev = \(words.joined(separator: "/")) ms\n"
}

/// What traceroute(8) prints of a route.
///
/// - Parameters:
///   - route: the route.
///   - target: the address.
///   - name: what the target was called.
/// - Returns: the lines, each ended.
package func tracerouteText(_ route: TracedRoute, to target: IPAddress, name: String) -> String {
  let length = target.family == .ipv4 ? 60 : 80
  var text = "traceroute to \(name) (\(target)), 30 hops max, \(length) byte packets\n"
  for hop in route.hops {
    text += (hop.hopLimit < 10 ? " " : "") + "\(hop.hopLimit) "
    var last: IPAddress?
    for answer in hop.answers {
      guard let answer else {
        text += " *"
        continue
      }
      if answer.address != last { text += " \(answer.address) (\(answer.address))" }
      last = answer.address
      text += "  \(milliseconds(answer.time)) ms"
      if let objection = answer.objection { text += " \(objection.tracerouteMark)" }
    }
    text += "\n"
  }
  if let failure = route.failure { text += "connect: \(failure.text)\n" }
  return text
}

/// What came of an attempt to reach a port, in one line.
package func connectText(
  _ outcome: ConnectOutcome, to target: IPAddress, port: UInt16, _ transport: TransportProtocol
) -> String {
  let place = target.family == .ipv4 ? "\(target):\(port)" : "[\(target)]:\(port)"
  switch outcome {
  case .connected(let source): return "\(place)/\(transport.rawValue): connected from \(source)\n"
  case .failed(let errno): return "\(place)/\(transport.rawValue): \(errno.text)\n"
  case .silence: return "\(place)/\(transport.rawValue): no answer\n"
  }
}
