import NetworkTypes
import Simulator

/// /sys/class/net/*/iflink, as `grep -H . /sys/class/net/*/iflink` prints it.
func peerNumbersText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  kernel.devices(of: namespace).sorted { kernel[$0].name < kernel[$1].name }.map { id in
    let number = lowerDevice(of: id, in: kernel).map { kernel[$0].number } ?? kernel[id].number
    return "/sys/class/net/\(kernel[id].name)/iflink:\(number)\n"
  }.joined()
}

/// What sysctl(8) prints of parameters; without names, each value stands alone (`-n`).
func parametersText(
  _ selection: ParameterSelection, withNames: Bool, of namespace: NamespaceID, in kernel: Kernel
) -> String {
  func line(_ key: SysctlKey, _ value: String) -> String { withNames ? "\(key) = \(value)\n" : "\(value)\n" }
  func lines(_ keys: [SysctlKey]) -> String {
    keys.map { key in kernel.parameter(key, in: namespace).map { line(key, $0) } ?? "" }.joined()
  }
  switch selection {
  case .all: return lines(kernel.parameterKeys(in: namespace))
  case .matching(let part): return lines(kernel.parameterKeys(in: namespace).filter { $0.text.contains(part) })
  case .named(let names):
    return names.map { name in
      if let value = kernel.parameter(name, in: namespace) { return line(name, value) }
      return unmodelledText(name, namespace, in: kernel) ?? lines(parameters(below: name, namespace, in: kernel))
    }.joined()
  }
}

/// What is said of a parameter that isn't modelled, nor any below it; nil for others.
func unmodelledText(_ name: SysctlKey, _ namespace: NamespaceID, in kernel: Kernel) -> String? {
  kernel.parameter(name, in: namespace) == nil && parameters(below: name, namespace, in: kernel).isEmpty
    ? "sysctl: \(name) is not modelled\n" : nil
}

private func parameters(below name: SysctlKey, _ namespace: NamespaceID, in kernel: Kernel) -> [SysctlKey] {
  kernel.parameterKeys(in: namespace).filter { $0.text.hasPrefix("\(name).") }
}
