import Diagnostics
package import Foundation
import NetworkTypes
import Netwright
import NetwrightTestSupport
import Plan
import ProjectFile
import ShellScript
import Simulator
import Topology

/// A network that is built in the kernel and in the simulator, and what they differ in.
package struct Comparison: Sendable {
  /// What it is called in messages.
  package let name: String
  /// The file.
  package let yaml: String
  let seed: UInt64
  /// The kernel that it is for.
  let place: Place
  /// Whether what is there afterwards, counters, frames and hops are compared too.
  package var isThorough = true
  let script: String
  let machine: SimulatedMachine
  let exercise: Exercise

  /// A way in which kernel and simulator differ.
  package struct Difference: Hashable, Sendable {
    /// What about: shrinking looks for the same.
    package let subject: String
    /// Both answers.
    package let text: String
  }

  /// Prepares a file; nil where it has errors, or a ring of bridges.
  ///
  /// - Parameters:
  ///   - name: what it is called; a file's name without its end.
  ///   - yaml: the file.
  ///   - seed: what chooses where there is a choice.
  ///   - place: the kernel; the second one has no nftables, so that there are no rules on either side.
  package init?(named name: String, yaml: String, seed: UInt64, for place: Place = .host) {
    guard var plan = yaml.hasPrefix("# unchecked") ? uncheckedPlan(yaml) : checkedPlan(yaml) else { return nil }
    if place == .second { plan.steps.removeAll { if case .loadRuleset = $0.operation { true } else { false } } }
    let script = emitShellScript(plan, options: ScriptOptions(style: .fast))
    let showsFrames = yaml.contains("\n" + Self.frameNote)
    var machine = SimulatedMachine(plan, showsFramesToRules: showsFrames)
    if place == .second { machine.retryConnectionsAsBefore() }
    machine.change(by: yaml)
    (self.name, self.yaml, self.script, self.machine) = (name, yaml, script, machine)
    (self.seed, self.place) = (seed, place)
    var exercise = Exercise(for: machine, checks: FileCheck.all(of: yaml), seed: seed, in: place)
    exercise.showsFramesToRules = showsFrames
    self.exercise = exercise
  }

  /// The line of a file that asks for br_netfilter on the host.
  static let frameNote = "# br_netfilter"

  /// The kernel to compare with.
  package enum Place: Sendable {
    /// The running one.
    case host
    /// The second one, which knows more kinds of devices.
    case second
  }

  /// What comparing once came to.
  struct Verdict {
    var differences: [Difference]
    /// Why what is looked at afterwards was left out, if it was.
    var omission: Omission?

    /// Why something is left out.
    enum Omission {
      /// The machine was too busy.
      case late
      /// It is chance whose answer was heard first (`Races`).
      case chance
    }
  }

  func verdict(on kernel: KernelAnswer?, _ trouble: String) -> Verdict {
    guard let kernel else {
      return Verdict("answer", "the kernel didn't answer: \(trouble.suffix(1500))")
    }
    if let failure = machine.failure {
      let agrees = kernel.status != 0 && kernel.messages.contains(failure.message)
      return agrees
        ? Verdict(differences: [])
        : Verdict("up", "the simulator refuses: \(failure.message); the kernel: \(kernel.messages)")
    }
    guard kernel.status == 0 else { return Verdict("up", "the kernel refuses: \(kernel.messages)") }
    let simulated = SimulatedAnswer(
      exercise, on: machine.changed(after: kernel.pauses ?? []), at: kernel.timetable(of: exercise))
    var before = states(kernel.states, simulated.states, "before")
    guard simulated.stake != .outcomes else { return Verdict(differences: before, omission: .chance) }
    before += outcomes(kernel, simulated)
    guard isThorough else { return Verdict(differences: before) }
    guard !kernel.isLate else { return Verdict(differences: before, omission: .late) }
    guard simulated.stake == nil else { return Verdict(differences: before, omission: .chance) }
    let after =
      states(kernel.after, simulated.finalStates, "after", kernel.spacesLookedAtLate)
      + traceroutes(kernel, simulated)
      + counters(kernel, simulated) + frames(kernel, simulated)
    return Verdict(differences: before + after)
  }

  private func outcomes(_ kernel: KernelAnswer, _ simulated: SimulatedAnswer) -> [Difference] {
    guard let real = kernel.probes, real.count == exercise.probes.count else {
      return [Difference(subject: "answer", text: "the kernel has tried \(kernel.probes?.count ?? 0) probes")]
    }
    let differing = zip(exercise.probes, zip(real, simulated.outcomes)).filter { $1.0 != $1.1 }
    return differing.compactMap { probe, outcomes in
      isExchanged(probe, among: differing)
        ? nil
        : Difference(
          subject: probe.name,
          text: "\(probe.name): the kernel says \(outcomes.0), the simulator \(outcomes.1)")
    }
  }

  /// Lines without what the second kernel does otherwise than the one that is simulated: it is older, and lists the
  /// VLAN that a bridge would use if it were VLAN-aware.
  private func withoutNews(_ lines: [String]) -> [String] {
    let unaware = machine.kernel.bridges.filter { !$0.options.vlanFiltering }
    let bridges = unaware.map { machine.kernel[$0.device].name.text }
    let ports = unaware.flatMap(\.ports).map { machine.kernel[$0].name.text }
    // Whether an ipvlan device says that it is up hangs on whether its parent had a carrier as it was made.
    let shared = machine.kernel.devices.filter { if case .ipvlan = $0.kind { true } else { false } }.map(\.name.text)
    let known = lines.map { line in
      shared.contains { line.contains(" \($0)@") } ? line.replacing("state UNKNOWN", with: "state UP") : line
    }
    return known.map { $0.replacing("state LOWERLAYERDOWN", with: "state DOWN") }.filter { line in
      let words = line.split(separator: " ").map(String.init)
      let isOfVLAN = words.count > 2 && words[1] == "1" && words[2] == "PVID" && (bridges + ports).contains(words[0])
      let isOfTable = line.contains(" vlan 1 ") && bridges.contains { line.contains("master \($0) ") }
      return !isOfVLAN && !isOfTable
    }
  }

  /// Whether a connection that got an error on one side and none on the other has another beside it that fared the
  /// other way round.
  ///
  /// Where a router says of no more packets a second that it has no way for them, it is chance which of a machine's
  /// connections, all tried again after a second, is heard of (the kernel's timers are up to 32 ms late).
  private func isExchanged(_ probe: Probe, among differing: [(Probe, (String, String))]) -> Bool {
    let others = differing.filter { $0.0.kind == .tcp && $0.0.space == probe.space }.map(\.1)
    return probe.kind == .tcp && others.map(\.0).sorted() == others.map(\.1).sorted()
  }

  private func states(
    _ kernel: [String: String]?, _ simulated: [String: String], _ when: String, _ late: Set<String> = []
  ) -> [Difference] {
    let given = GivenAddresses(machine.givenHardwareAddresses)
    return simulated.sorted { $0.key < $1.key }.compactMap { key, text in
      let program = String(key.drop { $0 != " " }.dropFirst())
      var real = stateLines(kernel?[key] ?? "", program, given)
      var own = stateLines(text, program, given)
      if place == .second { (real, own) = (withoutNews(real), withoutNews(own)) }
      if program == "bridge fdb" { (real, own) = withoutChance(real, own, isBefore: when == "before") }
      // Neighbors that failed are swept away at some time within fifteen seconds (neigh_periodic_work).
      if program == "ip neigh" { own.removeAll { $0.contains("FAILED") && !real.contains($0) } }
      // By then some that were used have been asked again.
      if program == "ip neigh", late.contains(String(key.prefix { $0 != " " })) {
        (real, own) = (real.map(withoutAge).sorted(), own.map(withoutAge).sorted())
      }
      let lines = KernelComparison.differences(real, own)
      guard !lines.isEmpty else { return nil }
      return Difference(subject: "\(key) \(when)", text: "\(key), \(when):\n\(lines.joined(separator: "\n"))")
    }
  }

  /// A neighbor's line without when it was last heard of.
  private func withoutAge(_ line: String) -> String {
    line.replacing(/(router )?(REACHABLE|STALE|DELAY|PROBE) *$/, with: "HEARD OF")
  }

  /// Tables of bridges without what hangs on when devices came up and told their groups.
  ///
  /// That is what a spanning tree let pass and sweeps out, and where a bridge is that said so while its ports had no
  /// carrier yet. While the tree is new what is learned counts for two seconds, which is about how long ago the last
  /// question for a neighbor was: whether it is stale or swept out already is left to chance.
  private func withoutChance(_ one: [String], _ other: [String], isBefore: Bool) -> ([String], [String]) {
    let addresses = machine.kernel.bridges.map { "\(machine.kernel[$0.device].address) " }
    let trees = machine.kernel.bridges.filter(\.options.spanningTree).map {
      "master \(machine.kernel[$0.device].name) "
    }
    let shared = Set(one).intersection(other)
    func isByChance(_ line: String) -> Bool {
      guard !line.contains("permanent") else { return false }
      let isOfTree = trees.contains { (line + " ").contains($0) }
      return isBefore ? isOfTree || addresses.contains { line.hasPrefix($0) } : isOfTree && !shared.contains(line)
    }
    return (one.filter { !isByChance($0) }, other.filter { !isByChance($0) })
  }

  private func traceroutes(_ kernel: KernelAnswer, _ simulated: SimulatedAnswer) -> [Difference] {
    zip(exercise.traceroutes, zip(kernel.traceroutes ?? [], simulated.traceroutes)).compactMap { pair, routes in
      // "1  10.0.0.1  0.012 ms !H"
      let hops = routes.0.split(separator: "\n").dropFirst().map { line in
        line.split(separator: " ").dropFirst().filter { !$0.contains(/^[0-9.]+$|^ms$/) || $0.contains(/\..*\..*\./) }
          .joined(separator: " ")
      }
      let name = "\(pair.space) traceroute \(pair.target)"
      return hops == routes.1
        ? nil : Difference(subject: name, text: "\(name): the kernel's hops are \(hops), the simulator's \(routes.1)")
    }
  }
}

extension Comparison.Verdict {
  fileprivate init(_ subject: String, _ text: String) {
    self.init(differences: [.init(subject: subject, text: text)])
  }
}

/// The plan of a file; nil where it has errors.
private func checkedPlan(_ yaml: String) -> Plan? {
  compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))]).makePlan()
}

/// The plan of a file that `validate` may refuse: the kernel is asked all the same.
///
/// It isn't where bridges make a ring without a spanning tree: that would keep the machine busy until it is taken away,
/// and all that is compared at the same time with it.
private func uncheckedPlan(_ yaml: String) -> Plan? {
  let findings = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))]).diagnostics
  guard !findings.contains(where: { $0.code.number == "NW0401" }) else { return nil }
  let source = SourceText(name: "lab.yaml", bytes: Array(yaml.utf8))
  let project = loadProject([source], options: LoadOptions(), files: .none)
  guard let file = project.file, let name = InstanceName("generated") else { return nil }
  return lower(
    resolve(file, options: ResolutionOptions(defaultProjectName: "generated")), sources: project.sources, instance: name
  )
}

extension Comparison {
  /// Writes what the prober is given into a folder, to be tried by hand: the file, its script, and the job.
  ///
  /// - Throws: when a file can't be written.
  package func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let job = exercise.job(named: name, script: "\(name).sh")
    try Data(yaml.utf8).write(to: folder.appending(path: "\(name).yaml"))
    try Data(script.utf8).write(to: folder.appending(path: "\(name).sh"))
    try JSONEncoder().encode(job).write(to: folder.appending(path: "\(name).json"))
  }

  /// Prepares the file that a seed makes for a kernel; nil where it has errors.
  package init?(seed: UInt64, for place: Place = .host) {
    var generator = TopologyGenerator(seed: seed, for: place == .host ? .common : .complete)
    let note = seed % 3 == 0 && place == .host ? Self.frameNote + "\n" : ""
    self.init(named: "\(seed)", yaml: generator.file() + note, seed: seed, for: place)
  }
}
