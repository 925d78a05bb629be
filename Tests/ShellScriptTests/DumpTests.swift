import Foundation
import Plan
import ShellScript
import Testing
@Test func dump() throws {
  for style in ScriptOptions.Style.allCases {
    try emitShellScript(try Plans.everything(), options: ScriptOptions(style: style)).write(toFile: "/tmp/sc/all-\(style.rawValue).sh", atomically: false, encoding: .utf8)
    try emitShellScript(try Plans.containers(500), options: ScriptOptions(style: style)).write(toFile: "/tmp/sc/500-\(style.rawValue).sh", atomically: false, encoding: .utf8)
    try emitShellScript(try Plans.containers(2), options: ScriptOptions(style: style)).write(toFile: "/tmp/sc/2-\(style.rawValue).sh", atomically: false, encoding: .utf8)
  }
  try emitDownScript(instance: InstanceName("lab")!).write(toFile: "/tmp/sc/down.sh", atomically: false, encoding: .utf8)
  let big = try Plans.containers(10000)
  let t = ContinuousClock.now
  let s = emitShellScript(big)
  print("10000:", ContinuousClock.now - t, s.utf8.count)
}
