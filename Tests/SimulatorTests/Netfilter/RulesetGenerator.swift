import NetworkTypes
import Plan
import ShellScript
import Simulator

/// Makes networks with netfilter rules from a seed, and probes to try in them.
struct RulesetGenerator {
  private var choice: SeededChoice
  private var hasIPv6 = false
  /// What writes sections into the file, where it has some.
  private var maker: SectionMaker?
  private let hasSections: Bool
  private let firewall: ScriptOptions.Firewall

  /// Networks of three kinds: with rules that are made up, with sections `firewall` and `nat`, and with published
  /// ports.
  init(seed: UInt64) {
    choice = SeededChoice(seed: seed)
    hasSections = choice.chance(30)
    firewall = choice.chance(40) ? .iptables : .nftables
  }

  /// The networks of the first comparisons, without sections and loaded by nft.
  init(place: UInt64) {
    choice = SeededChoice(place: place)
    hasSections = false
    firewall = .nftables
  }

  /// A network with rules and probes; nil where the file is wrong, which a test counts.
  mutating func lab() -> FilteredLab? {
    hasIPv6 = choice.chance(35)
    let isPublished = choice.chance(25)
    guard let (yaml, bare) = hasSections ? sectionedLab(isPublished) : plainLab(isPublished) else { return nil }
    var lab = bare
    lab.firewall = firewall
    // What the file itself asks for is kept where ports are published or it has sections; elsewhere it is made up.
    if !isPublished, !hasSections { lab.rulesets = [] }
    let machine = lab.machine
    let targets = machine.devices.flatMap(\.addresses).map(\.address).filter {
      !$0.isLoopback && !($0.family == .ipv6 && $0.isLinkLocal)
    }
    for space in lab.spaces where !hasSections && (!isPublished || space.name != "host") {
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

  private mutating func plainLab(_ isPublished: Bool) -> (yaml: String, lab: FilteredLab)? {
    let yaml = isPublished ? publishedHost() : choice.chance(50) ? bridgedHost() : routedChain()
    return FilteredLab(yaml).map { (yaml, $0) }
  }

  /// A network whose sections are right: a rule that nothing is left for is an error, and another is tried.
  private mutating func sectionedLab(_ isPublished: Bool) -> (yaml: String, lab: FilteredLab)? {
    for _ in 0..<30 {
      maker = SectionMaker(
        choice: SeededChoice(seed: UInt64(choice.below(1 << 32))), nodes: ["web", "cli", "far"], hasIPv6: hasIPv6)
      if let found = plainLab(isPublished) { return found }
    }
    return nil
  }

  /// The sections of a node, in the file's words.
  private mutating func more(_ ways: String..., forwards: Bool = false) -> String {
    maker?.sections(ways: ways, forwards: forwards) ?? ""
  }

  // MARK: Networks

  /// A host that forwards between its bridges, one of which leads to a machine beyond.
  private mutating func bridgedHost() -> String {
    let second = choice.chance(60)
    var text = """
      services:
        web: { networks: { front: { ipv4_address: 10.1.0.10 }\(second && choice.chance(40) ? ", back: {}" : "") }\(more("front")) }
        cli: { networks: { front: { ipv4_address: 10.1.0.11 } } }
        far: { networks: { wan: { ipv4_address: 10.9.0.10 } }\(more("wan")) }

      """
    if second { text += "  db: { networks: { back: { ipv4_address: 10.2.0.10 } } }\n" }
    text += "networks:\n"
    for (name, third) in [("front", 1), ("back", 2), ("wan", 9)] where second || name != "back" {
      text += "  \(name): \(network(third))\n"
    }
    let host = more("front", "wan", forwards: true)
    return text + "host: { sysctls: { net.ipv4.ip_forward: 1, net.ipv6.conf.all.forwarding: 1 }\(host) }\n"
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
        cli: { networks: { front: { ipv4_address: 10.1.0.11 } }, ports: ["8084:81"]\(more("front")) }
        db: { networks: { back: { ipv4_address: 10.2.0.10 }\(choice.chance(40) ? ", front: {}" : "") } }
        far: { networks: { wan: { ipv4_address: 10.9.0.10 } } }
      networks:
        front: { driver_opts: { \(options.joined(separator: ", ")) }, \(front)
        back: \(back)
        wan: \(network(9))
      host: { sysctls: { net.ipv4.ip_forward: 1, net.ipv6.conf.all.forwarding: 1 }\(more("front", "wan", forwards: true)) }

      """
  }

  /// Routers in a row, with a network at either end.
  private mutating func routedChain() -> String {
    let isLong = choice.chance(35)
    let last = isLong ? "r1" : "r0"
    var text = """
      services:
        web: { networks: { left: { ipv4_address: 10.1.0.10 } }\(more("left")) }
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
      text += "  r0: { networks: { left: { \(ends(1)) } }, \(routes(9, 2))\(more("left", "east", forwards: true)) }\n"
      text += "  r1: { networks: { right: { \(ends(9)) } }, \(routes(1, 1))\(more("right", "west", forwards: true)) }\n"
      text += "links: [{ endpoints: [\"r0:east\", \"r1:west\"], subnet: [10.50.0.0/24"
      text += (hasIPv6Text.isEmpty ? "" : ", \"fd00:50::/64\"") + "] }]\n"
    } else {
      text +=
        "  \(last): { networks: { left: { \(ends(1)) }, right: { \(ends(9)) } }\(more("left", "right", forwards: true)) }\n"
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
