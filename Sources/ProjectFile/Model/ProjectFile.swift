package import Diagnostics
package import NetworkTypes

/// A project's file as it was written: typed, every value with its place, nothing resolved.
///
/// What could not be read is missing here and has been reported.
package struct ProjectFile: Sendable {
  /// The project's name, `name:`.
  package var name: Located<String>?
  /// The word put before every namespace and device name, `prefix:`.
  package var prefix: Located<String>?
  /// Blocks that automatic subnets keep away from, `reserved:`.
  package var reserved: [Located<IPPrefix>] = []
  /// The services and the routers, in the order written.
  package var nodes: [NodeEntry] = []
  /// The networks, in the order written.
  package var networks: [NetworkEntry] = []
  /// The links, in the order written.
  package var links: [LinkEntry] = []
  /// What is said of the host.
  package var host: HostEntry?
  /// The expectations to test.
  package var checks: [CheckEntry] = []
  /// Whether something of its services, routers and links couldn't be read: what seems unused may be used there.
  package var isPartial = false
  /// Whether a file that it includes couldn't be had, so that what nothing here defines may be defined there.
  package var lacksIncludes = false

  /// Creates an empty project.
  package init() {}
}

/// An expectation about who reaches whom, `checks:`.
package struct CheckEntry: Sendable {
  /// What a check can expect.
  package enum Expectation: String, CaseIterable, Sendable {
    /// The target answers.
    case reachable
    /// The target's host answers that nothing listens.
    case refused
    /// Nothing answers: something drops the packets.
    case filtered
    /// No way leads there.
    case unreachable
  }

  /// The whole entry.
  package var range: SourceRange
  /// A service, a router, `host` or `outside`.
  package var from: Located<String>
  /// A node or an address, with `:port` and `/proto` where a port is meant.
  package var to: Located<CheckTarget>
  /// What is expected.
  package var expectation: Located<Expectation>
  /// Whom the target is expected to see it come from: an address, or the name of a node that has it.
  package var seenAs: Located<String>?

  /// Creates an entry.
  package init(
    range: SourceRange, from: Located<String>, to: Located<CheckTarget>, expectation: Located<Expectation>,
    seenAs: Located<String>?
  ) {
    self.range = range
    self.from = from
    self.to = to
    self.expectation = expectation
    self.seenAs = seenAs
  }
}

/// Whom a check tries to reach.
package struct CheckTarget: Hashable, Sendable {
  /// A node's name, `host`, `outside` or an address.
  package var name: String
  /// The port to connect to; nil for a ping.
  package var port: UInt16?
  /// The protocol of the port.
  package var transport: TransportProtocol

  /// Creates a target.
  package init(name: String, port: UInt16?, transport: TransportProtocol) {
    self.name = name
    self.port = port
    self.transport = transport
  }
}

/// The namespace that the plan is run in, `host:`.
package struct HostEntry: Sendable {
  /// A device that the host has already; nothing creates it.
  package struct Interface: Sendable {
    /// Its name.
    package var name: Located<InterfaceName>
    /// Its addresses: the blocks that automatic subnets keep away from.
    package var addresses: [Located<InterfaceAddress>] = []
    /// The default gateways behind it.
    package var gateways: [Located<IPAddress>] = []

    /// Creates an entry.
    package init(name: Located<InterfaceName>) { self.name = name }
  }

  /// The whole mapping.
  package var range: SourceRange
  /// The devices that it has.
  package var interfaces: [Interface] = []
  /// Routes to add.
  package var routes: [RouteEntry] = []
  /// Policy rules to add.
  package var rules: [RuleEntry] = []
  /// `firewall`.
  package var firewall: FirewallEntry?
  /// `nat`.
  package var translations: [TranslationEntry] = []
  /// Kernel parameters to set while the network is up.
  package var sysctls: [SysctlEntry] = []

  /// Creates an entry.
  package init(range: SourceRange) { self.range = range }
}
