import NetworkTypes
import Plan
import Simulator

/// Makes networks with netfilter rules from a seed, and probes to try in them.
struct RulesetGenerator {
  private var choice: SeededChoice
  private let seed: UInt64
  private var hasIPv6 = false

  init(seed: UInt64) {
    self.seed = seed
    choice = SeededChoice(seed: seed)
  }

  /// A network with rules and probes; nil where the file is wrong, which a test counts.
  mutating func lab() -> FilteredLab? {
    hasIPv6 = choice.chance(35)
    let isPublished = choice.chance(25)
    let yaml = isPublished ? publishedHost() : choice.chance(50) ? bridgedHost() : routedChain()
    guard var lab = FilteredLab(yaml) else { return nil }
    // What the file itself asks for is loaded in a quarter of the networks, what is made up in the others.
    if !isPublished { lab.rulesets = [] }
    let machine = lab.machine
    let targets = machine.devices.flatMap(\.addresses).map(\.address).filter {
      !$0.isLoopback && !($0.family == .ipv6 && $0.isLinkLocal)
    }
    for space in lab.spaces where !isPublished || space.name != "host" {
      let place = Place(space.name)
      let forwards = space.name == "host" ? yaml.contains("ip_forward") : space.name.hasPrefix("r")
      guard choice.chance(forwards ? 92 : 18) else { continue }
      var maker = RuleMaker(choice: choice, machine: machine, namespace: space.id, targets: targets, hasIPv6: hasIPv6)
      let tables = maker.tables(forwards: forwards)
      choice = maker.choice
      if !tables.isEmpty { lab.rulesets.append(LoadRuleset(place: place, tables: tables)) }
    }
    lab.probes = probes(lab, targets)
    return lab
  }

  // MARK: Networks

  /// A host that forwards between its bridges, one of which leads to a machine beyond.
  private mutating func bridgedHost() -> String {
    let second = choice.chance(60)
    var text = """
      services:
        web: { networks: { front: { ipv4_address: 10.1.0.10 }\(second && choice.chance(40) ? ", back: {}" : "") } }
        cli: { networks: { front: { ipv4_address: 10.1.0.11 } } }
        far: { networks: { wan: { ipv4_address: 10.9.0.10 } } }

      """
    if second { text += "  db: { networks: { back: { ipv4_address: 10.2.0.10 } } }\n" }
    text += "networks:\n"
    for (name, third) in [("front", 1), ("back", 2), ("wan", 9)] where second || name != "back" {
      text += "  \(name): \(network(third))\n"
    }
    return text + "host: { sysctls: { net.ipv4.ip_forward: 1, net.ipv6.conf.all.forwarding: 1 } }\n"
  }

  /// A host with published ports, and networks that let less through than others.
  private mutating func publishedHost() -> String {
    let ports = ["\"8080:81\"", "\"8080:81/udp\"", "\"127.0.0.1:8081:81\"", "\"10.9.0.1:8083:82\"", "\"8082:8081\""]
      .filter { _ in choice.chance(55) }
    var options: [String] = []
    if choice.chance(25) {
      options.append("com.docker.network.bridge.enable_icc: \"false\"")
      // Neighbor discovery passes the rules of such a bridge, at times of its own.
      hasIPv6 = false
    }
    if choice.chance(20) { options.append("com.docker.network.bridge.enable_ip_masquerade: \"false\"") }
    if choice.chance(30) {
      options.append(
        "com.docker.network.bridge.gateway_mode_ipv4: \(choice.pick(["nat-unprotected", "routed", "nat"]))")
    }
    let front = network(1).dropFirst(2)
    let back = choice.chance(40) ? "{ internal: true, \(network(2).dropFirst(2))" : network(2)
    return """
      services:
        web: { networks: { front: { ipv4_address: 10.1.0.10 } }, ports: [\(ports.joined(separator: ", "))] }
        cli: { networks: { front: { ipv4_address: 10.1.0.11 } }, ports: ["8084:81"] }
        db: { networks: { back: { ipv4_address: 10.2.0.10 }\(choice.chance(40) ? ", front: {}" : "") } }
        far: { networks: { wan: { ipv4_address: 10.9.0.10 } } }
      networks:
        front: { driver_opts: { \(options.joined(separator: ", ")) }, \(front)
        back: \(back)
        wan: \(network(9))
      host: { sysctls: { net.ipv4.ip_forward: 1, net.ipv6.conf.all.forwarding: 1 } }

      """
  }

  /// Routers in a row, with a network at either end.
  private mutating func routedChain() -> String {
    let isLong = choice.chance(35)
    let last = isLong ? "r1" : "r0"
    var text = """
      services:
        web: { networks: { left: { ipv4_address: 10.1.0.10 } } }
        cli: { networks: { left: { ipv4_address: 10.1.0.11 } } }
        far: { networks: { right: { ipv4_address: 10.9.0.10 } } }
      networks:
        left: \(network(1, gateway: 1))
        right: \(network(9, gateway: 1))
      routers:

      """
    let isDual = hasIPv6
    let ends = { (third: Int) in
      "ipv4_address: 10.\(third).0.1" + (!isDual ? "" : ", ipv6_address: \"fd00:\(third)::1\"")
    }
    if isLong {
      let routes = { (third: Int, hop: Int) in
        "routes: [{ to: 10.\(third).0.0/24, via: 10.50.0.\(hop) }"
          + (!isDual ? "]" : ", { to: \"fd00:\(third)::/64\", via: \"fd00:50::\(hop)\" }]")
      }
      text += "  r0: { networks: { left: { \(ends(1)) } }, \(routes(9, 2)) }\n"
      text += "  r1: { networks: { right: { \(ends(9)) } }, \(routes(1, 1)) }\n"
      text += "links: [{ endpoints: [\"r0:east\", \"r1:west\"], subnet: [10.50.0.0/24"
      text += (hasIPv6Text.isEmpty ? "" : ", \"fd00:50::/64\"") + "] }]\n"
    } else {
      text += "  \(last): { networks: { left: { \(ends(1)) }, right: { \(ends(9)) } } }\n"
    }
    return text
  }

  private var hasIPv6Text: String { hasIPv6 ? "enable_ipv6: true, " : "" }

  private func network(_ third: Int, gateway: Int? = nil) -> String {
    let suffix = gateway.map { ", gateway: 10.\(third).0.\($0)" } ?? ""
    let six = gateway.map { ", gateway: \"fd00:\(third)::\($0)\"" } ?? ""
    let more = hasIPv6 ? ", { subnet: \"fd00:\(third)::/64\"\(six) }" : ""
    return "{ \(hasIPv6Text)ipam: { config: [{ subnet: 10.\(third).0.0/24\(suffix) }\(more)] } }"
  }

  // MARK: Probes

  private mutating func probes(_ lab: FilteredLab, _ targets: [IPAddress]) -> [FilteredLab.Probe] {
    var used: Set<String> = []
    return (0..<22).map { number in
      let kind: FilteredLab.Probe.Kind = choice.pick([.icmp, .tcp, .tcp, .udp])
      let space = choice.pick(lab.spaces).name
      let port = choice.pick([81, 81, 82, 8080, 8081, 8080, 8083] as [UInt16])
      // Now and then two namespaces try from the same port, so that a translation has to choose another.
      let isShared = choice.chance(12) && used.insert("\(space) \(kind)").inserted
      let own = UInt16(isShared ? 39_000 : (kind == .icmp ? 5000 : 40_000) + number)
      return FilteredLab.Probe(
        number: number, space: space, kind: kind, target: choice.pick(targets), port: kind == .icmp ? 0 : port, own: own
      )
    }
  }
}

extension Place {
  /// The host, or the namespace of a name.
  fileprivate init(_ name: String) {
    self = name == "host" ? .host : NamespaceName(name).map { .namespace($0) } ?? .host
  }
}
