import Netwright
import NetworkTypes
import Packets
import Plan
import Simulator
import Testing

/// A file's plan, carried out by the simulator.
struct SimulatedMachine {
  var kernel: Kernel
  let plan: Plan

  /// Compiles a file, carries out its plan and waits some seconds until links have settled; nil where the file is wrong.
  init?(_ yaml: String, seconds: UInt64 = 5) {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))])
    guard let plan = compilation.makePlan() else { return nil }
    self.plan = plan
    kernel = Kernel()
    for step in plan.steps {
      do throws(KernelError) {
        try kernel.perform(step.operation)
      } catch {
        Issue.record("\(step.operation.summary): \(error.message)")
      }
    }
    kernel.run(for: .seconds(seconds))
  }

  /// The namespaces, the host's first, with the names that the harness calls them by.
  var spaces: [(name: String, id: NamespaceID)] {
    kernel.namespaces.map { ($0.name?.text ?? "host", $0.id) }
  }

  /// The addresses that others could reach, of all namespaces.
  var addresses: [IPAddress] {
    var seen: Set<IPAddress> = []
    return kernel.devices.flatMap(\.addresses).map(\.address).filter {
      !$0.isLoopback && !($0.family == .ipv6 && $0.isLinkLocal) && seen.insert($0).inserted
    }
  }
}

extension PingOutcome {
  /// What came of a ping, as the harness writes what ping(8) says.
  var text: String {
    switch self {
    case .reply(let from, let hopLimit, let length, _): "reply \(length) \(from) \(hopLimit)"
    case .error(let message, let from): "error \(from) \(message.text)"
    case .notSent(let errno): "not sent \(errno.text)"
    case .silence: "silence"
    }
  }
}

extension ICMPMessage {
  /// What ping(8) prints of a message (iputils, ping/ping.c: pr_icmph).
  var text: String {
    switch self {
    case .unreachable(let reason, let quoted):
      switch (reason, quoted.packet.family) {
      case (.network, .ipv4): "Destination Net Unreachable"
      case (.network, .ipv6): "Destination unreachable: No route"
      case (.host, .ipv4): "Destination Host Unreachable"
      case (.host, .ipv6): "Destination unreachable: Address unreachable"
      case (.port, .ipv4): "Destination Port Unreachable"
      case (.port, .ipv6): "Destination unreachable: Port unreachable"
      case (.prohibited, .ipv4): "Packet filtered"
      case (.prohibited, .ipv6): "Destination unreachable: Administratively prohibited"
      case (.beyondScope, _): "Destination unreachable: Beyond scope of source address"
      case (.protocol, _), (.networkProhibited, _), (.hostProhibited, _), (.rejectRoute, _): "\(reason)"
      }
    case .tooBig(let mtu, let quoted):
      quoted.packet.family == .ipv4 ? "Frag needed and DF set (mtu = \(mtu))" : "Packet too big: mtu=\(mtu)"
    case .timeExceeded(let quoted):
      quoted.packet.family == .ipv4 ? "Time to live exceeded" : "Time exceeded: Hop limit"
    case .reassemblyTimeExceeded(let quoted):
      quoted.packet.family == .ipv4 ? "Frag reassembly time exceeded" : "Time exceeded: Defragmentation failure"
    case .redirect(let gateway, _): "Redirect (\(gateway))"
    case .echoRequest, .echoReply: "\(self)"
    }
  }
}
