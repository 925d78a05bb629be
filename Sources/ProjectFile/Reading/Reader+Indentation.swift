import Diagnostics
import YAMLTree

// Lines that stand too far to the left, or with a hyphen too many or too few.
extension Reader {
  /// Reports a key that stands beside another, which has nothing under it, instead of there.
  mutating func reportNotIndented(_ key: Located<String>, under other: Located<String>) {
    report(
      Diagnostic(
        FileCode.unknownKey, "`\(key.value)` stands beside `\(other.value)`, not under it", at: key.range,
        labels: [.init(other.range, "level with this")], help: "indent it, and what belongs there too, further"))
  }

  /// Whether an entry is a key of a table with a value that a name of the file's can't have: it stands too far left.
  func isKeyAmongNames<Target>(_ entry: YAMLMapping.Entry, of table: KeyTable<Target>) -> Bool {
    if case .mapping = entry.value.content { return false }
    return !entry.value.isNull && table.index(of: entry.key.value) != nil
  }

  /// The text of an item of a list of names; a mapping there has a hyphen too many.
  mutating func itemText(_ node: YAMLNode, expected: String) -> Located<String>? {
    guard case .mapping = node.content else { return text(node, expected: expected) }
    var finding = Diagnostic.wrongType(node, expected: expected, of: nil)
    finding.help = "take the hyphens of this list away: names with something under them are a mapping"
    report(finding)
    return nil
  }

  /// Reports a mapping in a list's place, which mostly lacks hyphens or the blanks after them.
  mutating func reportNoList(_ node: YAMLNode) {
    var finding = Diagnostic.wrongType(node, expected: "a list", of: nil)
    if case .mapping(let mapping) = node.content, let first = mapping.entries.first?.key.value {
      finding.help =
        first.hasPrefix("-")
        ? "put a blank after the hyphen: - \(first.drop { $0 == "-" }): …" : "begin it with a hyphen: - \(first): …"
    }
    report(finding)
  }
}
