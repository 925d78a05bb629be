import Netwright
import NetwrightTestSupport
import Testing

/// A failure at each step in turn of generated networks: all of it is undone.
@Suite struct InjectedFailureTests {
  /// The networks: a seed of each size, told by how many commands its script gives to iproute2.
  private static let sizes = [8...16, 17...24, 25...34]

  /// The first seed whose file is accepted and makes a network of about a size.
  private static func script(_ size: ClosedRange<Int>, style: ScriptStyle) throws -> (seed: UInt64, text: String) {
    for seed in UInt64(1)...400 {
      var generator = TopologyGenerator(seed: seed)
      let yaml = generator.file()
      let compilation = compile([Input(name: "seed-\(seed).yaml", bytes: Array(yaml.utf8))])
      guard let plain = compilation.script(style: .plain), let script = compilation.script(style: style) else {
        continue
      }
      let commands = plain.split(separator: "\n").count(where: { $0.hasPrefix("ip ") || $0.hasPrefix("tc ") })
      if size.contains(commands) { return (seed, script) }
    }
    throw NoSuchSeed()
  }

  private struct NoSuchSeed: Error {}

  @Test(arguments: sizes, ScriptStyle.allCases)
  func `a failure at any step of a generated network undoes everything`(
    _ size: ClosedRange<Int>, _ style: ScriptStyle
  ) throws {
    let (seed, script) = try Self.script(size, style: style)
    let outcome = try KernelSandbox.run(
      StandIn.use + """
        before=$(snapshot)
        step=0
        while [ $step -lt 200 ]; do
          step=$((step + 1))
          echo $step >fail-at
          status=0
          script dash it.sh >out 2>&1 || status=$?
          [ -e fail-at ] && break
          [ $status = 3 ] || { echo "step $step: status $status"; cat out; failures=1; }
          grep -q 'Injected failure' out || { echo "step $step: no cause"; cat out; failures=1; }
          same "step $step is undone" "$before" "$(snapshot)"
          [ $failures = 0 ] || exit 1
        done
        check 'all steps were tried' [ $step -gt \(size.lowerBound / 2) ]
        check 'in the end it is up' [ $status = 0 ]
        rm -f fail-at
        check down dash it.sh down
        same 'nothing is left' "$before" "$(snapshot)"
        """, files: ["it.sh": script, "stand-in": StandIn.program])
    #expect(
      outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "seed \(seed)\n\(outcome.output)\(outcome.errors)")
  }
}
