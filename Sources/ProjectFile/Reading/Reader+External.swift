import Diagnostics
import YAMLTree

/// `external` in its old form, a mapping.
struct ExternalFields {
  var name: Located<String>?
}

extension KeyTable where Target == ExternalFields {
  /// `networks.NAME.external` as a mapping (compose-spec.json: network).
  static let external = KeyTable(
    "network's external", "The old form of `name` beside `external: true`.", takesExtensions: true,
    [Key("name", .text, "The engine's name for the network.") { $0.name = $1 }])
}

extension Reader {
  /// `external`: whether the engine has the network already; in the old form a mapping with its name.
  mutating func readExternal(_ entry: YAMLMapping.Entry, into network: inout NetworkEntry) {
    guard case .mapping = entry.value.content else {
      network.isExternal = ValueKind<Bool>.boolean.read(entry.value, &self)
      return
    }
    network.isExternal = Located(true, at: entry.key.range)
    var fields = ExternalFields()
    read(entry.value, into: &fields, by: .external)
    if network.name == nil { network.name = fields.name }
  }

  /// A network without the keys that have no effect because it is there already: what it is like is no business of the
  /// file (compose-spec, 06-networks.md: external), but compose takes them and looks away.
  ///
  /// What a file below this one says of it is none of its author's, and stays.
  mutating func withoutKeysBesideExternal(_ node: YAMLNode) -> YAMLNode {
    guard case .mapping(let mapping) = node.content,
      let external = mapping.entries.first(where: { $0.key.value == "external" }), isTrue(external.value)
    else { return node }
    if case .mapping(let old) = external.value.content, let inner = old["name"], let outer = mapping["name"],
      silentlyInterpolated(inner) != silentlyInterpolated(outer)
    {
      report(
        Diagnostic(
          FileCode.conflictingKeys, "the network has two names", at: inner.range,
          labels: [.init(outer.range, "the other one")], help: "keep `name` beside `external: true`"))
    }
    var kept: [YAMLMapping.Entry] = []
    for entry in mapping.entries {
      let key = entry.key
      guard key.value != "external", key.value != "name", !key.value.hasPrefix("x-"),
        key.range.source == external.key.range.source, KeyTable<NetworkEntry>.network[key.value] != nil
      else {
        kept.append(entry)
        continue
      }
      report(
        Diagnostic(
          FileCode.ineffectiveKey, "`\(key.value)` has no effect on an external network", at: key.range,
          labels: [.init(external.key.range, "it is there already")],
          help: "take it out, or move what Netwright is to build in its place under `x-netwright`"))
    }
    var result = node
    result.content = .mapping(YAMLMapping(entries: kept))
    return result
  }

  /// Whether `external` says so, without a finding.
  private func isTrue(_ node: YAMLNode) -> Bool {
    guard case .scalar = node.content else { return true }
    return silentlyInterpolated(node).flatMap(ValueKind<Bool>.truth(of:)) ?? false
  }
}
