package import NetworkTypes
import Packets
import Plan

/// A bridge: a switch with a forwarding table that learns (net/bridge).
package struct Bridge: Sendable {
  /// The bridge's own device.
  package let device: DeviceID
  /// What it was created with.
  package let options: BridgeOptions
  /// Its ports, in the order in which they were joined.
  package internal(set) var ports: [DeviceID] = []
  /// The forwarding table.
  package internal(set) var table: [ForwardingKey: ForwardingEntry] = [:]
  /// How many entries the forwarding table has had.
  var lastEntry = 0
  /// The VLANs of the bridge's own device, where it is VLAN-aware.
  package internal(set) var vlans = PortVLANSet.initial
  /// What the spanning tree protocol has found out, where it runs.
  var tree: SpanningTree?
  /// The MTU that br_netfilter fragments IPv4 packets to: the last that was set after the bridge was created, or 1500
  /// (br_netfilter_rtable_init, br_change_mtu).
  var fragmentMTU = 1500
  /// Whether it was given an address, or a port has begun or ended to take part while it was up: only then does it say
  /// whether it has a carrier (br_port_state_selection).
  var knowsItsCarrier = false
  /// The timer that sweeps out what is too old; 0 for none.
  var sweeper: UInt64 = 0

  /// How long a learned address counts without traffic (hold_time): less while the tree has changed lately.
  package var holdTime: TimeSpan {
    tree?.hasChanged == true ? SpanningTree.forwardDelay : .seconds(UInt64(options.ageingTime ?? 300))
  }

  /// Puts a new entry into the forwarding table.
  mutating func add(_ entry: ForwardingEntry, for key: ForwardingKey) {
    lastEntry += 1
    table[key] = entry
    table[key]?.number = lastEntry
  }
}

/// What the forwarding table is looked up by.
package struct ForwardingKey: Hashable, Sendable {
  /// The hardware address.
  package let address: MACAddress
  /// The VLAN; 0 for a bridge that isn't VLAN-aware.
  package let vlan: UInt16

  /// Creates a key.
  package init(_ address: MACAddress, vlan: UInt16 = 0) {
    self.address = address
    self.vlan = vlan
  }

  /// Hashes both as the one number that they fit in.
  package func hash(into hasher: inout Hasher) { hasher.combine(address.bits << 12 | UInt64(vlan)) }
}

/// Where the forwarding table sends frames for an address (struct net_bridge_fdb_entry).
package struct ForwardingEntry: Hashable, Sendable {
  /// The port; the bridge's own device for its address.
  package var port: DeviceID
  /// Whether the address is the bridge's or a port's own: never learned anew, never aged.
  package var isLocal: Bool
  /// When a frame from the address was last seen.
  package var updated: Instant
  /// The how-manieth entry of its bridge it is: the kernel lists the newest first.
  var number = 0
}

/// What a device is as a port of a bridge (struct net_bridge_port).
package struct BridgePort: Hashable, Sendable {
  /// What the port does with frames (BR_STATE_*).
  package enum State: UInt8, Hashable, Sendable {
    /// Nothing; also that of a port that is down.
    case disabled = 0
    /// Takes part in the spanning tree protocol and drops frames.
    case listening = 1
    /// Learns addresses and drops frames.
    case learning = 2
    /// Forwards.
    case forwarding = 3
    /// Drops frames to keep a loop open.
    case blocking = 4

    /// The word that bridge(8) prints.
    package var name: String {
      switch self {
      case .disabled: "disabled"
      case .listening: "listening"
      case .learning: "learning"
      case .forwarding: "forwarding"
      case .blocking: "blocking"
      }
    }
  }

  /// The port's number in its bridge, from 1.
  package internal(set) var number: UInt16
  /// What it does with frames.
  package internal(set) var state = State.disabled
  /// Since when.
  var stateSince = Instant.start
  /// Whether frames may leave by it that came in by it (BR_HAIRPIN_MODE).
  package internal(set) var isHairpin = false
  /// Its VLANs, where the bridge is VLAN-aware.
  package internal(set) var vlans = PortVLANSet.initial
}

/// The VLANs that a port of a VLAN-aware bridge has.
package struct PortVLANSet: Hashable, Sendable {
  /// The VLANs.
  package internal(set) var members: Set<UInt16>
  /// Those whose frames leave without a tag.
  package internal(set) var untagged: Set<UInt16>
  /// The VLAN of frames that come without a tag.
  package internal(set) var pvid: UInt16?

  /// What a port is born with: VLAN 1, untagged.
  package static let initial = PortVLANSet(members: [1], untagged: [1], pvid: 1)
}
