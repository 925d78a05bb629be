import NetworkTypes
import Plan
import Simulator

/// Makes the rules of one namespace.
struct RuleMaker {
  var choice: SeededChoice
  private let devices: [InterfaceName]
  private let own: [IPAddress]
  private let targets: [IPAddress]
  private let hasIPv6: Bool
  private var comments = 0

  init(
    choice: SeededChoice, machine: Kernel, namespace: NamespaceID, targets: [IPAddress], hasIPv6: Bool
  ) {
    self.choice = choice
    let all = machine.devices(of: namespace)
    // Ports of bridges have no addresses: rules about packets name the bridges.
    devices = all.filter { machine[$0].master == nil }.map { machine[$0].name }
    own = all.flatMap { machine[$0].addresses }.map(\.address).filter { !$0.isLoopback && !$0.isLinkLocal }
    self.targets = targets
    self.hasIPv6 = hasIPv6
  }

  /// The tables; none, now and then.
  mutating func tables(forwards: Bool) -> [NetfilterTable] {
    var chains: [NetfilterChain] = []
    let wanted: [(NetfilterHook, NetfilterPriority, Int)] = [
      (.forward, .filter, forwards ? 80 : 0), (.input, .filter, 45), (.output, .filter, 35), (.prerouting, .raw, 22),
      (.postrouting, .mangle, 15), (.prerouting, .mangle, 15), (.forward, .mangle, forwards ? 10 : 0),
      (.prerouting, .dstnat, forwards ? 65 : 15), (.output, .dstnat, 35), (.postrouting, .srcnat, forwards ? 65 : 15),
      (.input, .srcnat, 8),
    ]
    let called = choice.chance(50) ? ChainName("called") : nil
    var isCalled = false
    for (hook, priority, percent) in wanted where choice.chance(percent) {
      let jumpsTo = priority == .filter && hook == .forward ? called : nil
      guard let chain = chain(hook, priority, jumpsTo) else { continue }
      if chain.rules.contains(where: { if case .jump? = $0.verdict { true } else { false } }) { isCalled = true }
      chains.append(chain)
    }
    if let called, isCalled {
      let rules = (0..<(1 + choice.below(3))).compactMap { _ in rule(.forward, .filter, nil, mayReturn: true) }
      chains.append(NetfilterChain(name: called, rules: rules))
    }
    return chains.isEmpty ? [] : [NetfilterTable(family: .inet, chains: chains)]
  }

  private mutating func chain(
    _ hook: NetfilterHook, _ priority: NetfilterPriority, _ jumpsTo: ChainName?
  ) -> NetfilterChain? {
    guard let name = ChainName("\(hook.rawValue)-\(priority.rawValue)") else { return nil }
    let drops = !priority.isTranslation && choice.chance(25)
    var rules: [NetfilterRule] = []
    if !priority.isTranslation, let comment = RuleComment("neighbors") {
      // Neighbor discovery goes on at times of its own.
      rules.append(
        NetfilterRule(
          [.icmp(.ipv6), .icmpType(.init([133, 134, 135, 136, 143]))], .accept, comment: comment, origin: origin))
    }
    if !priority.isTranslation, priority != .raw, choice.chance(drops ? 75 : 30), let comment = makeComment() {
      rules.append(
        NetfilterRule(
          [.connectionState(choice.chance(80) ? [.established, .related] : [.established])], .accept, comment: comment,
          origin: origin))
    }
    for _ in 0..<(1 + choice.below(4)) {
      if let rule = rule(hook, priority, jumpsTo, mayReturn: false) { rules.append(rule) }
    }
    return NetfilterChain(name: name, base: .init(hook, priority, dropsByDefault: drops), rules: rules)
  }

  private let origin = Origin(subject: "rules", file: "lab.yaml", line: 1, column: 1)

  private mutating func makeComment() -> RuleComment? {
    comments += 1
    return RuleComment("rule \(comments)")
  }

  // MARK: Rules

  private mutating func rule(
    _ hook: NetfilterHook, _ priority: NetfilterPriority, _ jumpsTo: ChainName?, mayReturn: Bool
  ) -> NetfilterRule? {
    guard let comment = makeComment() else { return nil }
    let family: AddressFamily = hasIPv6 && choice.chance(45) ? .ipv6 : .ipv4
    var what = Packets(choice: choice, family: family)
    var matches: [NetfilterMatch] = []
    if choice.chance(35) { matches += deviceMatches(hook) }
    if choice.chance(45) { matches += addressMatches(family) }
    if choice.chance(20), let prefix = IPPrefix(containing: choice.pick(targets), length: 8), prefix.family == family {
      matches += [.source(.init([prefix], isNegated: choice.chance(30)))]
    }
    if choice.chance(12) {
      matches.append(choice.chance(60) ? .destinationIsLocal(choice.chance(70)) : .sourceIsLocal(true))
    }
    what.choice = choice
    let protocolMatches = what.matches()
    choice = what.choice
    matches += protocolMatches
    if !priority.isTranslation, choice.chance(18) {
      matches.append(
        .connectionState(choice.pick([[.new], [.established], [.related], [.invalid], [.new, .related]])))
    }
    if !priority.isTranslation, choice.chance(7) { matches.append(.destinationWasTranslated(choice.chance(70))) }
    if priority.isTranslation { return translation(matches, what, hook, family, comment) }
    if choice.chance(8) {
      matches.append(
        .limit(
          .init(
            packets: UInt32(1 + choice.below(3)), per: choice.pick([.hour, .day]), burst: UInt32(1 + choice.below(4)))))
    }
    let log = choice.chance(8) ? NetfilterLog(prefix: LogPrefix("seen: ")) : nil
    let verdict = verdict(hook, priority, jumpsTo, what, mayReturn: mayReturn)
    return NetfilterRule(matches, log: log, verdict, comment: comment, origin: origin)
  }

  private mutating func deviceMatches(_ hook: NetfilterHook) -> [NetfilterMatch] {
    let names =
      choice.chance(70) ? [choice.pick(devices)] : Array(Set([choice.pick(devices), choice.pick(devices)])).sorted()
    let selection = NetfilterSelection(names, isNegated: choice.chance(30))
    switch hook {
    case .prerouting, .input: return [.input(selection)]
    case .output, .postrouting: return [.output(selection)]
    case .forward: return [choice.chance(50) ? .input(selection) : .output(selection)]
    }
  }

  private mutating func addressMatches(_ family: AddressFamily) -> [NetfilterMatch] {
    let addresses = targets.filter { $0.family == family }
    guard !addresses.isEmpty else { return [] }
    let lengths = family == .ipv4 ? [32, 32, 24, 16] : [128, 128, 64]
    let prefixes = (0..<(choice.chance(75) ? 1 : 2)).compactMap { _ in
      IPPrefix(containing: choice.pick(addresses), length: choice.pick(lengths))
    }
    let selection = NetfilterSelection(Array(Set(prefixes)).sorted(), isNegated: choice.chance(20))
    return [choice.chance(60) ? .destination(selection) : .source(selection)]
  }

  private mutating func verdict(
    _ hook: NetfilterHook, _ priority: NetfilterPriority, _ jumpsTo: ChainName?, _ what: Packets, mayReturn: Bool
  ) -> NetfilterVerdict? {
    if let jumpsTo, choice.chance(30) { return .jump(jumpsTo) }
    if mayReturn, choice.chance(15) { return .return }
    switch choice.below(100) {
    case 0..<34: return .accept
    case 34..<52: return .drop
    case 52..<76:
      // Only where there is somebody to tell (nft_reject_validate).
      guard priority == .filter, hook != .prerouting, hook != .postrouting else { return .drop }
      var kinds: [NetfilterRejection] = [.portUnreachable, .hostUnreachable, .networkUnreachable, .adminProhibited]
      if what.transport == .tcp || what.isAny { kinds += [.tcpReset, .tcpReset] }
      return .reject(choice.pick(kinds))
    default: return nil
    }
  }

  private mutating func translation(
    _ matches: [NetfilterMatch], _ what: Packets, _ hook: NetfilterHook, _ family: AddressFamily, _ comment: RuleComment
  ) -> NetfilterRule? {
    var matches = matches
    let hasFamily = matches.contains {
      switch $0 {
      case .source, .destination: true
      default: false
      }
    }
    if !hasFamily { matches.insert(.family(family), at: 0) }
    let ports: PortRange? =
      what.transport == nil ? nil : choice.pick([nil, PortRange(81), PortRange(8081), PortRange(81, 82)])
    let verdict: NetfilterVerdict
    switch hook {
    case .prerouting, .output, .forward:
      let addresses = targets.filter { $0.family == family }
      verdict =
        choice.chance(20) || addresses.isEmpty
        ? .redirect(ports: ports) : .dnat(.init(choice.pick(addresses), ports: ports))
    case .postrouting, .input:
      let addresses = own.filter { $0.family == family }
      let range = what.transport != nil && choice.chance(20) ? PortRange(2000, 2100) : nil
      verdict =
        hook == .postrouting && choice.chance(70) || addresses.isEmpty
        ? (hook == .postrouting ? .masquerade(ports: range) : .accept)
        : .snat(.init(choice.pick(addresses), ports: range))
    }
    return NetfilterRule(matches, verdict, comment: comment, origin: origin)
  }
}

/// Which packets a rule is for, by what they carry.
private struct Packets {
  var choice: SeededChoice
  let family: AddressFamily
  private(set) var transport: TransportProtocol?
  /// Whether nothing is said of it.
  private(set) var isAny = false

  init(choice: SeededChoice, family: AddressFamily) {
    self.choice = choice
    self.family = family
  }

  mutating func matches() -> [NetfilterMatch] {
    switch choice.below(100) {
    case 0..<45:
      let chosen: TransportProtocol = choice.pick([.tcp, .tcp, .udp])
      transport = chosen
      guard choice.chance(75) else { return [.transport(chosen)] }
      let ranges = choice.pick([
        [PortRange(81)], [PortRange(82)], [PortRange(8080)], [PortRange(8080), PortRange(8081)],
        [PortRange(81), PortRange(8080)],
        [PortRange(1, 100)],
      ])
      let port = NetfilterSelection(ranges.compactMap { $0 }, isNegated: choice.chance(12))
      return [.transport(chosen), .destinationPort(port)]
    case 45..<65:
      let types: [UInt8] = family == .ipv4 ? [8, 0, 3] : [128, 129, 1]
      guard choice.chance(70) else { return [.icmp(family)] }
      return [.icmp(family), .icmpType(.init([choice.pick(types)]))]
    default:
      isAny = true
      return []
    }
  }
}
