import Diagnostics
import YAMLTree

extension Reader {
  /// `external`: whether the engine has the network already; in the old form a mapping with its name.
  mutating func readExternal(_ entry: YAMLMapping.Entry, into network: inout NetworkEntry) {
    guard case .mapping(let mapping) = entry.value.content else {
      network.isExternal = ValueKind<Bool>.boolean.read(entry.value, &self)
      return
    }
    network.isExternal = Located(true, at: entry.key.range)
    if network.name == nil { network.name = mapping["name"].flatMap { text($0) } }
  }

  /// What a network that is there already is like is no business of the file (compose-spec, 06-networks.md: external).
  ///
  /// What a file below this one says of it is none of its author's.
  mutating func checkExternal(_ network: NetworkEntry, _ node: YAMLNode) {
    guard let external = network.isExternal, external.value, case .mapping(let mapping) = node.content else { return }
    if case .mapping(let old)? = mapping["external"]?.content, let inner = old["name"], let outer = mapping["name"],
      silentlyInterpolated(inner) != silentlyInterpolated(outer)
    {
      report(
        Diagnostic(
          FileCode.conflictingKeys, "the network has two names", at: inner.range,
          labels: [.init(outer.range, "the other one")], help: "keep `name` beside `external: true`"))
    }
    for entry in mapping.entries {
      let key = entry.key
      guard key.value != "external", key.value != "name", !key.value.hasPrefix("x-"),
        key.range.source == external.range.source, KeyTable<NetworkEntry>.network[key.value] != nil
      else { continue }
      report(
        Diagnostic(
          FileCode.conflictingKeys, "an external network can't be given `\(key.value)`", at: key.range,
          labels: [.init(external.range, "it is there already")],
          help: "take it out, or move what Netwright is to build in its place under `x-netwright`"))
    }
  }
}
