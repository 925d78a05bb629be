import Diagnostics
import NetworkTypes
import YAMLTree

/// `extends`.
struct ExtendsFields {
  var service: Located<String>?
  var file: Located<String>?
}

extension KeyTable where Target == ExtendsFields {
  /// The long form of `extends` (compose-spec, 05-services.md).
  static let extends = KeyTable(
    "extends", "The service that another is made from.",
    [
      Key("service", .text, "The service.", required: true) { $0.service = $1 },
      Key("file", .text, "The file that it is in; this one without it.") { $0.file = $1 },
    ])
}

extension Reader {
  /// `extends`, in either form.
  fileprivate mutating func extends(_ node: YAMLNode) -> ExtendsFields {
    var fields = ExtendsFields()
    if case .scalar = node.content {
      fields.service = text(node, expected: "a service's name")
    } else {
      read(node, into: &fields, by: .extends)
    }
    return fields
  }
}

/// The services that one can be extended from, and the file that they stand in.
private struct Shelf {
  let path: String
  let folder: String
  let services: YAMLMapping
}

/// A service of a file.
private struct ServicePlace: Hashable {
  let path: String
  let name: String
}

/// What has been put together while a document's services are laid over those they extend.
private struct Extensions {
  /// Services as they are with all that they extend.
  var services: [ServicePlace: YAMLNode] = [:]
  /// Other files, by their paths.
  var shelves: [String: Shelf] = [:]
}

extension Loader {
  /// A document with every service laid over the one it extends; the key itself is gone.
  ///
  /// What the base refers to isn't taken in with it: its networks must be there (compose-go, loader/extends.go).
  mutating func withExtensions(_ document: YAMLNode, of file: Parsed, in scope: Scope) -> YAMLNode {
    guard case .mapping(var root) = document.content,
      let position = root.entries.firstIndex(where: { $0.key.value == "services" }),
      case .mapping(var services) = root.entries[position].value.content,
      services.entries.indices.contains(where: { extendsKey(of: services.entries.span[$0].value) != nil })
    else { return document }
    let shelf = Shelf(path: file.path, folder: scope.folder, services: services)
    var known = Extensions()
    for index in services.entries.indices {
      let entry = services.entries[index]
      services.entries[index].value = extended(entry.value, entry.key.value, on: shelf, scope, &known)
    }
    root.entries[position].value.content = .mapping(services)
    var result = document
    result.content = .mapping(root)
    return result
  }

  private func extendsKey(of node: YAMLNode) -> YAMLNode? {
    guard case .mapping(let mapping) = node.content else { return nil }
    return mapping["extends"]
  }

  /// A service laid over its base, that over its own, and so on.
  ///
  /// The way down is a loop, and what was put together on it is kept: a file may have a chain of thousands.
  private mutating func extended(
    _ node: YAMLNode, _ name: String, on shelf: Shelf, _ scope: Scope, _ known: inout Extensions
  ) -> YAMLNode {
    var (node, shelf, place) = (node, shelf, ServicePlace(path: shelf.path, name: name))
    var way: [(place: ServicePlace, own: YAMLNode)] = []
    var passed: Set<ServicePlace> = []
    var lowest = known.services[place]
    while lowest == nil {
      guard case .mapping(var mapping) = node.content,
        let position = mapping.entries.firstIndex(where: { $0.key.value == "extends" })
      else {
        lowest = node
        break
      }
      let extends = reader.extends(mapping.entries.remove(at: position).value)
      node.content = .mapping(mapping)
      way.append((place, node))
      passed.insert(place)
      guard let service = extends.service, let from = self.shelf(named: extends.file, from: shelf, scope, &known) else {
        break
      }
      guard let base = from.services[service.value] else {
        reader.report(.undefinedBase(service, in: extends.file, among: from.services))
        break
      }
      place = ServicePlace(path: from.path, name: service.value)
      guard !passed.contains(place) else {
        reader.report(.extendsCycle(way.map(\.place.name), closedBy: service))
        break
      }
      (node, shelf, lowest) = (base, from, known.services[place])
    }
    for step in way.reversed() {
      let lower = hasResets ? lowest?.withoutResets : lowest
      let result = lower.map { reader.merge($0, step.own, path: ["services", step.place.name]) } ?? step.own
      known.services[step.place] = result
      lowest = result
    }
    return lowest ?? node
  }

  /// The services of the file that `extends` names, or of the one it stands in.
  private mutating func shelf(
    named name: Located<String>?, from shelf: Shelf, _ scope: Scope, _ known: inout Extensions
  ) -> Shelf? {
    guard let name else { return shelf }
    var outer = scope
    outer.folder = shelf.folder
    guard let file = parsed(name, from: outer) else { return nil }
    if let shelf = known.shelves[file.path] { return shelf }
    reader.environments[file.id] = scope.environment
    var merged: YAMLNode?
    for document in file.documents {
      let current = modernized(document)
      merged = merged.map { reader.merge($0, current, path: []) } ?? current
    }
    guard case .mapping(let root)? = merged?.content, case .mapping(let services)? = root["services"]?.content else {
      reader.report(
        Diagnostic(FileCode.undefinedBase, "`\(name.value)` has no services to extend", at: name.range))
      return nil
    }
    let result = Shelf(path: file.path, folder: folder(of: file.path), services: services)
    known.shelves[file.path] = result
    return result
  }
}

extension Diagnostic {
  /// A service that extends itself, by way of others and then by the name that closes the circle.
  fileprivate static func extendsCycle(_ way: [String], closedBy service: Located<String>) -> Diagnostic {
    // The first may only lead into it.
    let circle = way.drop { $0 != service.value }
    return Diagnostic(
      FileCode.extendsCycle, "the service extends itself: \(circular(Array(circle)))", at: service.range,
      help: "take one of the `extends` out")
  }

  fileprivate static func undefinedBase(
    _ service: Located<String>, in file: Located<String>?, among services: YAMLMapping
  ) -> Diagnostic {
    let near = suggestion(for: service.value, among: services.entries.map(\.key.value))
    return Diagnostic(
      FileCode.undefinedBase,
      "there is no service `\(service.value)` to extend\(file.map { " in `\($0.value)`" } ?? "")",
      at: service.range, help: near.map { "did you mean `\($0)`?" })
  }
}
