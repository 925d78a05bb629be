import Diagnostics
import YAMLTree

/// What reading has found so far, and what it needs from outside.
struct Reader {
  /// The findings.
  var diagnostics: [Diagnostic] = []
  /// The variables that `${…}` stands for in files that `environments` doesn't have.
  let environment: [String: String]
  /// The variables that `${…}` stands for, by the file that it is written in: an included one may have others.
  var environments: [SourceID: [String: String]] = [:]

  /// The unset variables that have been reported.
  private var unsetVariables: Set<String> = []

  init(environment: [String: String]) { self.environment = environment }

  mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Reads something, and says whether an error was found in it.
  mutating func readFinding(_ body: (inout Reader) -> Void) -> Bool {
    let count = diagnostics.count
    body(&self)
    return diagnostics[count...].contains { $0.severity == .error }
  }

  /// Reads a mapping's keys by a table.
  ///
  /// Unknown keys, values of no mapping and missing keys are reported here, for all.
  mutating func read<Target>(_ node: YAMLNode, into target: inout Target, by table: KeyTable<Target>) {
    guard let mapping = mapping(node, of: table.name) else { return }
    readEntries(of: mapping, into: &target, by: table)
    for key in table.required where !has(key, mapping, table.takesExtensions) {
      report(.missingKey(key, in: table.name, node.range))
    }
  }

  private mutating func readEntries<Target>(
    of mapping: YAMLMapping, into target: inout Target, by table: KeyTable<Target>
  ) {
    // A span lends the entries, and an array would copy each.
    let entries = mapping.entries.span
    for index in entries.indices {
      let name = entries[index].key.value
      if let key = table.index(of: name) {
        if !table.keys[key].takesNull, entries[index].value.isNull {
          let next = index + 1 < entries.count ? entries[index + 1].key.value : nil
          // What the table doesn't have is reported as standing beside it.
          if next.map({ takes($0, table) }) ?? true { report(.missingValue(entries[index].key)) }
          continue
        }
        switch table.keys[key].standing {
        case .compose, .netwright, .misplaced: table.keys[key].read(&target, entries[index], &self)
        case .ignored: checkVariables(in: entries[index].value)
        }
      } else if table.takesExtensions, name == "x-netwright" {
        readExtension(entries[index], of: mapping, into: &target, by: table)
      } else if takes(name, table) {
        continue
      } else if index > 0, entries[index - 1].value.isNull, table.index(of: entries[index - 1].key.value) != nil {
        reportNotIndented(entries[index].key, under: entries[index - 1].key)
      } else {
        report(
          .unknownKey(entries[index].key, in: table.description, isService: entries[index].value.looksLikeService))
      }
    }
  }

  /// Whether a table has a key, or lets anybody have it.
  private func takes<Target>(_ name: String, _ table: KeyTable<Target>) -> Bool {
    table.index(of: name) != nil || table.takesExtensions && name.hasPrefix("x-")
  }

  /// Reads the mapping under `x-netwright` as if its keys stood beside it.
  private mutating func readExtension<Target>(
    _ entry: YAMLMapping.Entry, of parent: YAMLMapping, into target: inout Target, by table: KeyTable<Target>
  ) {
    guard var inner = mapping(entry.value, of: "x-netwright") else { return }
    for extra in inner.entries {
      guard let own = parent.entries.first(where: { $0.key.value == extra.key.value }) else { continue }
      report(.conflictingKeys(extra.key, own.key))
    }
    inner.entries.removeAll { extra in extra.key.value == "x-netwright" || parent[extra.key.value] != nil }
    readEntries(of: inner, into: &target, by: table)
  }

  private func has(_ key: String, _ mapping: YAMLMapping, _ takesExtensions: Bool) -> Bool {
    if mapping[key] != nil { return true }
    guard takesExtensions, case .mapping(let inner)? = mapping["x-netwright"]?.content else { return false }
    return inner[key] != nil
  }

  // MARK: Collections

  /// A node's mapping; nothing for null, and a finding for anything else.
  mutating func mapping(_ node: YAMLNode, of name: String) -> YAMLMapping? {
    switch node.content {
    case .mapping(let mapping): return mapping
    case .scalar where node.isNull: return YAMLMapping(entries: [])
    case .scalar, .sequence:
      report(.wrongType(node, expected: "a mapping", of: name))
      return nil
    }
  }

  /// The items of a list; nothing for null, and a finding for anything else.
  mutating func list(_ node: YAMLNode) -> [YAMLNode] {
    switch node.content {
    case .sequence(let items): return items
    case .scalar where node.isNull: return []
    case .scalar, .mapping:
      reportNoList(node)
      return []
    }
  }

  /// The items of a list, or a single value as one item.
  func oneOrMore(_ node: YAMLNode) -> [YAMLNode] {
    switch node.content {
    case .sequence(let items): items
    case .scalar where node.isNull: []
    case .scalar, .mapping: [node]
    }
  }

  // MARK: Scalars

  /// The text of a scalar, its variables replaced; a finding for a list, a mapping or null.
  mutating func text(_ node: YAMLNode, expected: String = "text") -> Located<String>? {
    guard case .scalar(let scalar) = node.content, !node.isNull else {
      report(.wrongType(node, expected: expected, of: nil))
      return nil
    }
    guard mayHoldVariables(scalar.text) else { return Located(scalar.text, at: node.range) }
    return interpolated(scalar.text, at: node.range).map { Located($0, at: node.range) }
  }

  /// Whether a scalar's text is empty once variables are replaced, which is as if its key weren't there; variables that
  /// aren't set are reported.
  mutating func isEmptyText(_ node: YAMLNode) -> Bool {
    guard case .scalar(let scalar) = node.content, !node.isNull else { return false }
    guard mayHoldVariables(scalar.text) else { return scalar.text.isEmpty }
    guard silentlyInterpolated(node) == "" else { return false }
    _ = text(node)
    return true
  }

  /// Replaces the variables of a text and reports those that aren't set; nil where it can't be done.
  private mutating func interpolated(_ text: String, at range: SourceRange) -> String? {
    do throws(InterpolationError) {
      var unset: [String] = []
      let result = try interpolate(text, environment: environment(at: range), unset: &unset)
      for name in unset {
        unsetVariables.insert(name)
        report(.unsetVariable(name, at: range))
      }
      return result
    } catch {
      report(.malformedInterpolation(error, at: range))
      return nil
    }
  }

  /// The text of a scalar with its variables replaced, without a finding; as it is where that can't be done.
  func silentlyInterpolated(_ node: YAMLNode) -> String? {
    guard case .scalar(let scalar) = node.content else { return nil }
    return silentlyInterpolated(scalar.text, at: node.range) ?? scalar.text
  }

  /// The text with its variables replaced, without a finding; nil where that can't be done.
  func silentlyInterpolated(_ text: String, at range: SourceRange) -> String? {
    guard mayHoldVariables(text) else { return text }
    var unset: [String] = []
    return try? interpolate(text, environment: environment(at: range), unset: &unset)
  }

  /// Reports the variables in a value that nothing else looks at.
  ///
  /// Compose refuses the file for those that can't be read or are required, and warns of those that aren't set. Here
  /// each gets one warning, since networks don't depend on it.
  private mutating func checkVariables(in node: YAMLNode) {
    switch node.content {
    case .sequence(let items): for item in items { checkVariables(in: item) }
    case .mapping(let mapping): for entry in mapping.entries { checkVariables(in: entry.value) }
    case .scalar(let scalar):
      guard mayHoldVariables(scalar.text) else { return }
      var unset: [String] = []
      do throws(InterpolationError) {
        _ = try interpolate(scalar.text, environment: environment(at: node.range), unset: &unset)
      } catch {
        report(.malformedInterpolation(error, at: node.range))
      }
      for name in unset where unsetVariables.insert(name).inserted { report(.unsetVariable(name, at: node.range)) }
    }
  }

  private func environment(at range: SourceRange) -> [String: String] {
    environments.isEmpty ? environment : environments[range.source] ?? environment
  }
}

/// Whether variables may stand in a text: whether it has a dollar sign.
private func mayHoldVariables(_ text: String) -> Bool {
  let bytes = text.utf8Span.span
  for index in bytes.indices where bytes[index] == UInt8(ascii: "$") { return true }
  return false
}

extension YAMLNode {
  /// Whether it is what a service is: a mapping with an image or a build.
  var looksLikeService: Bool {
    guard case .mapping(let mapping) = content else { return false }
    return mapping["image"] != nil || mapping["build"] != nil
  }
}
