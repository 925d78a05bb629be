package import NetworkTypes

/// What becomes of a packet that a rule matches (nft(8), VERDICT STATEMENT, REJECT STATEMENT, NAT STATEMENTS).
package enum NetfilterVerdict: Hashable, Sendable {
  /// It passes this hook's chain; chains of later priorities are still asked.
  case accept
  /// It is dropped in silence.
  case drop
  /// It is dropped, and its sender told.
  case reject(NetfilterRejection)
  /// Another chain of the table is asked, and then the next rule.
  case jump(ChainName)
  /// Goes back to the calling chain; in a base chain, its policy decides.
  case `return`
  /// Its connection goes elsewhere.
  case dnat(NetfilterTranslation)
  /// Its connection comes from elsewhere.
  case snat(NetfilterTranslation)
  /// Its connection comes from the address that the leaving device prefers; from one of the ports, where there are
  /// some.
  case masquerade(ports: PortRange?)
  /// Its connection goes to the machine itself: to one of the ports, where there are some.
  case redirect(ports: PortRange?)
}

/// The address and port that a connection is given.
package struct NetfilterTranslation: Hashable, Sendable {
  /// The address.
  package var address: IPAddress
  /// The ports to take one of; nil to keep the port where that is free.
  package var ports: PortRange?

  /// Creates a translation.
  package init(_ address: IPAddress, ports: PortRange? = nil) {
    self.address = address
    self.ports = ports
  }
}
