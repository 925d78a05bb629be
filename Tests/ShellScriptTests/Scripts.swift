import NetwrightTestSupport
import Plan
import ShellScript
import Testing

/// The shells that a script must run under.
let shells = ["dash", "busybox sh", "bash", "mksh"]

/// Runs a text in a sandbox that has a plan's script in both styles as `fast.sh` and `plain.sh`, the scripts without a
/// plan as `down.sh` and `status.sh`, stand-ins for iproute2's programs in `bin`, and the shells in an array; it must
/// succeed.
func expectPass(
  _ plan: Plan, files: [String: String] = [:], seconds: Int = 300, _ text: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var files = files
  for style in ScriptOptions.Style.allCases {
    files["\(style.rawValue).sh"] = emitShellScript(plan, options: ScriptOptions(style: style))
  }
  files["down.sh"] = emitDownScript(instance: plan.instance)
  files["status.sh"] = emitStatusScript(instance: plan.instance)
  files["stand-in"] = StandIn.program
  let array = "shells=(\(shells.map { "'\($0)'" }.joined(separator: " ")))\n"
  let outcome = try KernelSandbox.run(array + text, files: files, seconds: seconds)
  #expect(
    outcome.status == 0 && outcome.output.hasSuffix("passed\n"),
    "status \(outcome.status)\n\(outcome.output)\(outcome.errors)", sourceLocation: sourceLocation)
}
