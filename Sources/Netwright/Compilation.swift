package import Diagnostics
import NetworkTypes
package import Plan
import ProjectFile
import Reports
import ShellScript
import Topology

/// The forms that findings are printed in.
public enum DiagnosticFormat: String, CaseIterable, Sendable {
  /// For people: the marked line, and what to do.
  case text
  /// For programs, by Schemas/diagnostics-v1.schema.json.
  case json
}

/// What the shell script loads netfilter rules by.
public enum ScriptFirewall: String, CaseIterable, Sendable {
  /// `nft`.
  case nftables
  /// `iptables-restore` and `ip6tables-restore`.
  case iptables
}

/// The styles of the shell script.
public enum ScriptStyle: String, CaseIterable, Sendable {
  /// As few processes as possible.
  case fast
  /// One readable command a line.
  case plain
}

/// A shell script, as bytes for a file or a stream, and what it was made of.
public struct ScriptPieces: Sendable {
  /// The script in UTF-8, in pieces to be written one after the other.
  public let pieces: [ArraySlice<UInt8>]
  /// The plan: freeing a large one takes time, which who ends the process with the script needn't spend.
  let plan: Plan
}

/// What came of a compilation: findings, and where nothing is wrong a plan and all that can be made of it.
public struct Compilation: Sendable {
  let sources: SourceSet
  package let diagnostics: [Diagnostic]
  var file: ProjectFile?
  var topology: Topology?
  /// The machine that it is for.
  var host: HostSnapshot?
  /// The name that the network goes by while it is up; nil where something is wrong.
  var instanceName: InstanceName?

  init(sources: SourceSet, diagnostics: [Diagnostic]) {
    self.sources = sources
    self.diagnostics = diagnostics
  }

  /// Whether any finding is an error: then there is no plan.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// Where the errors are.
  package var errorRanges: [SourceRange] { diagnostics.filter { $0.severity == .error }.compactMap(\.range) }

  /// Whether there are findings at all.
  public var hasFindings: Bool { !diagnostics.isEmpty }

  /// The findings.
  ///
  /// - Parameters:
  ///   - format: their form.
  ///   - color: whether the text form is coloured.
  /// - Returns: the findings, every line ended.
  /// - Throws: `EncodingError`; no finding leads to one.
  public func findings(as format: DiagnosticFormat, color: Bool = false) throws -> String {
    switch format {
    case .text: TerminalRenderer(sources: sources, color: color).render(diagnostics)
    case .json: try JSONRenderer(sources: sources).render(diagnostics)
    }
  }

  /// Whether a path leads to one of the files that were read for it: what is written there would take its place.
  ///
  /// - Parameter path: the path.
  /// - Returns: whether it does.
  public func isMade(from path: String) -> Bool { sources.sources.contains { SystemCalls.isSameFile($0.name, path) } }

  /// The name that the network goes by while it is up; nil where there is no plan.
  public var instance: String? { instanceName?.text }

  /// What brings the network about, made anew at each call: checking alone needs none.
  package func makePlan() -> Plan? {
    guard let topology, let instanceName else { return nil }
    return lower(topology, sources: sources, instance: instanceName)
  }

  /// The plan for people: names, interfaces, addresses, default routes with their reasons, steps; nil where there is
  /// none.
  ///
  /// - Parameter showsSteps: whether the steps are listed too.
  /// - Returns: the report; nil where there is no plan.
  public func planText(showsSteps: Bool) -> String? {
    guard let plan = makePlan(), let topology else { return nil }
    return planReport(plan, topology, showsSteps: showsSteps)
  }

  /// The plan for programs, by Schemas/plan-v1.schema.json; nil where there is none.
  public func planJSON() throws -> String? { try makePlan().map { try $0.json() } }

  /// The shell script that builds the network and takes it away; nil where there is no plan.
  ///
  /// - Parameters:
  ///   - style: how it is written.
  ///   - firewall: what it loads netfilter rules by.
  /// - Returns: the script; nil where there is no plan.
  public func script(style: ScriptStyle = .fast, firewall: ScriptFirewall = .nftables) -> String? {
    scriptPieces(style: style, firewall: firewall)?.pieces.reduce(into: "") {
      $0 += String(decoding: $1, as: UTF8.self)
    }
  }

  /// The shell script, as bytes for a file or a stream, in pieces to be written one after the other; nil where there is
  /// no plan.
  ///
  /// - Parameters:
  ///   - style: how it is written.
  ///   - firewall: what it loads netfilter rules by.
  /// - Returns: the script in UTF-8; nil where there is no plan.
  public func scriptPieces(style: ScriptStyle = .fast, firewall: ScriptFirewall = .nftables) -> ScriptPieces? {
    let style: ScriptOptions.Style =
      switch style {
      case .fast: .fast
      case .plain: .plain
      }
    let firewall: ScriptOptions.Firewall =
      switch firewall {
      case .nftables: .nftables
      case .iptables: .iptables
      }
    let options = ScriptOptions(style: style, firewall: firewall)
    return makePlan().map { ScriptPieces(pieces: shellScriptPieces($0, options: options).map(\.bytes), plan: $0) }
  }

  /// The names of the namespaces that the plan adds, in its order; nil where there is no plan.
  package var namespaceNames: [String]? {
    makePlan()?.steps.compactMap { step in
      if case .addNamespace(let payload) = step.operation { payload.name.text } else { nil }
    }
  }

  /// The namespace that a service, replica or router has; nil where it has none of its own.
  ///
  /// - Parameter node: its key, or `KEY-N` for a replica.
  /// - Returns: the namespace's name.
  public func namespace(of node: String) -> String? {
    guard let topology else { return nil }
    return topology.node(called: node).flatMap { home(of: $0, topology) }
  }

  /// What to say after a name that no service or router has: which was meant, or which there are.
  ///
  /// - Parameter name: the name.
  /// - Returns: nothing, or a colon and the rest of a sentence.
  public func hint(forNode name: String) -> String {
    guard let topology, topology.node(called: name) == nil else { return "" }
    return nameHint(for: name, in: topology)
  }

  private func home(of node: Node, _ topology: Topology) -> String? {
    switch node.home {
    case .namespace(let name): name.text
    case .shared(let other): home(of: topology[other], topology)
    case .host, .foreign: nil
    }
  }
}
