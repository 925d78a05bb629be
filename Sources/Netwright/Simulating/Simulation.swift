import NetworkTypes
import Diagnostics
import Plan
import ProjectFile
import Simulator
import Topology
import Views

/// A plan as the simulated kernel carried it out, and the machine that came of it.
public struct Simulation: Sendable {
  var kernel: Kernel
  let topology: Topology
  /// The machine that it began on, where that is a real one's snapshot.
  let host: HostSnapshot?
  /// The machine before the plan.
  let before: Kernel
  /// The plan's steps, and what takes them back.
  let steps: [Step]
  let undo: [Inverse]
  /// What the kernel said to each step; nil for those that it carried out.
  let answers: [(step: Step, error: KernelError?)]

  /// How long links take to settle: duplicate address detection, and a spanning tree that listens and learns.
  private static let settling = TimeSpan.seconds(8)

  /// Carries out a compilation's plan, step after step, as a script does: the first that fails is the last.
  ///
  /// - Parameters:
  ///   - compilation: the compilation; nil comes of one with errors.
  ///   - seed: what chance goes by.
  ///   - firewall: what loads the netfilter rules, as the script does.
  public init?(_ compilation: Compilation, seed: UInt64 = 1, firewall: ScriptFirewall = .nftables) {
    guard let plan = compilation.makePlan(), let topology = compilation.topology else { return nil }
    self.topology = topology
    host = compilation.host
    steps = plan.steps
    undo = plan.undo
    var kernel = compilation.host.map { Kernel($0.state, seed: seed) } ?? Kernel(seed: seed)
    // A machine that people work on, and the sandbox of `netwright run`, have their loopback up.
    if compilation.host == nil, let loopback = kernel.device(.loopback, in: .host) {
      kernel.setLink(loopback, isUp: true)
    }
    kernel.rulesetName = plan.instance.table
    switch firewall {
    case .nftables: break
    case .iptables: kernel.iptables = IptablesForm(plan)
    }
    // What can't be, a device twice for instance, is a finding of the file's.
    if compilation.host == nil {
      let bridges = Set(topology.networks.filter(\.isExisting).compactMap(\.bridge))
      try? kernel.furnish(topology.host, for: plan, bridges: bridges)
      kernel.assumeParents(topology)
    }
    before = kernel
    kernel.hostGroup = plan.instance.deviceGroup
    var answers: [(step: Step, error: KernelError?)] = []
    answers.reserveCapacity(plan.steps.count)
    for step in plan.steps {
      do throws(KernelError) {
        try kernel.perform(step.operation)
        answers.append((step, nil))
      } catch {
        answers.append((step, error))
        break
      }
    }
    kernel.run(for: Self.settling)
    self.kernel = kernel
    self.answers = answers
    if let file = compilation.file { listen(as: file) }
  }

  /// What a service exposes or publishes is what listens in it.
  private mutating func listen(as file: ProjectFile) {
    for node in topology.nodes {
      let ports = file.nodes[node.entry].listeningPorts
      guard !ports.isEmpty, let namespace = home(of: node) else { continue }
      for (range, transport) in ports {
        for port in range.first...range.last { kernel.listen(transport, port: port, in: namespace) }
      }
    }
  }

  /// What is wrong with the machine as the plan leaves it, a line each: a broadcast storm.
  public var warnings: String { kernel.storm.map { stormText($0, in: kernel) } ?? "" }

  /// Whether the kernel refused a step.
  public var hasFailures: Bool { answers.contains { $0.error != nil } }
}
