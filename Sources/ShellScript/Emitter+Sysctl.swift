import NetworkTypes
import Plan

extension Emitter {
  /// A write below /proc/sys, by a process in the place that it is for.
  ///
  /// In the host's namespace the value found is noted first, to be put back.
  mutating func emit(_ operation: SetSysctl) {
    let path = operation.key.path
    if operation.place == .host, path.hasPrefix("net/bridge/") {
      body.use(.loadBridgeNetfilter)
      body.addCall("load_br_netfilter")
    }
    switch (body.style, operation.place) {
    case (.fast, .host):
      add(.sysctl, in: .host, "\(path) \(ShellQuoting.oneLine(operation.value))")
    case (.fast, .namespace):
      add(.sysctl, in: operation.place, "printf '%s\\n' \(ShellQuoting.word(operation.value)) >/proc/sys/\(path)")
    case (.plain, _):
      body.need("sysctl")
      if operation.place == .host {
        body.use(.saveSysctl)
        body.addCall("save_sysctl \(path)")
      }
      let assignment = "\(operation.key.text)=\(operation.value)"
      add(.sysctl, in: operation.place, "sysctl -q -w \(ShellQuoting.word(assignment))")
    }
  }
}
