import NetworkTypes
import Netwright
import Packets
import Plan
import ShellScript
import Simulator
import Testing
import Views

/// A network with netfilter rules in some of its namespaces, and what is tried in it.
struct FilteredLab {
  /// Something that is tried.
  struct Probe {
    enum Kind: String { case icmp, tcp, udp }

    let number: Int
    let space: String
    let kind: Kind
    let target: IPAddress
    /// The port; 0 for a ping.
    let port: UInt16
    /// The source port, or the echo's identifier.
    let own: UInt16
    /// How long an answer is waited for.
    var seconds = 0.3
    /// How many bytes an echo request carries.
    var size = 56

    /// As the prober reads it.
    var line: String { "probe \(number) \(space) \(kind.rawValue) \(target) \(port) \(own) \(seconds) \(size)\n" }
  }

  let yaml: String
  var rulesets: [LoadRuleset]
  /// What loads the rules, here and there.
  var firewall = ScriptOptions.Firewall.nftables
  var probes: [Probe] = []
  /// The ports that something listens on in every namespace.
  static let listening: [UInt16] = [81, 8081]

  let plan: Plan
  /// The machine before the rules are loaded.
  private let bare: Kernel

  /// Compiles the file and builds its network in the simulator, without the rules that it asks for, which are loaded
  /// last; nil where it is wrong.
  init?(_ yaml: String) {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))])
    guard var plan = compilation.makePlan() else { return nil }
    self.yaml = yaml
    rulesets = plan.steps.compactMap { if case .loadRuleset(let ruleset) = $0.operation { ruleset } else { nil } }
    plan.steps.removeAll { if case .loadRuleset = $0.operation { true } else { false } }
    self.plan = plan
    var kernel = Kernel()
    kernel.rulesetName = "netwright-rules"
    if let loopback = kernel.device(.loopback, in: .host) { kernel.setLink(loopback, isUp: true) }
    for step in plan.steps {
      do throws(KernelError) {
        try kernel.perform(step.operation)
      } catch {
        Issue.record("\(step.operation.summary): \(error.message)")
      }
    }
    kernel.run(for: .seconds(5))
    bare = kernel
  }

  /// The machine, with the rules, before anything was tried.
  var machine: Kernel {
    var kernel = bare
    switch firewall {
    case .nftables: break
    case .iptables: kernel.iptables = rulesPlan.map { IptablesForm($0) }
    }
    for ruleset in rulesets { try? kernel.perform(.loadRuleset(ruleset)) }
    for namespace in kernel.namespaces {
      // As the prober has it: errors are allowed without limit.
      let place: Place = namespace.name.map { .namespace($0) } ?? .host
      for key in ["net.ipv4.icmp_ratelimit", "net.ipv6.icmp.ratelimit"].compactMap(SysctlKey.init) {
        try? kernel.perform(.setSysctl(SetSysctl(place: place, key: key, value: "0")))
      }
      for name in namespace.devices.keys.sorted() {
        for family in ["ipv4", "ipv6"] {
          guard let key = SysctlKey("net.\(family).neigh.\(name).retrans_time_ms") else { continue }
          try? kernel.perform(.setSysctl(SetSysctl(place: place, key: key, value: "50")))
        }
      }
      for port in Self.listening {
        kernel.listen(.tcp, port: port, in: namespace.id)
        kernel.listen(.udp, port: port, in: namespace.id)
      }
    }
    return kernel
  }

  /// The namespaces with the names that the prober calls them by.
  var spaces: [(name: String, id: NamespaceID)] { bare.namespaces.map { ($0.name?.text ?? "host", $0.id) } }

  /// The script that builds the network.
  var script: String { emitShellScript(plan) }

  /// The script that loads the rules, once the network has settled.
  var rulesScript: String? {
    rulesPlan.map { emitShellScript($0, options: ScriptOptions(firewall: firewall)) }
  }

  private var rulesPlan: Plan? {
    guard let instance = InstanceName("rules") else { return nil }
    let origin = Origin(subject: "rules", file: "lab.yaml", line: 1, column: 1)
    return Plan(instance: instance, steps: rulesets.map { Step(.loadRuleset($0), origin: origin) })
  }

  /// The programs that show what the rules have counted and which connections there are, and what they show.
  var views: [(command: String, view: View)] {
    let rules: [(command: String, view: View)] =
      switch firewall {
      case .nftables: [("nft list ruleset", .nftables)]
      case .iptables:
        [
          ("iptables-save -c", .iptablesSave(.ipv4, withCounters: true)),
          ("ip6tables-save -c", .iptablesSave(.ipv6, withCounters: true)),
          ("iptables -nvL", .iptables(.ipv4, .filter, withNumbers: false)),
          ("ip6tables -nvL --line-numbers", .iptables(.ipv6, .filter, withNumbers: true)),
          ("iptables -t nat -nvL --line-numbers", .iptables(.ipv4, .nat, withNumbers: true)),
        ]
      }
    return rules + [("conntrack -L", .connections)]
  }

  /// What the prober reads.
  var list: String {
    let listeners = spaces.flatMap { space in
      Self.listening.flatMap { ["listen \(space.name) tcp \($0)\n", "listen \(space.name) udp \($0)\n"] }
    }
    return listeners.joined() + probes.map(\.line).joined() + "end\n"
  }

  /// What comes of the probes, one after the other, and the machine afterwards.
  func simulate() -> (outcomes: [String], machine: Kernel) {
    var kernel = machine
    let names = Dictionary(spaces.map { ($0.name, $0.id) }, uniquingKeysWith: { old, _ in old })
    let outcomes = probes.map { probe -> String in
      kernel.forgetVisits()
      guard let space = names[probe.space] else { return "no such namespace" }
      let outcome = kernel.outcome(of: probe, from: space)
      kernel.run(for: .milliseconds(10))
      let who = spaces.flatMap { space in
        kernel.visits(in: space.id).map { entry in
          "\(space.name):\(entry.transport.rawValue):\(entry.port)<\(entry.visit.source):\(entry.visit.port ?? 0)"
        }
      }
      return "\(outcome)|\(who.sorted().joined(separator: " "))"
    }
    return (outcomes, kernel)
  }
}

extension Kernel {
  /// What comes of a probe, in the prober's words.
  fileprivate mutating func outcome(of probe: FilteredLab.Probe, from space: NamespaceID) -> String {
    let timeout = TimeSpan.milliseconds(UInt64(probe.seconds * 1000))
    switch probe.kind {
    case .icmp:
      var options = PingOptions()
      options.identifier = probe.own
      options.timeout = timeout
      options.size = probe.size
      switch ping(probe.target, from: space, options).first {
      case .reply(let from, _, _, _)?: return "reply \(from)"
      case .error(let message, let from)?:
        let (type, code) = message.typeAndCode(from.family)
        return "error \(from) \(type) \(code)"
      case .notSent(let errno)?: return errno.symbol
      case .tooLong?, .silence?, nil: return "silence"
      }
    case .tcp, .udp:
      let outcome = connect(
        to: probe.target, port: probe.port, probe.kind == .tcp ? .tcp : .udp, from: space, timeout: timeout,
        sourcePort: probe.own)
      switch outcome {
      case .connected: return "connected"
      case .failed(let errno): return errno.symbol
      case .silence: return "silence"
      }
    }
  }
}

extension Errno {
  /// The name in errno(3).
  fileprivate var symbol: String {
    switch self {
    case .notPermitted: "EPERM"
    case .accessDenied: "EACCES"
    case .networkUnreachable: "ENETUNREACH"
    case .hostUnreachable: "EHOSTUNREACH"
    case .connectionRefused: "ECONNREFUSED"
    case .addressNotAvailable: "EADDRNOTAVAIL"
    case .invalidArgument: "EINVAL"
    case .timedOut: "ETIMEDOUT"
    default: "\(self)"
    }
  }
}
