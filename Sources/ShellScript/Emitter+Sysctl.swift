import NetworkTypes
import Plan

extension Emitter {
  /// A write below /proc/sys, by a process in the place that it is for.
  ///
  /// In the host's namespace the value found is noted first, to be put back, but for the network's own devices.
  mutating func emit(_ operation: SetSysctl) {
    let path = operation.key.path
    if operation.place == .host, path.hasPrefix("net/bridge/") {
      body.use(.loadBridgeNetfilter)
      body.addCall("load_br_netfilter")
    }
    if operation.place == .host, operation.beginsIPv6Forwarding {
      body.use(.keepAdvertisedRoutes)
      body.addCall("keep_advertised_routes")
    }
    let isOwn = operation.place == .host && operation.key.device.map(context.hostDevices.contains) == true
    let isOptional =
      operation.isIPv6Forwarding || operation.isUnfilteredBridging || isOwn && operation.isIPv6OfBridge
    switch (body.style, operation.place) {
    case (.fast, .host):
      let marks = (isOwn ? "own " : "") + (isOptional ? "optional " : "")
      add(.sysctl, in: .host, "\(marks)\(path) \(ShellQuoting.oneLine(operation.value))")
    case (.fast, .namespace):
      let write: ShellText = "printf '%s\\n' \(ShellQuoting.word(operation.value)) >/proc/sys/\(path)"
      add(.sysctl, in: operation.place, isOptional ? "[ ! -e /proc/sys/\(path) ] || \(write)" : write)
    case (.plain, _):
      body.need("sysctl")
      if operation.place == .host, !isOwn {
        body.use(.saveSysctl)
        body.addCall("save_sysctl \(path)")
      }
      let assignment = "\(operation.key.text)=\(operation.value)"
      let write: ShellText = "sysctl -q -w \(ShellQuoting.word(assignment))"
      if isOptional {
        body.addCall("[ ! -e /proc/sys/\(path) ] || \(Tool.sysctl.prefix(in: operation.place))\(write)")
      } else {
        add(.sysctl, in: operation.place, write)
      }
    }
  }
}

extension SetSysctl {
  /// Whether a device, or every one, forwards IPv6 from then on.
  fileprivate var beginsIPv6Forwarding: Bool {
    key.path.hasPrefix("net/ipv6/conf/") && key.path.hasSuffix("/forwarding") && value != "0"
  }

  /// Whether it is what every router gets, whose kernel may be one without IPv6 and then has nothing to forward.
  fileprivate var isIPv6Forwarding: Bool { key.text == "net.ipv6.conf.all.forwarding" && value == "1" }

  /// Whether it has a node's bridges ask no rules of packets, as they don't where there is no br_netfilter.
  fileprivate var isUnfilteredBridging: Bool {
    place != .host && key.path.hasPrefix("net/bridge/bridge-nf-call-") && value == "0"
  }

  /// Whether it is what every bridge gets, with the same exception.
  fileprivate var isIPv6OfBridge: Bool {
    key.path.hasPrefix("net/ipv6/conf/") && (key.path.hasSuffix("/accept_ra") || key.path.hasSuffix("/disable_ipv6"))
  }
}
