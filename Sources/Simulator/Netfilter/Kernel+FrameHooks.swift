import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Whether what the bridges of a namespace pass on meets rules: those of frames, or those of packets (br_netfilter).
  func filtersFrames(in namespace: NamespaceID) -> Bool {
    let settings = self[namespace].stack
    return self[namespace].netfilter.filtersFrames || settings.bridgesCallIPv4 != 0 || settings.bridgesCallIPv6 != 0
  }

  /// Takes a frame through the rules for frames at a hook (NFPROTO_BRIDGE).
  ///
  /// - Returns: whether it goes on.
  mutating func passes(
    _ hook: NetfilterHook, _ frame: inout Frame, _ context: inout PacketContext, in namespace: NamespaceID,
    at device: DeviceID
  ) -> Bool {
    let stages = namespaces[namespace.index].netfilter.stages(hook, .bridge)
    for stage in stages {
      var packet: IPPacket?
      if case .ip(let inner) = frame.payload { packet = inner }
      switch stage {
      case .chain(let index):
        var subject = FilteredPacket(packet, length: frame.payload.length)
        subject.isFrame = true
        guard case .accepted = ask(index, hook, subject, &context, in: namespace) else {
          drop(frame, .filtered(hook), at: device)
          return false
        }
      case .track: if let packet { track(packet, &context, in: namespace) }
      case .confirm: guard confirm(&context, in: namespace) else { return false }
      case .defragment, .translate: break
      }
    }
    return true
  }

  /// Whether a bridge has a frame's packet pass the rules of packets (br_nf_pre_routing).
  private func passesPacketRules(_ frame: Frame, in namespace: NamespaceID) -> IPPacket? {
    guard case .ip(let packet) = frame.payload, frame.tag == nil else { return nil }
    let settings = self[namespace].stack
    let calls = packet.family == .ipv4 ? settings.bridgesCallIPv4 : settings.bridgesCallIPv6
    return calls != 0 ? packet : nil
  }

  /// Takes a frame that came in by a bridge's port through the rules of prerouting: those of frames, then, where the
  /// bridge has it so, those of packets, as if it had come in by the bridge (br_nf_pre_routing).
  ///
  /// - Returns: whether it goes on; then it may be for another hardware address.
  mutating func passesFirst(
    _ frame: inout Frame, _ context: inout PacketContext, onPort device: DeviceID, of index: Int, _ passed: UInt8
  ) -> Bool {
    let namespace = self[device].namespace
    let bridge = bridges[index].device
    context.input = device
    context.frame = frame
    guard passes(.prerouting, &frame, &context, in: namespace, at: device) else { return false }
    guard var packet = passesPacketRules(frame, in: namespace) else { return true }
    let destination = packet.destination
    context.input = bridge
    context.bridgeInput = device
    guard passes(.prerouting, &packet, &context, in: namespace, at: device) else { return false }
    context.hasPassedPrerouting = true
    frame.payload = .ip(packet)
    guard packet.destination != destination else { return true }
    let turned = TurnedFrame(frame: frame, context: context, port: device, bridge: index, passed: passed)
    return turn(&frame, packet, by: bridge, turned)
  }

  /// Sends a frame whose packet's destination was translated where that is now (br_nf_pre_routing_finish): to a
  /// neighbor on the same bridge, or to the machine itself.
  ///
  /// - Returns: false where there is no way, or the neighbor's hardware address leads on.
  private mutating func turn(
    _ frame: inout Frame, _ packet: IPPacket, by bridge: DeviceID, _ turned: TurnedFrame
  ) -> Bool {
    let namespace = self[bridge].namespace
    var flow = Flow(destination: packet.destination)
    flow.source = packet.source
    flow.inputDevice = bridge
    guard case .route(let route, _) = look(up: flow, in: namespace) else {
      drop(packet, .noRoute(packet.destination), at: bridge)
      return false
    }
    let hop = route.type == .unicast ? hop(of: route, flow) : nil
    // It is routed as what the machine receives: a source of its own, or one that the way back doesn't lead to, isn't.
    if packet.family == .ipv4,
      isValidSource(packet.source, of: packet.destination, on: bridge, towards: hop?.device) == nil
    {
      drop(packet, .sourceInvalid(packet.source), at: bridge)
      return false
    }
    guard let hop, hop.device == bridge else {
      frame.destination = self[bridge].address
      return true
    }
    output(packet, to: hop.router ?? packet.destination, by: bridge, origin: .forwarded(bridge), turned: turned)
    return false
  }

  /// Takes a frame that leaves by a bridge's port through the rules of forward and postrouting (br_nf_forward,
  /// br_nf_post_routing).
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - context: what is kept beside it.
  ///   - input: the port that it came in by; the bridge's own device for what that sends.
  ///   - device: the port.
  /// - Returns: what leaves: nothing where a rule drops it, several where its packet was made of fragments.
  mutating func passingLast(
    _ frame: Frame, _ context: inout PacketContext, from input: DeviceID, to device: DeviceID
  ) -> [Frame] {
    let namespace = self[device].namespace
    var frame = frame
    let isOwn = self[input].port == nil
    let bridge = self[device].master
    context.input = isOwn ? nil : input
    context.output = device
    guard passes(isOwn ? .output : .forward, &frame, &context, in: namespace, at: device) else { return [] }
    let packet = isOwn ? nil : passesPacketRules(frame, in: namespace)
    if var packet {
      context.input = bridge
      context.output = bridge
      context.bridgeOutput = device
      guard passes(.forward, &packet, &context, in: namespace, at: device) else { return [] }
      frame.payload = .ip(packet)
    }
    context.input = nil
    context.output = device
    guard passes(.postrouting, &frame, &context, in: namespace, at: device) else { return [] }
    guard var packet, let bridge else { return [frame] }
    context.output = bridge
    guard passes(.postrouting, &packet, &context, in: namespace, at: device) else { return [] }
    return pieces(of: packet, from: device, of: bridge, context).map { packet in
      frame.payload = .ip(packet)
      return frame
    }
  }

  /// A packet as it leaves by a port after its rules: one that is too long for the port, or for the fragments that it
  /// came in, is cut to the bridge's MTU, or lost where it can't be (br_nf_dev_queue_xmit, br_nf_ip_fragment,
  /// ip6_fragment).
  private mutating func pieces(
    of packet: IPPacket, from device: DeviceID, of bridge: DeviceID, _ context: PacketContext
  ) -> [IPPacket] {
    let longest = context.parts?.longest
    guard packet.length > min(longest ?? .max, self[device].mtu), case .bridge(let index) = self[bridge].kind else {
      return [packet]
    }
    switch packet.family {
    case .ipv4:
      let mtu = bridges[index].fragmentMTU
      guard !packet.dontFragment, longest ?? 0 <= mtu else {
        drop(packet, .mustNotFragment(mtu: mtu), at: device)
        return []
      }
      return fragments(of: packet, mtu: min(mtu, longest ?? .max), as: context.parts)
    case .ipv6:
      let mtu = self[bridge].mtu
      guard let longest, longest <= mtu else {
        drop(packet, .mustNotFragment(mtu: mtu), at: device)
        if packet.length > mtu {
          sendError(.tooBig(mtu: mtu), about: packet, in: self[device].namespace, receivedBy: bridge, context)
        }
        return []
      }
      return fragments(of: packet, mtu: max(longest, AddressFamily.ipv6MinimumMTU), as: context.parts)
    }
  }
}
