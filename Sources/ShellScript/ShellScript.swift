package import NetworkTypes
package import Plan

/// How a script is written.
package struct ScriptOptions: Hashable, Sendable {
  /// The two ways to write the same commands.
  package enum Style: String, Hashable, CaseIterable, Sendable {
    /// Few processes: lines fed to `ip -batch` and its like, as many to a process as the order allows.
    case fast
    /// One readable command a line, for people who learn or paste.
    case plain
  }

  /// The programs that netfilter rules are loaded by.
  package enum Firewall: String, Hashable, CaseIterable, Sendable {
    /// `nft`, into tables of the network's own.
    case nftables
    /// `iptables-restore` and `ip6tables-restore`, into chains of the network's own.
    case iptables
  }

  /// The style.
  package var style: Style
  /// What rules are loaded by.
  package var firewall: Firewall

  /// Creates options.
  package init(style: Style = .fast, firewall: Firewall = .nftables) {
    self.style = style
    self.firewall = firewall
  }
}

/// Writes a plan as a POSIX shell script that builds the network, takes it away and tells its state.
///
/// The script needs iproute2 and what every POSIX system has, and nothing of Netwright. The same plan gives the same
/// bytes.
package func emitShellScript(_ plan: Plan, options: ScriptOptions = ScriptOptions()) -> String {
  shellScriptPieces(plan, options: options).reduce(into: "") { $0 += String($1) }
}

/// Writes a plan as a shell script, in pieces to be written one after the other: for files and streams, which take
/// bytes, and need not have all of them in one place.
package func shellScriptPieces(_ plan: Plan, options: ScriptOptions = ScriptOptions()) -> [TextBuffer] {
  let context = PlanContext(plan, firewall: options.firewall)
  let body = emitBody(plan, context, style: options.style)
  let digest = options.style == .fast ? body.digest : emitBody(plan, context, style: .fast).digest
  let header = ScriptHeader(
    instance: plan.instance, summary: context.summary, files: context.files, digest: digest, tools: body.tools,
    forwarding: context.forwarding, neighborCount: context.neighborCount, subnets: context.subnets)
  return assembleScript(header, manifest: context.manifest, body: body)
}

/// Writes the script that takes a network away, from what is recorded under /run/netwright alone.
package func emitDownScript(instance: InstanceName) -> String { assembleInstanceScript(instance, verb: "down") }

/// Writes the script that tells a network's state, from what is recorded under /run/netwright alone.
package func emitStatusScript(instance: InstanceName) -> String { assembleInstanceScript(instance, verb: "status") }

/// The commands of a plan, in its order.
private func emitBody(_ plan: Plan, _ context: PlanContext, style: ScriptOptions.Style) -> ScriptBody {
  let body = ScriptBody(style: style, context, capacity: plan.steps.count * 96)
  var emitter = Emitter(context: context, body: body)
  emitter.emit(plan.steps)
  return emitter.finish()
}
