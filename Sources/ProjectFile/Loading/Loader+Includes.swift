import Diagnostics
import NetworkTypes
import YAMLTree

/// An item of `include`.
struct IncludeFields {
  var paths: [Located<String>] = []
  var projectDirectory: Located<String>?
  var environmentFiles: [Located<String>] = []
}

extension KeyTable where Target == IncludeFields {
  /// The long form of an item of `include` (compose-spec, 14-include.md).
  static let include = KeyTable(
    "include", "Another project whose services and networks are taken in.",
    [
      Key(
        oneOrMore: "path", .text, "The file; further ones override it.", required: true
      ) { $0.paths.append($1) },
      Key(
        "project_directory", .text, "What its relative paths start from; its folder without it."
      ) { $0.projectDirectory = $1 },
      Key(
        oneOrMore: "env_file", .text,
        "Its environment files; the `.env` of its folder without it, /dev/null for none."
      ) { $0.environmentFiles.append($1) },
    ])
}

extension Reader {
  /// The items of `include`.
  mutating func includes(_ node: YAMLNode) -> [IncludeFields] {
    list(node).compactMap { item in
      var fields = IncludeFields()
      if case .scalar = item.content {
        fields.paths = text(item, expected: "a file").map { [$0] } ?? []
      } else {
        read(item, into: &fields, by: .include)
      }
      return fields.paths.isEmpty ? nil : fields
    }
  }
}

extension Loader {
  /// A document laid over what it includes; the key itself is gone.
  ///
  /// Each item is loaded as a project of its own, with its folder and its variables, those of the including file
  /// winning (compose-go, loader/include.go).
  mutating func withIncludes(_ document: YAMLNode, in scope: Scope) -> YAMLNode {
    guard case .mapping(var mapping) = document.content, let position = mapping.entries.firstIndex(where: isInclude)
    else { return document }
    let list = mapping.entries.remove(at: position).value
    var own = document
    own.content = .mapping(mapping)
    var result = own
    var order: [YAMLNode] = []
    for item in reader.includes(list) {
      guard let included = model(of: item, in: scope)?.imported else {
        lacksIncludes = true
        continue
      }
      order.append(included)
      // What is there already wins: the file's own, then what was included before.
      result = reader.merge(included, result, path: [])
    }
    return result.inOrder(of: order + [own])
  }

  private func isInclude(_ entry: YAMLMapping.Entry) -> Bool { entry.key.value == "include" }

  /// The model that an item stands for; nil where it can't be had.
  private mutating func model(of item: IncludeFields, in scope: Scope) -> YAMLNode? {
    guard let main = item.paths.first else { return nil }
    let mainPath = path(main.value, from: scope.folder)
    if let first = scope.ancestors.firstIndex(of: mainPath) {
      reader.report(
        Diagnostic(
          FileCode.includeCycle, "the file includes itself: \(circular(Array(scope.ancestors[first...])))",
          at: main.range, help: "take one of the includes out"))
      return nil
    }
    var inner = scope
    inner.folder = item.projectDirectory.map { path($0.value, from: scope.folder) } ?? folder(of: mainPath)
    inner.environment = environment(of: item, inner.folder, in: scope)
    var parsed: [Parsed] = []
    for name in item.paths {
      guard
        let file = self.parsed(name, from: Scope(folder: scope.folder, environment: inner.environment, ancestors: []))
      else { return nil }
      parsed.append(file)
    }
    return model(of: parsed, in: inner)
  }

  /// The variables of an included project: the including one's, then those of its own files.
  private mutating func environment(of item: IncludeFields, _ folder: String, in scope: Scope) -> [String: String] {
    var texts: [SourceText] = []
    if item.environmentFiles.isEmpty {
      let standard = path(".env", from: folder)
      guard let bytes = try? files.read(standard) else { return scope.environment }
      texts = [SourceText(name: standard, bytes: bytes)]
    } else {
      for name in item.environmentFiles where name.value != "/dev/null" {
        let path = path(name.value, from: scope.folder)
        guard let bytes = bytes(of: path, named: name) else { continue }
        texts.append(SourceText(name: path, bytes: bytes))
      }
    }
    return environment(from: texts, over: scope.environment)
  }
}

extension YAMLNode {
  /// The node with the entries of its sections in the order that they are first in among models: addresses go by it.
  fileprivate func inOrder(of models: [YAMLNode]) -> YAMLNode {
    guard case .mapping(var mapping) = content, models.count > 1 else { return self }
    for position in mapping.entries.indices {
      guard case .mapping(var section) = mapping.entries[position].value.content else { continue }
      let name = mapping.entries[position].key.value
      var ranks: [String: Int] = [:]
      for entry in models.flatMap({ $0.entries(of: name) }) where ranks[entry.key.value] == nil {
        ranks[entry.key.value] = ranks.count
      }
      section = YAMLMapping(
        entries: section.entries.sorted { ranks[$0.key.value, default: .max] < ranks[$1.key.value, default: .max] })
      mapping.entries[position].value.content = .mapping(section)
    }
    var result = self
    result.content = .mapping(mapping)
    return result
  }

  private func entries(of section: String) -> [YAMLMapping.Entry] {
    guard case .mapping(let mapping) = content, case .mapping(let inner)? = mapping[section]?.content else { return [] }
    return inner.entries
  }

  /// What of a model is taken in where it is included: its name, prefix and host stay behind.
  fileprivate var imported: YAMLNode {
    guard case .mapping(var mapping) = content else { return self }
    let kept = ["services", "networks", "routers", "links", "checks", "x-netwright"]
    mapping.entries.removeAll { !kept.contains($0.key.value) }
    if let position = mapping.entries.firstIndex(where: { $0.key.value == "x-netwright" }) {
      mapping.entries[position].value = mapping.entries[position].value.imported
    }
    var result = self
    result.content = .mapping(mapping)
    return result
  }
}
