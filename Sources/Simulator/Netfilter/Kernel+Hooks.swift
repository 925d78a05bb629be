import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Loads a namespace's rules, in the place of those before (nft -f, iptables-restore).
  mutating func perform(_ operation: LoadRuleset) throws(KernelError) {
    let namespace = try find(operation.place)
    if let iptables {
      namespaces[namespace.index].netfilter.load(iptables.rulesets(operation.tables))
    } else {
      namespaces[namespace.index].netfilter.load(operation.tables)
    }
  }

  /// Takes a packet through all that waits at a hook (nf_hook).
  ///
  /// - Parameters:
  ///   - hook: the hook.
  ///   - packet: the packet, which comes out with other addresses or as what its fragments make.
  ///   - context: what is kept beside it.
  ///   - namespace: the machine.
  /// - Returns: whether it goes on.
  mutating func pass(
    _ hook: NetfilterHook, _ packet: inout IPPacket, _ context: inout PacketContext, in namespace: NamespaceID
  ) -> HookVerdict {
    let stages = namespaces[namespace.index].netfilter.stages(hook, .inet)
    for stage in stages {
      switch stage {
      case .defragment:
        guard case .fragment(let part) = packet.payload, self[namespace].netfilter.tracked.contains(packet.family)
        else {
          break
        }
        guard let whole = gather(packet, part, &context, in: namespace) else { return .stolen }
        packet = whole
      case .track:
        guard self[namespace].netfilter.tracked.contains(packet.family) else { break }
        track(packet, &context, in: namespace)
      case .chain(let index):
        switch ask(index, hook, packet, &context, in: namespace) {
        case .accepted: break
        case .dropped(let errno): return .dropped(errno)
        case .stolen: return .stolen
        }
      case .translate(let chains):
        switch translate(&packet, &context, hook, chains, in: namespace) {
        case .accepted: break
        case .dropped(let errno): return .dropped(errno)
        case .stolen: return .stolen
        }
      case .confirm: guard confirm(&context, in: namespace) else { return .dropped(.notPermitted) }
      }
    }
    return .accepted
  }

  /// Whether a packet passes a hook; what doesn't is noted as dropped.
  mutating func passes(
    _ hook: NetfilterHook, _ packet: inout IPPacket, _ context: inout PacketContext, in namespace: NamespaceID,
    at device: DeviceID
  ) -> Bool {
    switch pass(hook, &packet, &context, in: namespace) {
    case .accepted: return true
    case .dropped:
      drop(packet, .filtered(hook), at: device)
      return false
    case .stolen: return false
    }
  }

  /// Adds a fragment to those of its packet (nf_defrag_ipv4, nf_defrag_ipv6).
  ///
  /// - Returns: the packet, once all are there.
  private mutating func gather(
    _ packet: IPPacket, _ part: Fragment, _ context: inout PacketContext, in namespace: NamespaceID
  ) -> IPPacket? {
    let device = context.input ?? self[namespace].devices[.loopback] ?? DeviceID(0)
    guard let (whole, parts) = reassemble(packet, part, on: device, in: namespace) else { return nil }
    context.parts = parts
    return whole
  }

  /// Whether a packet that the machine sends past its routing gets out: neighbor discovery, listener reports.
  mutating func passesOutput(_ packet: inout IPPacket, by device: DeviceID) -> Bool {
    let namespace = self[device].namespace
    guard self[namespace].netfilter.isActive else { return true }
    var context = PacketContext()
    context.output = device
    return passes(.output, &packet, &context, in: namespace, at: device)
      && passes(.postrouting, &packet, &context, in: namespace, at: device)
  }

  /// What is kept beside a packet that a device receives, after the chains of prerouting.
  ///
  /// - Returns: nil where the packet goes no further.
  mutating func enter(_ packet: inout IPPacket, _ frame: Frame, on device: DeviceID) -> PacketContext? {
    let namespace = self[device].namespace
    var context = carried.popLast() ?? PacketContext()
    context.input = device
    context.output = nil
    context.frame = frame
    guard !context.hasPassedPrerouting else {
      context.hasPassedPrerouting = false
      context.parts?.longest = nil
      return context
    }
    guard passes(.prerouting, &packet, &context, in: namespace, at: device) else { return nil }
    return context
  }
}
