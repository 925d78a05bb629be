import ArgumentParser
import Netwright

/// The option that keeps what was seen on the wires.
struct CaptureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder for captures, NAMESPACE-DEVICE.pcap for each device that sees a frame.", valueName: "folder"),
    completion: .directory)
  var pcap: String?
}

extension FileOptions {
  /// Compiles the files and carries out the plan in the simulator.
  ///
  /// - Parameter steps: what comes after, by which the rules are loaded in the form that is to be shown.
  /// - Returns: the simulation.
  /// - Throws: `ExitStatus.failed` where the file has errors, or the kernel would refuse a step.
  func simulate(_ steps: [ScenarioStep]) throws -> Simulation {
    guard let simulation = Simulation(try compileOrFail(), firewall: steps.firewall) else { throw ExitStatus.failed }
    guard !simulation.hasFailures else {
      StandardStream.say(simulation.stepsText(showsAll: false))
      throw ExitStatus.failed
    }
    StandardStream.say(simulation.warnings)
    return simulation
  }

  /// Simulates, carries out steps, and prints what each comes to.
  ///
  /// - Parameters:
  ///   - steps: the steps.
  ///   - capture: where captures go.
  /// - Throws: `ExitStatus.failed` where a probe isn't answered.
  func run(_ steps: [ScenarioStep], _ capture: CaptureOptions) throws {
    var simulation = try simulate(steps)
    try simulation.print(steps, showsSteps: false, capture)
  }
}

extension [ScenarioStep] {
  /// What the first that looks at rules needs them to be loaded by.
  var firewall: ScriptFirewall { lazy.compactMap(\.firewall).first ?? .nftables }
}

extension Simulation {
  /// Carries out steps and prints what each comes to.
  ///
  /// - Parameters:
  ///   - steps: the steps.
  ///   - showsSteps: whether each step is printed before what comes of it.
  ///   - capture: where captures go.
  /// - Throws: `ExitStatus` where a step names what there isn't, or a probe isn't answered.
  mutating func print(_ steps: [ScenarioStep], showsSteps: Bool, _ capture: CaptureOptions) throws {
    var isGood = true
    if capture.pcap != nil { beginCapture() }
    for step in steps {
      let outcome = try outcome(of: step)
      try StandardStream.print((showsSteps ? "$ \(step.text ?? "")\n" : "") + outcome.text)
      if !outcome.isGood { isGood = false }
    }
    if let folder = capture.pcap {
      do {
        try OutputFiles.write(captures, into: folder)
      } catch {
        StandardStream.say("netwright: \(error)\n")
        throw ExitStatus.systemRefused
      }
    }
    if !isGood { throw ExitStatus.failed }
  }

  /// Carries out a step.
  ///
  /// - Parameter step: the step.
  /// - Returns: what came of it.
  /// - Throws: `ExitStatus.usage` after saying what of what the step names there isn't.
  mutating func outcome(of step: ScenarioStep) throws -> Simulation.StepOutcome {
    do {
      return try run(step)
    } catch {
      StandardStream.say("netwright: \(error)\n")
      throw ExitStatus.usage
    }
  }
}

/// Reads steps.
///
/// - Parameter texts: the steps.
/// - Returns: the steps.
/// - Throws: `ExitStatus.usage` after saying what is wrong.
func scenarioSteps(_ texts: [String]) throws -> [ScenarioStep] {
  try texts.map { text in try scenarioStep(try ScenarioStep(text)) }
}

/// Makes a step.
///
/// - Parameter step: the step.
/// - Returns: the step.
/// - Throws: `ExitStatus.usage` after saying what is wrong.
func scenarioStep(_ step: @autoclosure () throws -> ScenarioStep) throws -> ScenarioStep {
  do {
    return try step()
  } catch {
    StandardStream.say("netwright: \(error)\n")
    throw ExitStatus.usage
  }
}
