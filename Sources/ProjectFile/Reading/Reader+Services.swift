import Diagnostics
import NetworkTypes
import YAMLTree

extension Reader {
  /// `network_mode`.
  mutating func networkMode(_ node: YAMLNode) -> Located<NetworkMode>? {
    guard !isEmptyText(node), let text = text(node, expected: "a network mode") else { return nil }
    let parts = text.value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count > 1 ? parts[1] : nil) {
    case ("none", nil): return text.map { _ in .none }
    case ("host", nil): return text.map { _ in .host }
    case ("bridge", nil), ("default", nil): return text.map { _ in .bridge }
    case ("service", let name?) where !name.isEmpty: return text.map { _ in .service(name) }
    case ("container", let name?) where !name.isEmpty: return text.map { _ in .container(name) }
    case ("service", _), ("container", _):
      report(.invalidValue("`\(text.value)` names no \(parts[0])", at: text.range, help: "write \(parts[0]):NAME"))
      return nil
    default: return text.map { _ in .network(text.value) }
    }
  }

  /// An item of a service's `links`: SERVICE or SERVICE:ALIAS.
  mutating func linkAlias(_ node: YAMLNode) -> LinkAliasEntry? {
    guard let text = text(node, expected: "a service's name") else { return nil }
    let parts = text.value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return LinkAliasEntry(service: text, alias: nil) }
    guard let alias = HostName(parts[1]) else {
      report(.invalidValue("`\(parts[1])` is no host name", at: text.range, help: "write SERVICE or SERVICE:ALIAS"))
      return nil
    }
    return LinkAliasEntry(service: Located(parts[0], at: text.range), alias: Located(alias, at: text.range))
  }

  /// Kernel parameters, from a mapping or a list of KEY=VALUE, where the last of one wins; those outside `net.` belong
  /// to no network namespace.
  mutating func sysctls(_ node: YAMLNode) -> [SysctlEntry] {
    var result: [SysctlEntry] = []
    if case .mapping(let mapping) = node.content {
      for entry in mapping.entries where entry.key.value.hasPrefix("net.") {
        guard let key = sysctlKey(entry.key), let value = ValueKind<String>.sysctlValue.read(entry.value, &self) else {
          continue
        }
        result.append(SysctlEntry(key: key, value: value))
      }
      return result
    }
    for item in list(node) {
      guard let text = ValueKind<String>.sysctlValue.read(item, &self) else { continue }
      let parts = text.value.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        report(.invalidValue("`\(text.value)` sets no kernel parameter", at: text.range, help: "write KEY=VALUE"))
        continue
      }
      guard parts[0].hasPrefix("net."), let key = sysctlKey(Located(parts[0], at: text.range)) else { continue }
      result.removeAll { $0.key.value == key.value }
      result.append(SysctlEntry(key: key, value: Located(parts[1], at: text.range)))
    }
    return result
  }

  /// The value of a kernel parameter; the tabs that the kernel prints between several numbers are as good as blanks.
  mutating func sysctlValue(_ text: String, at range: SourceRange) -> String? {
    guard text.unicodeScalars.allSatisfy({ (0x20...0x7e).contains($0.value) || $0 == "\t" }) else {
      report(.invalidValue("a kernel parameter's value is one line of printable ASCII", at: range))
      return nil
    }
    return text.replacing("\t", with: " ")
  }

  private mutating func sysctlKey(_ text: Located<String>) -> Located<SysctlKey>? {
    if let key = SysctlKey(text.value) { return Located(key, at: text.range) }
    report(
      .invalidValue(
        "`\(text.value)` is no kernel parameter", at: text.range, help: "write it as in net.ipv4.ip_forward"))
    return nil
  }

  /// `extra_hosts`: a list of HOST=IP or HOST:IP, several addresses between commas, or a mapping.
  mutating func extraHosts(_ node: YAMLNode) -> [ExtraHostEntry] {
    if case .mapping(let mapping) = node.content {
      return mapping.entries.compactMap { entry in
        let addresses = oneOrMore(entry.value).compactMap { text($0, expected: "an IP address") }
        return extraHost(entry.key, addresses)
      }
    }
    return list(node).compactMap { item in
      guard let text = itemText(item, expected: "HOST=IP") else { return nil }
      // The first `=` parts name and address, or else the first `:`.
      let separator: Character = text.value.contains("=") ? "=" : ":"
      let parts = text.value.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      guard parts.count == 2, !parts[1].isEmpty else {
        report(.invalidValue("`\(text.value)` gives a host no address", at: text.range, help: "write HOST=IP"))
        return nil
      }
      let addresses = parts[1].split(separator: ",").map { Located(String($0), at: text.range) }
      return extraHost(Located(parts[0], at: text.range), addresses)
    }
  }

  private mutating func extraHost(_ name: Located<String>, _ addresses: [Located<String>]) -> ExtraHostEntry? {
    guard let host = HostName(name.value) else {
      report(.invalidValue("`\(name.value)` is no host name", at: name.range))
      return nil
    }
    let parsed = addresses.compactMap { text -> Located<ExtraHostEntry.Address>? in
      if text.value == "host-gateway" { return Located(.hostGateway, at: text.range) }
      var address = text.value
      if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
      if let address = IPAddress(address) { return Located(.address(address), at: text.range) }
      report(.malformedAddress(text.value, wanted: nil, at: text.range))
      return nil
    }
    return parsed.isEmpty ? nil : ExtraHostEntry(name: Located(host, at: name.range), addresses: parsed)
  }
}
