package import NetworkTypes

/// The walk of one exchange, as a person would explain it: stages, each at one layer, with what happens in each.
package struct Walk: Codable, Hashable, Sendable {
  /// At which layer a stage is.
  package enum Layer: String, Codable, Hashable, Sendable {
    /// Frames between the devices of a link (Ethernet, bridges, VLANs).
    case link
    /// Hardware addresses of addresses (ARP, neighbor discovery): between the layers.
    case neighbors
    /// Packets between networks (IP, routes).
    case network
    /// Frames within datagrams (VXLAN).
    case tunnel
  }

  /// What happens in a step.
  package enum Kind: String, Codable, Hashable, Sendable {
    /// A machine chooses the way of a packet.
    case route
    /// A machine asks for a hardware address.
    case ask
    /// A machine gives up asking.
    case giveUp = "give-up"
    /// A machine learns a hardware address.
    case learnNeighbor = "learn-neighbor"
    /// A bridge learns behind which port a hardware address is.
    case learnPort = "learn-port"
    /// A device sends a frame.
    case send
    /// A machine hears a question that isn't for it.
    case ignore
    /// A bridge sends a frame out by one port.
    case `switch`
    /// A bridge sends a frame out by every other port.
    case flood
    /// A machine takes a packet in.
    case deliver
    /// A device puts a frame into a datagram.
    case encapsulate
    /// A device takes a frame out of a datagram.
    case decapsulate
    /// A device puts a VLAN's tag on a frame.
    case tag
    /// A packet is cut into parts.
    case fragment
    /// A packet meets a rule of netfilter, or is logged by one.
    case filter
    /// A packet goes no further.
    case drop
  }

  /// A frame on a wire.
  package struct FrameFacts: Codable, Hashable, Sendable {
    /// The hardware address that it comes from.
    package var source: MACAddress
    /// The hardware address that it is for.
    package var destination: MACAddress
    /// Its VLAN tag.
    package var vlan: UInt16?
    /// Its length in bytes, without the check sequence.
    package var length: Int
    /// What it carries, in the words of tcpdump(8).
    package var summary: String
  }

  /// A route that won.
  package struct RouteFacts: Codable, Hashable, Sendable {
    /// The destination that was looked up.
    package var destination: IPAddress
    /// The route as ip(8) prints it.
    package var route: String
    /// The table that it is in.
    package var table: UInt32
    /// The routes of the same table that fit too: less specific, as specific with a higher metric, or passed over.
    package var others: [String]
    /// The time to live when the packet leaves.
    package var hopLimit: UInt8
  }

  /// The ends of a hop of a frame, as parts of a picture.
  package struct Hop: Codable, Hashable, Sendable {
    /// The machine or bridge that it leaves.
    package var from: String
    /// The one that it reaches.
    package var to: String
  }

  /// One thing that happens.
  package struct Step: Codable, Hashable, Sendable {
    /// When, in nanoseconds of virtual time since the start.
    package var time: UInt64
    /// On which machine, or at which bridge.
    package var place: String
    /// By which device.
    package var device: String?
    /// What.
    package var kind: Kind
    /// The same in words.
    package var text: String
    /// The frame that it is about.
    package var frame: FrameFacts?
    /// The route that won.
    package var route: RouteFacts?
    /// Between which parts of a picture a frame goes.
    package var hop: Hop?
    /// Whether it says what another step says already: a frame that a bridge's port sends.
    package var isDetail: Bool
  }

  /// Steps that belong together.
  package struct Stage: Codable, Hashable, Sendable {
    /// What it is about, in one line.
    package var title: String
    /// At which layer it is.
    package var layer: Layer
    /// What happens.
    package var steps: [Step]
  }

  /// The stages in order.
  package var stages: [Stage] = []

  /// Creates a walk without a stage.
  package init() {}
}
