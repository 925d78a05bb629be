import ArgumentParser
import Netwright

extension FileOptions {
  /// Compiles the files and carries out the plan in the simulator.
  ///
  /// - Throws: `ExitStatus.failed` where the file has errors, or the kernel would refuse a step.
  func simulate() throws -> Simulation {
    guard let simulation = Simulation(try compileOrFail()) else { throw ExitStatus.failed }
    guard !simulation.hasFailures else {
      StandardStream.error.write(simulation.stepsText(showsAll: false))
      throw ExitStatus.failed
    }
    return simulation
  }

  /// Simulates, carries out steps, and prints what each comes to.
  ///
  /// - Parameter steps: the steps.
  /// - Throws: `ExitStatus.failed` where a probe isn't answered.
  func run(_ steps: [ScenarioStep]) throws {
    var simulation = try simulate()
    try simulation.print(steps, showsSteps: false)
  }
}

extension Simulation {
  /// Carries out steps and prints what each comes to.
  ///
  /// - Parameters:
  ///   - steps: the steps.
  ///   - showsSteps: whether each step is printed before what comes of it.
  /// - Throws: `ExitStatus` where a step names what there isn't, or a probe isn't answered.
  mutating func print(_ steps: [ScenarioStep], showsSteps: Bool) throws {
    var isGood = true
    for step in steps {
      do {
        let outcome = try run(step)
        StandardStream.output.write((showsSteps ? "$ \(step.text)\n" : "") + outcome.text)
        if !outcome.isGood { isGood = false }
      } catch {
        StandardStream.error.write("netwright: \(error)\n")
        throw ExitStatus.usage
      }
    }
    if !isGood { throw ExitStatus.failed }
  }
}

/// Reads steps.
///
/// - Parameter texts: the steps.
/// - Returns: the steps.
/// - Throws: `ExitStatus.usage` after saying what is wrong.
func scenarioSteps(_ texts: [String]) throws -> [ScenarioStep] {
  do {
    return try texts.map { text throws(ScenarioError) in try ScenarioStep(text) }
  } catch {
    StandardStream.error.write("netwright: \(error)\n")
    throw ExitStatus.usage
  }
}
