package import NetworkTypes
import Packets
package import Simulator

/// The names of addresses as a program looks them up where it runs; nil for those without one.
package typealias NameLookup = (IPAddress) -> String?

/// What ping(8) prints of a run (iputils 20221126, ping/ping.c and ping_common.c).
///
/// - Parameters:
///   - run: what came of each request.
///   - target: the address.
///   - name: what the target was called; the address itself where it was called by that.
///   - options: how the requests were sent.
///   - names: the names of those who answer, which count where the target was called by a name.
/// - Returns: the lines, each ended.
package func pingText(
  _ run: PingRun, to target: IPAddress, name: String, _ options: PingOptions, names: NameLookup
) -> String {
  let outcomes = run.outcomes
  let isIPv4 = target.family == .ipv4
  if case .notSent(let errno)? = outcomes.first {
    // A route that forbids looks to ping(8) like a broadcast address (ping.c: ping4_run).
    return isIPv4 && errno == .accessDenied
      ? "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n"
      : "ping: connect: \(errno.text)\n"
  }
  let isNamed = IPAddress(name) == nil
  func called(_ address: IPAddress) -> String {
    (isNamed ? names(address) : nil).map { "\($0) (\(address))" } ?? "\(address)"
  }
  var text =
    isIPv4
    ? "PING \(name) (\(target)) \(options.size)(\(options.size + 28)) bytes of data.\n"
    : "PING \(name)(\(called(target))) \(options.size) data bytes\n"
  // The moment of sending stands in the data, where there is room for it (struct timeval, ping_common.c).
  let isTimed = options.size >= 16
  var (received, duplicates, errors) = (0, 0, 0)
  var times: [TimeSpan] = []
  for (index, outcome) in outcomes.enumerated() {
    switch outcome {
    case .reply:
      received += 1
      for (number, answer) in ([outcome] + run.duplicates[index, default: []]).enumerated() {
        guard case .reply(let from, let hopLimit, let length, let time) = answer else { continue }
        text += "\(length) bytes from \(called(from)): icmp_seq=\(index + 1) ttl=\(hopLimit)"
        if isTimed {
          times.append(time)
          text += " time=\(pingTime(time)) ms"
        }
        if number > 0 {
          duplicates += 1
          text += " (DUP!)"
        }
        text += "\n"
      }
    case .error(let message, let from):
      errors += 1
      text += "From \(called(from)) icmp_seq=\(index + 1) \(message.pingText)\n"
      if run.refused.contains(index) { text += "ping: sendmsg: \(Errno.notPermitted.text)\n" }
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
  if duplicates > 0 { text += "+\(duplicates) duplicates, " }
  if errors > 0 { text += "+\(errors) errors, " }
  let span = UInt64(sent - 1) * options.interval.nanoseconds / 1_000_000
  text += "\(share(sent - received, of: sent))% packet loss, time \(span)ms\n"
  text += times.isEmpty ? "" : statistics(times)
  if run.pipe > 1 { text += "\(times.isEmpty ? "" : ", ")pipe \(run.pipe)" }
  return text + "\n"
}

/// A share in per cent with six digits at most, as printf's %g writes it.
private func share(_ part: Int, of whole: Int) -> String {
  let percent = Double(part * 100) / Double(whole)
  guard percent != percent.rounded() else { return "\(Int(percent))" }
  // Six digits in all: four decimals from 10 on, five from 1, and further ones below.
  let decimals = percent >= 10 ? 4 : percent >= 1 ? 5 : 6
  var scaled = "\(Int((percent * [4: 1e4, 5: 1e5, 6: 1e6][decimals, default: 1e4]).rounded()))"
  scaled = String(repeating: "0", count: max(0, decimals + 1 - scaled.utf8.count)) + scaled
  var digits = scaled.dropLast(decimals) + "." + scaled.suffix(decimals)
  while digits.last == "0" { digits.removeLast() }
  return String(digits)
}

private func statistics(_ times: [TimeSpan]) -> String {
  let values = times.map { Double($0.nanoseconds) }
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
  let deviation = max(0, squares - mean * mean).squareRoot()
  let parts = [values.min() ?? 0, mean, values.max() ?? 0, deviation]
  let words = parts.map { milliseconds(TimeSpan(nanoseconds: UInt64($0))) }
  return "rtt min/avg/max/mdev = \(words.joined(separator: "/")) ms"
}

/// A round-trip time in milliseconds: the longer, the fewer decimals (ping_common.c: gather_statistics).
package func pingTime(_ span: TimeSpan) -> String {
  let micros = span.nanoseconds / 1000
  func decimals(_ count: Int, _ unit: UInt64) -> String {
    let rounded = micros + unit / 2
    let rest = "\(rounded % 1000 / unit)"
    return "\(rounded / 1000)." + String(repeating: "0", count: count - rest.utf8.count) + rest
  }
  switch micros {
  case 99_950...: return "\((micros + 500) / 1000)"
  case 9995...: return decimals(1, 100)
  case 1000...: return decimals(2, 10)
  default: return decimals(3, 1)
  }
}

/// What traceroute(8) prints of a route (traceroute 2.1).
///
/// - Parameters:
///   - route: the route.
///   - target: the address.
///   - name: what the target was called.
///   - names: the names of those who answer.
/// - Returns: the lines, each ended.
package func tracerouteText(_ route: TracedRoute, to target: IPAddress, name: String, names: NameLookup) -> String {
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
      if answer.address != last { text += " \(names(answer.address) ?? "\(answer.address)") (\(answer.address))" }
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
