import NetworkTypes
import Packets
import Plan
package import Simulator

/// The lines that `-j TRACE` has the kernel log (net/ipv4/netfilter/ip_tables.c: trace_packet): one for every rule that
/// a packet matched, for every end of a chain that was jumped to, and for every policy.
///
/// The chains of a hook stand in the table of their priority, as in iptables: raw, mangle, nat, filter.
///
/// - Parameters:
///   - entries: what happened, in order.
///   - kernel: the machine, for names.
/// - Returns: the lines, each ended.
package func ruleTraceText(_ entries: [Recorder.Entry], in kernel: Kernel) -> String {
  var text = ""
  for entry in entries {
    guard case .met(let step) = entry.event, let packet = step.packet else { continue }
    let chains = kernel[step.namespace].netfilter.chains
    guard chains[step.chain].family == .inet else { continue }
    text += "TRACE: \(place(step, chains)) \(logText(packet, step.context, isTrace: true, in: kernel))\n"
  }
  return text
}

/// `filter:FORWARD:rule:1`.
private func place(_ step: RuleStep, _ chains: [Netfilter.Chain]) -> String {
  let chain = chains[step.chain].content
  let name = chain.base == nil ? chain.name.text : step.hook.rawValue.uppercased()
  let end = chain.rules.count + 1
  let position =
    switch step.position {
    case .rule(let number): "rule:\(number + 1)"
    case .end: "return:\(end)"
    case .policy: "policy:\(end)"
    }
  return "\(step.priority.table.rawValue):\(name):\(position)"
}
