package import NetworkTypes

// A rule of an `IptablesRuleset` in the words of iptables-save(8), which iptables-restore(8) takes.

extension NetfilterRule {
  /// The words after `-A CHAIN `.
  ///
  /// - Parameter family: which of the two programs it is for.
  /// - Returns: the words, one space between each.
  package func iptablesWords(_ family: AddressFamily) -> String {
    // The program's own options have their places; the modules' stand as they were given.
    let own = matches.compactMap { match in match.ownOption(family).map { (match.ownPlace, $0) } }
      .sorted { $0.0 < $1.0 }.map(\.1)
    var words = own + matches.compactMap { $0.moduleOption(family) }
    if !comment.text.isEmpty { words.append("-m comment --comment \(quoted(comment.text))") }
    if let log { words.append("-j LOG" + (log.prefix.map { " --log-prefix \(quoted($0.text))" } ?? "")) }
    if let verdict { words.append("-j \(verdict.iptablesTarget)" + verdict.targetOptions(family)) }
    return words.joined(separator: " ")
  }
}

/// A text in quotation marks, unless it is one word (xtables_save_string).
private func quoted(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    case _: false
    }
  }
  if isPlain, !text.isEmpty { return text }
  return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("'", with: "\\'") + "\""
}

extension NetfilterMatch {
  /// Where its option stands among the program's own.
  fileprivate var ownPlace: Int {
    switch self {
    case .source: 0
    case .destination: 1
    case .input: 2
    case .output: 3
    case .family, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmp, .icmpType,
      .connectionState, .destinationWasTranslated, .limit:
      4
    }
  }

  fileprivate func ownOption(_ family: AddressFamily) -> String? {
    switch self {
    case .source(let selection): selection.option("-s", \.description)
    case .destination(let selection): selection.option("-d", \.description)
    case .input(let selection): selection.option("-i", \.text)
    case .output(let selection): selection.option("-o", \.text)
    case .transport(let transport): "-p \(transport.rawValue)"
    case .icmp: family == .ipv4 ? "-p icmp" : "-p ipv6-icmp"
    case .family, .sourceIsLocal, .destinationIsLocal, .sourcePort, .destinationPort, .icmpType, .connectionState,
      .destinationWasTranslated, .limit:
      nil
    }
  }

  fileprivate func moduleOption(_ family: AddressFamily) -> String? {
    switch self {
    case .sourceIsLocal(let isLocal): "-m addrtype\(isLocal ? "" : " !") --src-type LOCAL"
    case .destinationIsLocal(let isLocal): "-m addrtype\(isLocal ? "" : " !") --dst-type LOCAL"
    case .sourcePort(let selection): "-m multiport " + selection.option("--sports", \.iptablesWord)
    case .destinationPort(let selection): "-m multiport " + selection.option("--dports", \.iptablesWord)
    case .icmpType(let selection):
      family == .ipv4
        ? "-m icmp " + selection.option("--icmp-type", \.description)
        : "-m icmp6 " + selection.option("--icmpv6-type", \.description)
    case .connectionState(let states): "-m conntrack --ctstate \(states.iptablesWord)"
    case .destinationWasTranslated(let was): "-m conntrack\(was ? "" : " !") --ctstate DNAT"
    case .limit(let limit):
      "-m limit --limit \(limit.iptablesWord)" + (limit.burst == 5 ? "" : " --limit-burst \(limit.burst)")
    case .family, .input, .output, .source, .destination, .transport, .icmp: nil
    }
  }
}

extension NetfilterSelection {
  /// `-s 10.0.0.0/8`, `! -s 10.0.0.0/8`.
  fileprivate func option(_ option: String, _ word: (Value) -> String) -> String {
    "\(isNegated ? "! " : "")\(option) \(values.map(word).joined(separator: ","))"
  }
}

extension PortRange {
  /// `80`, `80:90`.
  package var iptablesWord: String { first == last ? "\(first)" : "\(first):\(last)" }
}

extension [ConnectionState] {
  /// The states in the order in which iptables prints them (libxt_conntrack.c: print_state).
  package var iptablesWord: String {
    let order: [ConnectionState] = [.invalid, .new, .related, .established, .untracked]
    return order.filter { contains($0) }.map { $0.rawValue.uppercased() }.joined(separator: ",")
  }
}

extension NetfilterLimit {
  /// `10/sec`.
  package var iptablesWord: String { "\(packets)/\(unit.iptablesWord)" }
}

extension NetfilterVerdict {
  /// The target's name, or that of the chain.
  package var iptablesTarget: String {
    switch self {
    case .accept: "ACCEPT"
    case .drop: "DROP"
    case .reject: "REJECT"
    case .jump(let chain): chain.text
    case .return: "RETURN"
    case .dnat: "DNAT"
    case .snat: "SNAT"
    case .masquerade: "MASQUERADE"
    case .redirect: "REDIRECT"
    }
  }

  fileprivate func targetOptions(_ family: AddressFamily) -> String {
    switch self {
    case .accept, .drop, .jump, .return: ""
    case .reject(let kind): " --reject-with \(kind.iptablesWord(family))"
    case .dnat(let translation): " --to-destination \(translation.iptablesWord)"
    case .snat(let translation): " --to-source \(translation.iptablesWord)"
    case .masquerade(let ports), .redirect(let ports): ports.map { " --to-ports \($0)" } ?? ""
    }
  }
}

extension NetfilterRejection {
  /// What iptables calls it in a family.
  package func iptablesWord(_ family: AddressFamily) -> String {
    switch (self, family) {
    case (.portUnreachable, .ipv4): "icmp-port-unreachable"
    case (.hostUnreachable, .ipv4): "icmp-host-unreachable"
    case (.networkUnreachable, .ipv4): "icmp-net-unreachable"
    case (.adminProhibited, .ipv4): "icmp-admin-prohibited"
    case (.portUnreachable, .ipv6): "icmp6-port-unreachable"
    case (.hostUnreachable, .ipv6): "icmp6-addr-unreachable"
    case (.networkUnreachable, .ipv6): "icmp6-no-route"
    case (.adminProhibited, .ipv6): "icmp6-adm-prohibited"
    case (.tcpReset, .ipv4), (.tcpReset, .ipv6): "tcp-reset"
    }
  }
}

extension NetfilterTranslation {
  /// `10.0.0.2:80`, `[fd00::2]:80-90`, `10.0.0.2`.
  package var iptablesWord: String {
    guard let ports else { return address.description }
    return address.family == .ipv6 ? "[\(address)]:\(ports)" : "\(address):\(ports)"
  }
}

extension AddressFamily {
  /// The program that has the family's rules: `iptables`, `ip6tables`.
  package var iptablesProgram: String { self == .ipv4 ? "iptables" : "ip6tables" }
}
