import ArgumentParser
import Netwright

/// Shows what would be built.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "plan",
    abstract: "Show every name, interface, address and default route, and the steps that make them.",
    discussion: """
      Nothing is built, and no privilege is needed. The JSON form is described by Schemas/plan-v1.schema.json.

      Examples:
        netwright plan -f lab.yaml
        netwright plan --no-steps
        netwright plan --format json | jq '.steps[].operation'
      """)

  /// The forms that a plan is printed in.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  @OptionGroup var files: FileOptions

  @Option(help: "How the plan is printed: text or json.")
  var format: Format = .text

  @Flag(inversion: .prefixedNo, help: "Whether the text form lists the steps.")
  var steps = true

  func run() throws {
    let compilation = try files.compileOrFail()
    switch format {
    case .text: try StandardStream.print(compilation.planText(showsSteps: steps) ?? "")
    case .json: try StandardStream.print((try compilation.planJSON() ?? "") + "\n")
    }
  }
}
