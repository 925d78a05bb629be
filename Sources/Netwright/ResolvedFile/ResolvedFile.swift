import Diagnostics
import NetworkTypes
import ProjectFile
import Topology
import YAMLTree

extension Compilation {
  /// The file with everything resolved, as YAML: a file again, that resolves to the same; nil where something is wrong.
  ///
  /// Names, addresses, hardware addresses, subnets and gateways are those that were given out. A replicated service has
  /// none of its own, because its replicas differ. Why a network gives the default route stands under
  /// `x-default-route`.
  public func resolvedFile() -> String? {
    guard !hasErrors, let file, let topology else { return nil }
    return writeYAML(ResolvedFile(file: file, topology: topology).value.withoutVariables)
  }
}

extension YAMLValue {
  /// The value with its texts written so that a reader replaces nothing in them (compose-spec, 12-interpolation.md).
  fileprivate var withoutVariables: YAMLValue {
    switch self {
    case .plain: self
    case .text(let text): .text(text.replacing("$", with: "$$"))
    case .list(let items, let isFlow): .list(items.map(\.withoutVariables), isFlow: isFlow)
    case .map(let entries, let isFlow):
      .map(entries.map { Entry($0.key, $0.value.withoutVariables) }, isFlow: isFlow)
    }
  }
}

/// Writes a topology back as a file; each part of the file is an extension in a file of its own.
struct ResolvedFile {
  let file: ProjectFile
  let topology: Topology
  /// The file's networks by their keys.
  let networkEntries: [String: NetworkEntry]

  init(file: ProjectFile, topology: Topology) {
    self.file = file
    self.topology = topology
    networkEntries = Dictionary(file.networks.map { ($0.key.value, $0) }) { first, _ in first }
  }

  /// The whole file.
  var value: YAMLValue {
    var entries = Entries()
    entries.add("name", .text(topology.projectName))
    entries.add("prefix", topology.prefix.map(YAMLValue.text))
    entries.add("reserved", texts(file.reserved.map(\.value.description)))
    entries.add("services", nodes(.service))
    entries.add("routers", nodes(.router))
    entries.add("networks", networks)
    entries.add("links", list(topology.links.map(link)))
    entries.add("host", host)
    entries.add("checks", list(file.checks.map(check)))
    return .map(entries.list)
  }

  private var networks: YAMLValue? {
    // Docker's own network is there for whoever says `network_mode: bridge`; no file declares it.
    // A file of networks alone, for others to lay services over, is what it says.
    let isBare = topology.nodes.isEmpty && topology.links.isEmpty
    let own = topology.networks.filter { ($0.isUsed || isBare) && !$0.isDockerBridge }
    return own.isEmpty ? nil : .map(own.map { YAMLValue.Entry($0.key, network($0)) })
  }

  private var host: YAMLValue? {
    guard let entry = file.host else { return nil }
    var entries = Entries()
    let interfaces = entry.interfaces.map { interface -> YAMLValue.Entry in
      var fields = Entries()
      fields.add("addresses", texts(interface.addresses.map(\.value.description)))
      fields.add("gateways", texts(interface.gateways.map(\.value.description)))
      return YAMLValue.Entry(interface.name.value.text, .map(fields.list))
    }
    entries.add("interfaces", interfaces.isEmpty ? nil : .map(interfaces))
    entries.add("routes", list(topology.host.routes.map(route)))
    entries.add("rules", list(topology.host.rules.map(rule)))
    entries.add("sysctls", sysctls(topology.host.sysctls))
    entries.add("firewall", entry.firewall.map(firewall))
    entries.add("nat", list(entry.translations.map(translation)))
    return .map(entries.list)
  }

  private func check(_ check: CheckEntry) -> YAMLValue {
    let target = check.to.value
    var to = target.name
    if let port = target.port {
      to = "\(IPv6Address(target.name) == nil ? target.name : "[\(target.name)]"):\(port)"
      if target.transport != .tcp { to += "/\(target.transport.rawValue)" }
    }
    var entries = Entries()
    entries.add("from", .text(check.from.value))
    entries.add("to", .text(to))
    entries.add("expect", .text(check.expectation.value.rawValue))
    entries.add("as", (check.seenAs?.value).map { .text($0) })
    return .map(entries.list, isFlow: true)
  }
}

/// Entries of a mapping, those without a value left out.
struct Entries {
  private(set) var list: [YAMLValue.Entry] = []

  mutating func add(_ key: String, _ value: YAMLValue?) {
    if let value { list.append(YAMLValue.Entry(key, value)) }
  }
}

func text(_ value: some CustomStringConvertible) -> YAMLValue { .text(value.description) }

func number(_ value: some BinaryInteger) -> YAMLValue { .plain(String(value)) }

/// A boolean that is written only where it is true.
func flag(_ value: Bool) -> YAMLValue? { value ? .plain("true") : nil }

/// A list; nil for an empty one.
func list(_ values: [YAMLValue]) -> YAMLValue? { values.isEmpty ? nil : .list(values) }

/// Texts on one line; nil for none.
func texts(_ values: [String]) -> YAMLValue? { values.isEmpty ? nil : .list(values.map(YAMLValue.text), isFlow: true) }

/// Kernel parameters; nil for none.
func sysctls(_ values: [Sysctl]) -> YAMLValue? {
  values.isEmpty ? nil : .map(values.map { YAMLValue.Entry($0.key.text, .text($0.value)) })
}
