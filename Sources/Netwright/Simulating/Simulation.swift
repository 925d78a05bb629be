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
  /// What the kernel said to each step; nil for those that it carried out.
  let answers: [(step: Step, error: KernelError?)]

  /// How long links take to settle: duplicate address detection, and a spanning tree that listens and learns.
  private static let settling = TimeSpan.seconds(8)

  /// Carries out a compilation's plan, step after step, as a script does: the first that fails is the last.
  ///
  /// - Parameters:
  ///   - compilation: the compilation; nil comes of one with errors.
  ///   - seed: what chance goes by.
  public init?(_ compilation: Compilation, seed: UInt64 = 1) {
    guard let plan = compilation.makePlan(), let topology = compilation.topology else { return nil }
    self.topology = topology
    var kernel = Kernel(seed: seed)
    // A machine that people work on, and the sandbox of `netwright run`, have their loopback up.
    if let loopback = kernel.device(.loopback, in: .host) { kernel.setLink(loopback, isUp: true) }
    kernel.rulesetName = plan.instance.table
    // What can't be, a device twice for instance, is a finding of the file's.
    let bridges = Set(topology.networks.filter(\.isExisting).compactMap(\.bridge))
    try? kernel.furnish(topology.host, for: plan, bridges: bridges)
    kernel.assumeParents(topology)
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
    for node in compilation.file?.nodes ?? [] { listen(on: node.listeningPorts, of: node.name.value) }
  }

  /// What a service exposes or publishes is what listens in it.
  private mutating func listen(on ports: [(range: PortRange, transport: TransportProtocol)], of key: String) {
    guard !ports.isEmpty else { return }
    for node in topology.nodes where node.key == key {
      guard let namespace = self.namespace(named: node.name) else { continue }
      for (range, transport) in ports {
        for port in range.first...range.last { kernel.listen(transport, port: port, in: namespace) }
      }
    }
  }

  /// Whether the kernel refused a step.
  public var hasFailures: Bool { answers.contains { $0.error != nil } }

  /// Each step with what the kernel answered.
  ///
  /// - Parameter showsAll: whether the steps that went well are listed too.
  /// - Returns: the lines, each ended; the last says how it went as a whole.
  public func stepsText(showsAll: Bool) -> String {
    var text = ""
    for (index, answer) in answers.enumerated() {
      let origin = answer.step.origin
      if let error = answer.error {
        text +=
          "\(origin.file):\(origin.line): step \(index + 1), \(answer.step.operation.summary)\n  \(error.message)\n"
      } else if showsAll {
        text += "\(index + 1)\tok\t\(answer.step.operation.summary)\n"
      }
    }
    let count = "\(answers.count) step\(answers.count == 1 ? "" : "s")"
    return text + (hasFailures ? "the kernel would refuse the last of \(count)\n" : "\(count), all would go well\n")
  }
}
