import Diagnostics
import NetworkTypes
import ProjectFile

/// Jitter or reordering without anything held back.
enum JitterWithoutDelay: Rule {
  static let code = RuleCode.jitterWithoutDelay
  static let name = "jitter-without-delay"
  static let summary = "An impairment has jitter or reordering and no delay."
  static let rationale = """
    Jitter varies the delay, and reordering sends a packet ahead of delayed ones: tc answers «reordering not possible \
    without specifying some delay».
    """
  static let failing = """
    routers:
      a: {}
      b: {}
    links:
      - endpoints: ["a:eth0", "b:eth0"]
        subnet: 10.0.0.0/30
        impairment:
          jitter: 5ms  # error: NW0409
    """
  static let passing = """
    routers:
      a: {}
      b: {}
    links:
      - endpoints: ["a:eth0", "b:eth0"]
        subnet: 10.0.0.0/30
        impairment: { delay: 10ms, jitter: 5ms }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let nodes =
      context.unusualAttachments.map(\.impairment.value) + context.unusualNodes.flatMap(\.interfaces).map(\.impairment)
    return (nodes + context.file.links.map(\.impairment)).compactMap { $0 }.compactMap { impairment in
      guard impairment.delay == nil, let range = impairment.jitter?.range ?? impairment.reorder?.range else {
        return nil
      }
      return finding(
        "\(impairment.jitter == nil ? "reordering" : "jitter") needs a delay", at: range,
        help: "add `delay: 10ms`, or another time")
    }
  }
}
