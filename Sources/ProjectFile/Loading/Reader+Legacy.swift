import Diagnostics
import YAMLTree

extension Reader {
  /// A document of compose's version 1 in today's form; any other as it is.
  ///
  /// Version 1 has its services at the top, each on Docker's own bridge unless `net` says otherwise, and neither
  /// `version` nor `networks` (docker-compose 1.29, config/config.py: ConfigFile.version).
  mutating func modernized(_ document: YAMLNode) -> YAMLNode {
    guard case .mapping(let mapping) = document.content, isVersionOne(mapping) else { return document }
    let names = Set(mapping.entries.map(\.key.value))
    var services = mapping.entries
    for index in services.indices { services[index].value = modernizedService(services[index].value, among: names) }
    var inner = document
    inner.content = .mapping(YAMLMapping(entries: services))
    var result = document
    let key = Located("services", at: document.range)
    result.content = .mapping(YAMLMapping(entries: [YAMLMapping.Entry(key: key, value: inner)]))
    return result
  }

  /// Whether every key is a service's: a mapping, and at least one with an image or a build folder.
  private func isVersionOne(_ mapping: YAMLMapping) -> Bool {
    let root = KeyTable<ProjectFile>.root
    var hasContainer = false
    for entry in mapping.entries {
      guard root[entry.key.value] == nil, !entry.key.value.hasPrefix("x-"),
        case .mapping = entry.value.content
      else { return false }
      if entry.value.looksLikeService { hasContainer = true }
    }
    return hasContainer
  }

  /// A service of version 1: without the keys that only it had, and with `net` as `network_mode`.
  private mutating func modernizedService(_ node: YAMLNode, among names: Set<String>) -> YAMLNode {
    guard case .mapping(var mapping) = node.content else { return node }
    if let position = mapping.entries.firstIndex(where: { $0.key.value == "networks" }) {
      report(
        Diagnostic(
          FileCode.unknownKey, "a file of version 1, with its services at the top, has no networks",
          at: mapping.entries.remove(at: position).key.range, help: "put the services under `services:`"))
    }
    mapping.entries.removeAll { ["dockerfile", "log_driver", "log_opt"].contains($0.key.value) }
    if let position = mapping.entries.firstIndex(where: { $0.key.value == "net" }) {
      let entry = mapping.entries[position]
      var value = entry.value
      // A container that is a service of the file is meant as that.
      if case .scalar(var scalar) = value.content, scalar.text.hasPrefix("container:"),
        names.contains(String(scalar.text.dropFirst("container:".count)))
      {
        scalar.text = "service:" + scalar.text.dropFirst("container:".count)
        value.content = .scalar(scalar)
      }
      mapping.entries[position] = YAMLMapping.Entry(key: Located("network_mode", at: entry.key.range), value: value)
    } else {
      let bridge = YAMLNode(content: .scalar(YAMLScalar(text: "bridge", isPlain: true)), range: node.range)
      mapping.entries.append(YAMLMapping.Entry(key: Located("network_mode", at: node.range), value: bridge))
    }
    var result = node
    result.content = .mapping(mapping)
    return result
  }
}
