import NetworkTypes
import Packets

/// What bridges do where the spanning tree has changed (IEEE 802.1D-1998 §8.6.14, net/bridge/br_stp.c): addresses
/// learned before it age fast for a while.
extension Kernel {
  /// How long the root remembers a change: the forward delay and the longest age of a message.
  private static let memory = TimeSpan.seconds(22)

  /// Takes note of a change (br_topology_change_detection): the root tells all, others tell the root.
  mutating func topologyChanged(_ index: Int) {
    guard let tree = bridges[index].tree else { return }
    if tree.rootPort == nil {
      bridges[index].tree?.hasChanged = true
      let timer = schedule(.topologyIsOld(index, number: lastTimer + 1), after: Self.memory)
      bridges[index].tree?.forgetting = timer
    } else if !tree.hasNoticed {
      sendTopologyNotice(index)
    }
    bridges[index].tree?.hasNoticed = true
  }

  /// Whether a bridge speaks for the link of a port: nobody said better there.
  func isDesignated(_ port: DeviceID, _ index: Int) -> Bool {
    guard let tree = bridges[index].tree, tree.rootPort != port else { return false }
    return self[port].port.map { $0.state != .disabled && $0.state != .blocking } ?? false
  }

  /// Tells the root, by way of the next bridge, until that has heard it (br_transmit_tcn).
  mutating func sendTopologyNotice(_ index: Int) {
    guard let port = bridges[index].tree?.rootPort else { return }
    let own = BridgeProtocolDataUnit.BridgeID(address: self[bridges[index].device].address)
    var unit = BridgeProtocolDataUnit(root: own, rootPathCost: 0, bridge: own, port: 0)
    unit.kind = .topologyChange
    transmit(
      Frame(destination: .bridgeGroup, source: self[port].address, payload: .spanningTree(unit)), from: port)
    schedule(.topologyNotice(index), after: SpanningTree.hello)
  }

  /// Repeats a notice that nobody has acknowledged (br_tcn_timer_expired).
  mutating func repeatTopologyNotice(_ index: Int) {
    guard bridges[index].tree?.hasNoticed == true, bridges[index].tree?.rootPort != nil else { return }
    sendTopologyNotice(index)
  }

  /// Takes in a notice (br_received_tcn_bpdu).
  mutating func receiveTopologyNotice(onPort device: DeviceID, of index: Int) {
    guard isDesignated(device, index) else { return }
    topologyChanged(index)
    bridges[index].tree?.owed.insert(device)
    sendConfiguration(on: device, index)
  }

  /// Forgets a change (br_topology_change_timer_expired).
  mutating func topologyIsOld(_ index: Int, _ number: UInt64) {
    guard bridges[index].tree?.forgetting == number else { return }
    bridges[index].tree?.hasNoticed = false
    bridges[index].tree?.hasChanged = false
  }
}
