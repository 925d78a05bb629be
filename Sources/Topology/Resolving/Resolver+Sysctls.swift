import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// The kernel parameters of a node, in an order that Linux takes.
  ///
  /// Where the ports that are given out begin among the privileged ones, none are privileged any more, as engines have
  /// it in all containers (withDefaultSysctls, daemon/oci_linux.go): Linux would refuse the range.
  func withOpenPorts(_ sysctls: [Sysctl]) -> [Sysctl] {
    guard let range = sysctls.first(where: { $0.key == LocalPorts.rangeKey }) else { return sysctls }
    var ports = LocalPorts()
    for sysctl in sysctls { ports.set(sysctl.key, to: sysctl.value) }
    guard !ports.areTaken, let key = LocalPorts.unprivilegedKey, !sysctls.contains(where: { $0.key == key }) else {
      return inTakenOrder(sysctls)
    }
    return [Sysctl(key: key, value: "0", origin: range.origin)] + sysctls
  }

  /// Kernel parameters as they are written, but for two that Linux holds against each other: the one that it takes
  /// while the other is still as it is in a new namespace comes first.
  func inTakenOrder(_ sysctls: [Sysctl]) -> [Sysctl] {
    guard let range = sysctls.firstIndex(where: { $0.key == LocalPorts.rangeKey }),
      let unprivileged = sysctls.firstIndex(where: { $0.key == LocalPorts.unprivilegedKey })
    else { return sysctls }
    var ports = LocalPorts()
    ports.set(sysctls[min(range, unprivileged)].key, to: sysctls[min(range, unprivileged)].value)
    guard !ports.areTaken else { return sysctls }
    var result = sysctls
    result.swapAt(range, unprivileged)
    return result
  }
}

extension Sysctl {
  /// Takes over what is written.
  init(_ entry: SysctlEntry) { self.init(key: entry.key.value, value: entry.value.value, origin: entry.key.range) }
}
