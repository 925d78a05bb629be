import Diagnostics
import NetworkTypes

extension Reader {
  /// Takes out the services without an active profile, with what hangs on them, and those that are no containers.
  ///
  /// A service that refers to one without an active profile is reported, unless it can do without (compose-go,
  /// types/project.go: WithProfiles; loader/validate.go).
  mutating func select(profiles: [String], in file: inout ProjectFile) {
    for index in file.nodes.indices { addImplied(to: &file.nodes[index]) }
    guard file.nodes.contains(where: { !$0.profiles.isEmpty || $0.isProvided }) else { return }
    let active = Set(profiles)
    var disabled: [String: NodeEntry] = [:]
    for node in file.nodes where !isEnabled(node, active) { disabled[node.name.value] = node }
    let absent = file.nodes.filter { $0.isProvided || disabled[$0.name.value] != nil }
    let names = Set(absent.map(\.name.value))
    file.nodes.removeAll { names.contains($0.name.value) }
    for index in file.nodes.indices { unbind(&file.nodes[index], from: names, disabled) }
    dropOrphans(of: absent, names, in: &file)
    if file.nodes.isEmpty, let first = absent.first, !first.isProvided {
      report(
        Diagnostic(
          FileCode.nothingToBuild, "no active profile has any service", at: first.name.range,
          help: "choose one with --profile, or all with --profile '*'"))
    }
  }

  private func isEnabled(_ node: NodeEntry, _ active: Set<String>) -> Bool {
    node.profiles.isEmpty || active.contains("*") || node.profiles.contains { active.contains($0.value) }
  }

  /// A service starts after the one whose network it shares.
  private func addImplied(to node: inout NodeEntry) {
    guard let mode = node.networkMode, case .service(let name) = mode.value else { return }
    if !node.dependencies.contains(where: { $0.value == name }) {
      node.dependencies.append(Located(name, at: mode.range))
    }
  }

  /// Takes the references to absent services out of a node.
  private mutating func unbind(_ node: inout NodeEntry, from names: Set<String>, _ disabled: [String: NodeEntry]) {
    let (optional, name) = (node.optionalDependencies, node.name.value)
    for reference in node.dependencies {
      guard let target = disabled[reference.value], !optional.contains(reference.value) else { continue }
      report(.disabledService(reference, target, for: name))
    }
    node.dependencies.removeAll { names.contains($0.value) }
    node.linkAliases.removeAll { names.contains($0.service.value) }
    if case .service(let target)? = node.networkMode?.value, names.contains(target) { node.networkMode = nil }
  }

  /// Takes out the links, checks and rules of absent services, and the networks that only they are on, which compose
  /// doesn't create either.
  private func dropOrphans(of absent: [NodeEntry], _ names: Set<String>, in file: inout ProjectFile) {
    let present = Set(file.nodes.map(\.name.value))
    func isAbsent(_ name: String) -> Bool { !present.contains(name) && isOf(names, name) }
    file.links.removeAll { $0.endpoints.contains { isAbsent($0.target.value) } }
    file.checks.removeAll { isAbsent($0.from.value) || isAbsent($0.to.value.name) }
    let used = Set(
      file.nodes.flatMap { $0.attachments.map(\.network.value) }
        + file.links.flatMap { $0.endpoints.map(\.target.value) })
    let unused = Set(absent.flatMap { $0.attachments.map(\.network.value) }).subtracting(used)
    file.networks.removeAll { unused.contains($0.key.value) }
    file.dropRules { isAbsent($0) || unused.contains($0) }
  }

  /// Whether a name is one of some services', or that of a replica of one, `SERVICE-2`.
  private func isOf(_ services: Set<String>, _ name: String) -> Bool {
    if services.contains(name) { return true }
    guard let hyphen = name.lastIndex(of: "-") else { return false }
    return UInt(digits: name[name.index(after: hyphen)...]) != nil && services.contains(String(name[..<hyphen]))
  }
}

extension Diagnostic {
  fileprivate static func disabledService(
    _ reference: Located<String>, _ target: NodeEntry, for name: String
  ) -> Diagnostic {
    let profile = target.profiles.first
    return Diagnostic(
      FileCode.disabledService, "`\(name)` needs `\(reference.value)`, which no active profile has",
      at: reference.range,
      labels: profile.map { [.init($0.range, "the profile")] } ?? [],
      help: "choose it with --profile \(profile?.value ?? ""), or give `\(name)` the same profiles")
  }
}
