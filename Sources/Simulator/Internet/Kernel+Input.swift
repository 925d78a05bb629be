import NetworkTypes
import Packets

extension Kernel {
  /// Takes in an IPv4 packet (ip_rcv, ip_route_input_slow).
  mutating func receiveIPv4(_ packet: IPPacket, _ frame: Frame, on device: DeviceID) {
    let namespace = self[device].namespace
    var packet = packet
    var context: PacketContext?
    if self[namespace].netfilter.isActive {
      guard let entered = enter(&packet, frame, on: device) else { return }
      context = entered
    }
    if self[device].kind.leadsBack {
      guard !goesOn(packet, frame, by: device, context) else { return }
      return deliver(packet, on: device, context)
    }
    guard entersVRF(&packet, &context, on: device) else { return }
    guard case .v4(let source) = packet.source, case .v4(let destination) = packet.destination else { return }
    let isLocalnet = self[device].ipv4.routeLocalnet != 0 || self[namespace].ipv4All.routeLocalnet != 0
    guard !source.isMulticast, source.bits != .max, !source.isLoopback || isLocalnet else {
      return drop(packet, .martian(packet.source), at: device)
    }
    if destination.isMulticast {
      // 224.0.0.1 is every host's; echo requests to it aren't answered unless the parameter says so.
      guard listens(device, to: packet.destination) else { return drop(packet, .nobodyListens, at: device) }
      return deliver(packet, on: device, context)
    }
    if destination.bits == .max { return deliver(packet, on: device, context) }
    // The rest of 0.0.0.0/8 is routed like any other (ipv4_is_zeronet, include/linux/in.h).
    guard destination.bits != 0, !destination.isLoopback || isLocalnet, source.bits != 0 else {
      return drop(packet, .martian(packet.destination), at: device)
    }

    let flow = inputFlow(packet, device)
    // What a member of a VRF receives is routed as received by the member (ip_rcv_finish: dev).
    switch look(up: flow, in: namespace) {
    case .failure(let errno): reject(packet, errno, on: device, context)
    case .route(let route, table: let table):
      switch route.type {
      case .local, .broadcast, .anycast:
        guard isValidSource(packet.source, of: packet.destination, on: device, towards: nil) != nil else {
          return drop(packet, .sourceInvalid(packet.source), at: device)
        }
        deliver(packet, on: device, context)
      case .unicast:
        guard self[device].ipv4.forwarding != 0 else { return drop(packet, .forwardingOff, at: device) }
        guard let hop = hop(of: route, flow),
          let isOnLink = isValidSource(packet.source, of: packet.destination, on: device, towards: hop.device)
        else { return drop(packet, .sourceInvalid(packet.source), at: device) }
        if recorder.isOn { recorder.add(.routed(packet, namespace, route, table: table, input: device), at: now) }
        forwardIPv4(packet, frame, route, hop, from: device, senderIsOnLink: isOnLink, context)
      case .multicast, .blackhole, .unreachable, .prohibit: drop(packet, .martian(packet.destination), at: device)
      }
    }
  }

  /// Takes in an IPv6 packet (ipv6_rcv, ip6_route_input).
  mutating func receiveIPv6(_ packet: IPPacket, _ frame: Frame, on device: DeviceID) {
    let namespace = self[device].namespace
    guard hasIPv6(device) else { return drop(packet, .nobodyListens, at: device) }
    guard
      self[device].kind.leadsBack
        || !packet.source.isMulticast && !packet.source.isLoopback && !packet.destination.isLoopback
    else { return drop(packet, .martian(packet.source), at: device) }
    var packet = packet
    var context: PacketContext?
    if self[namespace].netfilter.isActive {
      guard let entered = enter(&packet, frame, on: device) else { return }
      context = entered
    }
    if self[device].kind.leadsBack, !goesRound(packet, by: device) { return deliver(packet, on: device, context) }
    guard entersVRF(&packet, &context, on: device) else { return }
    if packet.destination.isMulticast {
      guard listens(device, to: packet.destination) else { return }
      return deliver(packet, on: device, context)
    }
    let isOwnLinkLocal =
      packet.destination.isIPv6LinkLocal
      && self[device].addresses.contains { $0.address == packet.destination && !$0.isDuplicate }
    if isOwnLinkLocal { return deliver(packet, on: device, context) }
    let flow = inputFlow(packet, device)
    switch look(up: flow, in: namespace) {
    case .failure(let errno): reject(packet, errno, on: device, context)
    case .route(let route, table: let table):
      switch route.type {
      case .local, .anycast:
        // A tentative address isn't the machine's yet.
        let isTentative = self[route.hops.first?.device ?? device].addresses.contains {
          $0.address == packet.destination && $0.isTentative
        }
        guard !isTentative else { return drop(packet, .nobodyListens, at: device) }
        deliver(packet, on: device, context)
      case .unicast where route.hops.first.map { discards(route, over: $0) } ?? false:
        reject(packet, .networkUnreachable, on: device, context)
      case .unicast:
        guard self[namespace].ipv6All.forwarding != 0 || self[device].ipv6.forcesForwarding != 0 else {
          return drop(packet, .forwardingOff, at: device)
        }
        guard let hop = hop(of: route, flow) else { return drop(packet, .noRoute(packet.destination), at: device) }
        if recorder.isOn { recorder.add(.routed(packet, namespace, route, table: table, input: device), at: now) }
        forwardIPv6(packet, frame, route, hop, from: device, context)
      case .broadcast, .multicast, .blackhole, .unreachable, .prohibit:
        drop(packet, .martian(packet.destination), at: device)
      }
    }
  }

  /// Whether an IPv4 packet that came round by the loopback device is for others, which routes by that device lead to.
  ///
  /// It keeps the way that it was sent by (loopback_xmit, drivers/net/loopback.c): that of the machine's own packets
  /// takes none in, that of others' packets forwards them until their time is over.
  private mutating func goesOn(
    _ packet: IPPacket, _ frame: Frame, by device: DeviceID, _ context: PacketContext?
  ) -> Bool {
    guard self[device].kind == .loopback, !packet.destination.isMulticast, !isLocal(packet.destination, by: device)
    else { return false }
    let (namespace, flow) = (self[device].namespace, inputFlow(packet, device))
    guard case .route(let route, _) = look(up: flow, in: namespace), route.type == .unicast,
      let hop = hop(of: route, flow)
    else { return false }
    if isLocal(packet.source, in: namespace) {
      drop(packet, .noRoute(packet.destination), at: device)
    } else {
      forwardIPv4(packet, frame, route, hop, from: device, senderIsOnLink: false, context)
    }
    return true
  }

  /// Whether a VRF has sent by itself, and so receives, an IPv6 packet that isn't for the machine; of IPv4 none comes
  /// back to it.
  private func goesRound(_ packet: IPPacket, by device: DeviceID) -> Bool {
    guard case .vrf = self[device].kind, !packet.destination.isMulticast,
      case .route(let route, _) = look(up: inputFlow(packet, device), in: self[device].namespace)
    else { return false }
    return route.type == .unicast
  }

  private func inputFlow(_ packet: IPPacket, _ device: DeviceID) -> Flow {
    var flow = Flow(destination: packet.destination)
    flow.source = packet.source
    flow.inputDevice = device
    flow.master = masterTable(of: device)
    let mixed = packet.source.bits &* 31 &+ packet.destination.bits
    flow.hash = UInt32(truncatingIfNeeded: mixed ^ (mixed >> 32)) &* 0x9E37_79B9 >> 8
    return flow
  }

  /// What a machine does with a packet that it has no way for (ip_error, ip6_pkt_discard).
  ///
  /// IPv4 tells the sender only where it forwards; IPv6 always does.
  private mutating func reject(
    _ packet: IPPacket, _ errno: Errno, on device: DeviceID, _ context: PacketContext?
  ) {
    let namespace = self[device].namespace
    let isIPv4 = packet.family == .ipv4
    if isIPv4, self[device].ipv4.forwarding == 0 { return drop(packet, .forwardingOff, at: device) }
    let kind: ErrorKind
    switch errno {
    case .networkUnreachable: kind = .network
    case .hostUnreachable: kind = isIPv4 ? .host : .network
    case .accessDenied: kind = .prohibited
    default: return drop(packet, .rejected(errno), at: device)
    }
    drop(packet, errno == .networkUnreachable ? .noRoute(packet.destination) : .rejected(errno), at: device)
    // Routing has an allowance of its own, taken off the same account.
    guard
      !isIPv4
        || takeAllowance(
          for: packet.source, burst: ErrorAllowance.routingBurst, interval: .seconds(1), in: namespace)
    else {
      return
    }
    sendError(kind, about: packet, in: namespace, receivedBy: device, context)
  }

  /// Whether a source could have come in by a device (fib_validate_source).
  ///
  /// - Parameters:
  ///   - source: the source.
  ///   - destination: where the packet goes.
  ///   - device: the device that it came in by.
  ///   - output: the device that it will leave by; nil for the machine's own.
  /// - Returns: whether the sender is on the device's link; nil for a source that is refused.
  func isValidSource(
    _ source: IPAddress, of destination: IPAddress, on device: DeviceID, towards output: DeviceID?
  ) -> Bool? {
    let namespace = self[device].namespace
    let all = self[namespace].ipv4All
    let filter = max(all.reversePathFilter, self[device].ipv4.reversePathFilter)
    let sendsRedirects = all.sendRedirects != 0 || self[device].ipv4.sendRedirects != 0
    let acceptsLocal = all.acceptLocal != 0 || self[device].ipv4.acceptLocal != 0
    if filter == 0, output != device || !sendsRedirects {
      if acceptsLocal { return false }
      if !hasCustomRules(namespace) { return isOwn(source, namespace) ? nil : false }
    }
    var flow = Flow(destination: source)
    flow.source = destination
    flow.inputDevice = output
    flow.master = masterTable(of: device)
    let hasAddresses = self[device].addresses.contains { $0.interface.family == .ipv4 }
    guard case .route(let route, _) = look(up: flow, in: namespace) else { return filter == 0 ? false : nil }
    guard route.type == .unicast || route.type == .local && acceptsLocal else { return nil }
    if let hop = route.hops.first(where: { $0.device == device }) { return hop.router == nil }
    guard hasAddresses else { return filter == 0 ? false : nil }
    guard filter != 1 else { return nil }
    flow.outputDevice = device
    guard case .route(let other, _) = look(up: flow, in: namespace), other.type == .unicast else { return false }
    return other.hops.first { $0.device == device }?.router == nil
  }

  /// Whether a namespace has IPv4 rules beside those it was born with (fib4_has_custom_rules).
  private func hasCustomRules(_ namespace: NamespaceID) -> Bool { self[namespace].rules.ipv4.count > 3 }

  private func isOwn(_ address: IPAddress, _ namespace: NamespaceID) -> Bool {
    guard let route = self[namespace].ipv4Tables[RouteTableNumber.local]?.first(address.bits, where: { _ in true })
    else { return false }
    return route.type == .local
  }
}
