import Diagnostics
import YAMLTree

extension YAMLNode {
  /// Where the values of a document stand that nobody reads: those of keys that are accepted and not looked at.
  ///
  /// Under `ports` it is the ports in short form: `2222:22` without quotes is a number to base 60 under YAML 1.1, and a
  /// port to every compose since the second, whose reader knows no such numbers (go-yaml).
  var unreadRanges: [SourceRange] {
    ranges { key, value in
      if isUnread(key, in: KeyTable<ProjectFile>.root) { return [value.range] }
      switch key {
      case "services": return value.ranges { _, service in service.unreadRangesOfService }
      case "networks":
        return value.ranges { _, network in
          network.ranges { key, value in isUnread(key, in: KeyTable<NetworkEntry>.network) ? [value.range] : [] }
        }
      case _: return []
      }
    }
  }

  private var unreadRangesOfService: [SourceRange] {
    ranges { key, value in
      if isUnread(key, in: KeyTable<NodeEntry>.service) { return [value.range] }
      switch key {
      case "ports":
        guard case .sequence(let ports) = value.content else { return [] }
        return ports.compactMap {
          if case .scalar(let port) = $0.content, port.text.contains(":") { $0.range } else { nil }
        }
      case "deploy":
        return value.ranges { key, value in isUnread(key, in: KeyTable<NodeEntry>.deploy) ? [value.range] : [] }
      case _: return []
      }
    }
  }

  /// What is found in each entry of a mapping; nothing in anything else.
  private func ranges(_ find: (_ key: String, _ value: YAMLNode) -> [SourceRange]) -> [SourceRange] {
    guard case .mapping(let mapping) = content else { return [] }
    return mapping.entries.flatMap { find($0.key.value, $0.value) }
  }

  private func isUnread<Target>(_ key: String, in table: KeyTable<Target>) -> Bool {
    if key.hasPrefix("x-") { return key != "x-netwright" }
    return table[key]?.standing == .ignored
  }
}
