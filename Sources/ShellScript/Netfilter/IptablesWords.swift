import NetworkTypes
import Plan

/// What a rule of iptables has for one match.
enum IptablesWords {
  /// Words of the rule itself.
  case one(String)
  /// A rule for each.
  case any([String])
  /// Whatever matches none of them.
  case none([String])
  /// A limit on all that the rule matches.
  case limit(String)
}

extension NetfilterRule {
  /// The family that a rule is for, where it is for one alone.
  var family: AddressFamily? {
    for match in matches {
      switch match {
      case .family(let family), .icmp(let family): return family
      case .source(let selection), .destination(let selection): return selection.family
      case .input, .output, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmpType,
        .connectionState, .destinationWasTranslated, .limit:
        continue
      }
    }
    switch verdict {
    case .dnat(let translation), .snat(let translation): return translation.address.family
    case .accept, .drop, .reject, .jump, .return, .masquerade, .redirect, nil: return nil
    }
  }

  /// The words of all matches (iptables-extensions(8)), the protocol first.
  func words(_ family: AddressFamily) -> [IptablesWords] {
    var words: [IptablesWords] = []
    if let transport {
      words.append(.one(" -p \(transport.rawValue)"))
    } else if case .reject(.tcpReset) = verdict {
      words.append(.one(" -p tcp"))
    } else if matches.contains(where: \.isPort) {
      words.append(.any(TransportProtocol.allCases.map { " -p \($0.rawValue)" }))
    }
    for match in matches { words += self.words(for: match, family) }
    return words
  }

  private func words(for match: NetfilterMatch, _ family: AddressFamily) -> [IptablesWords] {
    switch match {
    case .family, .transport: return []
    case .input(let selection): return selection.words("-i", \.text)
    case .output(let selection): return selection.words("-o", \.text)
    case .source(let selection): return selection.disjoint.words("-s", \.description)
    case .destination(let selection): return selection.disjoint.words("-d", \.description)
    case .sourceIsLocal(let isLocal): return [.one(" -m addrtype\(isLocal ? "" : " !") --src-type LOCAL")]
    case .destinationIsLocal(let isLocal): return [.one(" -m addrtype\(isLocal ? "" : " !") --dst-type LOCAL")]
    case .sourcePort(let selection): return selection.disjoint.words("-m multiport", "--sports", \.multiportWord)
    case .destinationPort(let selection): return selection.disjoint.words("-m multiport", "--dports", \.multiportWord)
    case .icmp(let family): return [.one(family == .ipv4 ? " -p icmp" : " -p ipv6-icmp")]
    case .icmpType(let selection):
      return family == .ipv4
        ? selection.words("-m icmp", "--icmp-type", \.description)
        : selection.words("-m icmp6", "--icmpv6-type", \.description)
    case .connectionState(let states):
      return [.one(" -m conntrack --ctstate \(states.map { $0.rawValue.uppercased() }.joined(separator: ","))")]
    case .destinationWasTranslated(let was): return [.one(" -m conntrack\(was ? "" : " !") --ctstate DNAT")]
    case .limit(let limit):
      return [.limit(" -m limit --limit \(limit.packets)/\(limit.unit.rawValue) --limit-burst \(limit.burst)")]
    }
  }
}

extension NetfilterMatch {
  /// Whether it looks at a port.
  fileprivate var isPort: Bool {
    if case .sourcePort = self { return true }
    if case .destinationPort = self { return true }
    return false
  }
}

extension PortRange {
  fileprivate var multiportWord: String { first == last ? "\(first)" : "\(first):\(last)" }
}

extension NetfilterSelection {
  /// A value is a rule's, several a rule each; of all but several, each is asked first.
  fileprivate func words(_ option: String, _ word: (Value) -> String) -> [IptablesWords] {
    words("", option, word)
  }

  fileprivate func words(_ module: String, _ option: String, _ word: (Value) -> String) -> [IptablesWords] {
    let start = module.isEmpty ? "" : " " + module
    if values.count == 1 { return [.one("\(start)\(isNegated ? " !" : "") \(option) \(word(values[0]))")] }
    let texts = values.map { "\(start) \(option) \(word($0))" }
    return [isNegated ? .none(texts) : .any(texts)]
  }
}
