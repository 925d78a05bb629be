import NetworkTypes

/// A broadcast storm: a frame that goes round in a ring of bridges, and multiplies.
///
/// A real machine would be busy with it for ever. Here the bridges of the ring drop what they would flood from then on.
package struct Storm: Hashable, Sendable {
  /// The ports by which the ring leaves each of its bridges, in its order.
  package let ports: [DeviceID]
}

extension Kernel {
  /// Whether flooding from a bridge would feed a storm: notes the first, and stops the others.
  ///
  /// A frame that has passed a bridge or two may be going round: whether there is a ring is looked for then, before it
  /// has multiplied.
  mutating func isStorm(_ index: Int, _ passed: UInt8) -> Bool {
    if let storm { return storm.ports.contains { self[$0].master == bridges[index].device } }
    guard passed >= 2, let ring = ring(through: index) else { return false }
    storm = Storm(ports: ring)
    return true
  }

  /// Whether a frame has passed more bridges than there are: it goes round, in VLANs perhaps or through tunnels.
  mutating func hasGoneRound(_ passed: UInt8, at device: DeviceID) -> Bool {
    guard Int(passed) > min(bridges.count, 64) else { return false }
    if storm == nil { storm = Storm(ports: [device]) }
    return true
  }

  /// The ports that a frame flooded by a bridge leaves by on its way back to it; nil where it doesn't come back.
  private func ring(through start: Int) -> [DeviceID]? {
    var paths: [(bridge: Int, ports: [DeviceID])] = [(start, [])]
    var seen: Set<DeviceID> = []
    while let (bridge, ports) = paths.popLast() {
      for port in bridges[bridge].ports where isForwarding(port) && !seen.contains(port) {
        guard case .veth(let peer) = self[port].kind, isForwarding(peer),
          ports.last.map({ !isEnd(of: $0, port) }) ?? true,
          let next = plainBridge(of: peer)
        else { continue }
        seen.insert(port)
        let way = ports + [port]
        if next == start, way.count > 1 || peer != port { return way }
        paths.append((next, way))
      }
    }
    return nil
  }

  private func isForwarding(_ port: DeviceID) -> Bool { self[port].port?.state == .forwarding }

  /// Whether two ports are the ends of one cable: a frame doesn't go back by the one that it came by.
  private func isEnd(of one: DeviceID, _ other: DeviceID) -> Bool {
    if case .veth(let peer) = self[one].kind { peer == other } else { false }
  }

  private func plainBridge(of port: DeviceID) -> Int? {
    guard let master = self[port].master, case .bridge(let index) = self[master].kind,
      !bridges[index].options.vlanFiltering
    else { return nil }
    return index
  }
}
