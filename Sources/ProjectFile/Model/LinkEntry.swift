package import Diagnostics
package import NetworkTypes

/// A point-to-point link, an entry of `links`.
package struct LinkEntry: Sendable {
  /// One end of a link: a device of a node, or a port of a network's bridge.
  package struct Endpoint: Sendable {
    /// The whole entry.
    package var range: SourceRange
    /// A service, a router or a network.
    package var target: Located<String>
    /// The device's name in the node; nil to have one made, and at a bridge.
    package var interface: Located<InterfaceName>?
    /// The end's addresses beside those of the link's subnets.
    package var addresses: [Located<InterfaceAddress>] = []
    /// The end's hardware address.
    package var macAddress: Located<MACAddress>?
    /// The VLANs of the bridge port, at a bridge that knows VLANs; else those of the link.
    package var vlans = PortVLANEntry()

    /// Creates an endpoint.
    package init(range: SourceRange, target: Located<String>, interface: Located<InterfaceName>?) {
      self.range = range
      self.target = target
      self.interface = interface
    }
  }

  /// The whole entry.
  package var range: SourceRange
  /// The ends; two, where the file is right.
  package var endpoints: [Endpoint] = []
  /// Whether these are all that are written; what is missing or couldn't be read has been reported.
  package var hasAllEndpoints = false
  /// `subnet`: one or several blocks; the first end at a node gets the first host address, the other the next.
  package var subnets: [Located<IPPrefix>] = []
  /// `mtu`, of both ends.
  package var mtu: Located<Int>?
  /// The VLANs of both ends that are bridge ports.
  package var vlans = PortVLANEntry()
  /// What each end does to the packets it sends.
  package var impairment: ImpairmentEntry?

  /// Creates an entry.
  package init(range: SourceRange) { self.range = range }
}

/// Delay and damage on the packets that an interface sends, `impairment`.
package struct ImpairmentEntry: Sendable {
  /// The whole entry.
  package var range: SourceRange
  /// `delay`.
  package var delay: Located<TimeSpan>?
  /// `jitter`.
  package var jitter: Located<TimeSpan>?
  /// `loss`.
  package var loss: Located<Percentage>?
  /// `duplicate`.
  package var duplicate: Located<Percentage>?
  /// `corrupt`.
  package var corrupt: Located<Percentage>?
  /// `reorder`.
  package var reorder: Located<Percentage>?
  /// `rate`.
  package var rate: Located<BitRate>?

  /// Creates an entry that says nothing.
  package init(range: SourceRange) { self.range = range }
}
