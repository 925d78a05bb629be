import NetworkTypes
import Packets
import Plan

/// What a chain decides.
private enum ChainVerdict {
  /// Nothing: the chain that jumped to it goes on.
  case undecided
  case accepted
  case dropped
}

extension Kernel {
  /// The most jumps in each other (NFT_JUMP_STACK_SIZE).
  private static let deepestJump = 16

  /// Asks a base chain about a packet (nft_do_chain).
  mutating func ask(
    _ chain: Int, _ hook: NetfilterHook, _ packet: IPPacket, _ context: inout PacketContext,
    in namespace: NamespaceID
  ) -> HookVerdict {
    ask(chain, hook, FilteredPacket(packet, length: packet.length), &context, in: namespace)
  }

  /// Asks a base chain about a packet, or about a frame without one.
  mutating func ask(
    _ chain: Int, _ hook: NetfilterHook, _ subject: FilteredPacket, _ context: inout PacketContext,
    in namespace: NamespaceID
  ) -> HookVerdict {
    if let only = self[namespace].netfilter.chains[chain].only, subject.packet?.family != only { return .accepted }
    var subject = subject
    subject.priority = self[namespace].netfilter.chains[chain].content.base?.priority ?? .filter
    switch walk(chain, hook, subject, &context, in: namespace, depth: 0) {
    case .accepted: return .accepted
    case .dropped: return .dropped(.notPermitted)
    case .undecided:
      let drops = self[namespace].netfilter.chains[chain].content.base?.dropsByDefault ?? false
      note(chain, .policy, drops ? .drop : .accept, hook, subject, context, namespace)
      return drops ? .dropped(.notPermitted) : .accepted
    }
  }

  private mutating func walk(
    _ chain: Int, _ hook: NetfilterHook, _ subject: FilteredPacket, _ context: inout PacketContext,
    in namespace: NamespaceID, depth: Int
  ) -> ChainVerdict {
    guard depth < Self.deepestJump else { return .dropped }
    let content = self[namespace].netfilter.chains[chain]
    for (number, rule) in content.content.rules.enumerated()
    where matches(rule, (chain, number), hook, subject, context, in: namespace) {
      namespaces[namespace.index].netfilter.counters[chain][number].packets += 1
      namespaces[namespace.index].netfilter.counters[chain][number].bytes += subject.length
      note(chain, .rule(number), rule.verdict, hook, subject, context, namespace)
      if let log = rule.log { write(log, hook, subject, context, in: namespace) }
      switch rule.verdict {
      case nil: continue
      case .accept?: return .accepted
      case .drop?: return .dropped
      case .return?: return .undecided
      case .reject(let kind)?:
        reject(with: kind, subject, context, hook, in: namespace)
        return .dropped
      case .jump?:
        guard let target = content.targets[number] else { continue }
        let inner = walk(target, hook, subject, &context, in: namespace, depth: depth + 1)
        guard case .undecided = inner else { return inner }
        note(target, .end, nil, hook, subject, context, namespace)
      case .dnat(let translation)?:
        guard translation.address.family == subject.packet?.family else { continue }
        decide(
          .init(address: translation.address, ports: translation.ports), .destination, &context, in: namespace)
        return .accepted
      case .snat(let translation)?:
        guard translation.address.family == subject.packet?.family else { continue }
        decide(.init(address: translation.address, ports: translation.ports), .source, &context, in: namespace)
        return .accepted
      case .masquerade(let ports)?:
        return masquerade(ports, subject, &context, in: namespace) ? .accepted : .dropped
      case .redirect(let ports)?:
        return redirect(ports, subject, &context, hook, in: namespace) ? .accepted : .dropped
      }
    }
    return .undecided
  }

  private mutating func note(
    _ chain: Int, _ position: RuleStep.Position, _ verdict: NetfilterVerdict?, _ hook: NetfilterHook,
    _ subject: FilteredPacket, _ context: PacketContext, _ namespace: NamespaceID
  ) {
    guard recorder.isOn else { return }
    let step = RuleStep(
      namespace: namespace, hook: hook, priority: subject.priority, chain: chain, position: position, verdict: verdict,
      packet: subject.packet, context: context)
    recorder.add(.met(step), at: now)
  }

  private mutating func write(
    _ log: NetfilterLog, _ hook: NetfilterHook, _ subject: FilteredPacket, _ context: PacketContext,
    in namespace: NamespaceID
  ) {
    guard let packet = subject.packet else { return }
    let line = LoggedPacket(
      time: now, namespace: namespace, prefix: log.prefix, hook: hook, packet: packet, context: context)
    if loggedPackets.count >= LoggedPacket.most { loggedPackets.removeFirst() }
    loggedPackets.append(line)
    if recorder.isOn { recorder.add(.logged(line), at: now) }
  }

  private mutating func matches(
    _ rule: NetfilterRule, _ place: (chain: Int, rule: Int), _ hook: NetfilterHook, _ subject: FilteredPacket,
    _ context: PacketContext, in namespace: NamespaceID
  ) -> Bool {
    // `reject with tcp reset` brings `meta l4proto tcp` along, as the rule's first match: no other packet counts for a
    // limit.
    if case .reject(.tcpReset)? = rule.verdict, subject.packet?.protocolNumber != 6 { return false }
    for match in rule.matches {
      if case .limit = match {
        guard namespaces[namespace.index].netfilter.buckets[place.chain][place.rule].take(at: now) else {
          return false
        }
        continue
      }
      if case .destinationWasTranslated(let wanted) = match {
        guard wasTranslated(context, place.chain, in: namespace) == wanted else { return false }
        continue
      }
      guard matches(match, hook, subject, context, in: namespace) else { return false }
    }
    return true
  }

  private func matches(
    _ match: NetfilterMatch, _ hook: NetfilterHook, _ subject: FilteredPacket, _ context: PacketContext,
    in namespace: NamespaceID
  ) -> Bool {
    let packet = subject.packet
    switch match {
    case .family(let family): return packet?.family == family
    case .input(let names): return names.has(context.input.map { self[$0].name })
    case .output(let names): return names.has(context.output.map { self[$0].name })
    case .source(let prefixes): return prefixes.has(packet?.source)
    case .destination(let prefixes): return prefixes.has(packet?.destination)
    case .sourceIsLocal(let wanted): return packet.map { isInLocalTable($0.source, in: namespace) == wanted } ?? false
    case .destinationIsLocal(let wanted):
      return packet.map { isInLocalTable($0.destination, in: namespace) == wanted } ?? false
    case .transport(let transport): return packet?.protocolNumber == transport.number
    case .sourcePort(let ranges): return subject.ports.map { ranges.has($0.source) } ?? false
    case .destinationPort(let ranges): return subject.ports.map { ranges.has($0.destination) } ?? false
    case .icmp(let family): return packet?.family == family && packet?.protocolNumber == (family == .ipv4 ? 1 : 58)
    case .icmpType(let types):
      guard let type = packet?.controlType else { return false }
      return types.values.contains(type) != types.isNegated
    case .connectionState(let states): return states.contains(context.tracking.state)
    case .destinationWasTranslated, .limit: return true
    }
  }

  /// Whether the destination of a packet's connection was translated.
  ///
  /// Of a packet without one nft's `ct status` says nothing
  /// (nft_ct_get_eval), and iptables' `--ctstate DNAT` that it wasn't (xt_conntrack: conntrack_mt).
  private func wasTranslated(_ context: PacketContext, _ chain: Int, in namespace: NamespaceID) -> Bool? {
    if let connection = connection(of: context.tracking, in: namespace) { return connection.isDestinationTranslated }
    return self[namespace].netfilter.chains[chain].only == nil ? nil : false
  }
}

/// What rules look at.
struct FilteredPacket {
  /// The packet; nil for a frame without one.
  let packet: IPPacket?
  /// What is counted, in bytes.
  let length: Int
  /// The ports, where the packet has them.
  let ports: (source: UInt16, destination: UInt16)?
  /// The priority of the chain that the hook called.
  var priority = NetfilterPriority.filter
  /// Whether the rules are those of frames (the family bridge).
  var isFrame = false

  init(_ packet: IPPacket?, length: Int) {
    self.packet = packet
    self.length = length
    ports = packet?.ports
  }
}

extension NetfilterSelection where Value == InterfaceName {
  /// Whether a device's name is among the selected; no device has no name.
  fileprivate func has(_ name: InterfaceName?) -> Bool {
    (name.map { values.contains($0) } ?? false) != isNegated
  }
}

extension NetfilterSelection where Value == IPPrefix {
  /// Whether an address is among the selected; one of the other family never is.
  fileprivate func has(_ address: IPAddress?) -> Bool {
    guard let address, address.family == values.first?.family else { return false }
    return values.contains { $0.contains(address) } != isNegated
  }
}

extension NetfilterSelection where Value == PortRange {
  /// Whether a port is among the selected.
  fileprivate func has(_ port: UInt16) -> Bool {
    values.contains { $0.first <= port && port <= $0.last } != isNegated
  }
}
