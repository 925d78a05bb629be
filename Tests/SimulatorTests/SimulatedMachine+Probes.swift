import NetworkTypes
import Simulator
import Views

extension SimulatedMachine {
  /// Somebody who asks, whom, and how.
  struct Probe {
    let space: String
    let id: NamespaceID
    let target: IPAddress
    let kind: Kind

    enum Kind: String, CaseIterable {
      case ping
      case firstHop = "ping -t 1"
      case secondHop = "ping -t 2"
      case large = "ping -s 1400 -M do"
      case fragments = "ping -s 3000"
      case tcp
      case udp
    }

    /// What the harness calls it.
    var name: String { "\(space) \(target) \(kind.rawValue)" }
  }

  /// Every namespace pings every address of all, and tries it in one other way, each way about as often.
  var probes: [Probe] {
    let kinds = Probe.Kind.allCases.dropFirst()
    var number = 0
    return spaces.flatMap { space in
      addresses.flatMap { target in
        number += 1
        let other = kinds[kinds.startIndex + number * 5 % kinds.count]
        return [Probe.Kind.ping, other].map { Probe(space: space.name, id: space.id, target: target, kind: $0) }
      }
    }
  }

  /// The probes as the harness reads them, each with the seconds to wait: who gets errors of a router's gets no more
  /// than one a second (net.ipv4.route.error_cost).
  func timed(_ probes: [Probe]) -> String {
    var errors: [String: Int] = [:]
    return probes.map { probe in
      let outcome = outcome(of: probe)
      let isError = outcome.hasPrefix("error") || outcome.hasPrefix("failed")
      let wait = isError ? errors[probe.space, default: -1] + 1 : 0
      if isError { errors[probe.space] = wait }
      return "\(Double(wait) * 1.2) \(probe.name)\n"
    }.joined()
  }

  /// What comes of a probe, from the state that the machine is in.
  func outcome(of probe: Probe) -> String {
    var copy = kernel
    var options = PingOptions()
    switch probe.kind {
    case .ping: break
    case .firstHop: options.hopLimit = 1
    case .secondHop: options.hopLimit = 2
    case .large:
      options.size = 1400
      options.forbidsFragments = true
    case .fragments: options.size = 3000
    case .tcp, .udp:
      return copy.connect(to: probe.target, port: 81, probe.kind == .tcp ? .tcp : .udp, from: probe.id).text
    }
    return copy.ping(probe.target, from: probe.id, options).first?.text ?? "none"
  }
}
