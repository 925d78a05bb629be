package import NetworkTypes
package import Packets

/// A socket of a namespace: a number that is never used for another.
package struct SocketID: Hashable, Sendable {
  let index: Int
}

/// What a socket is told.
package enum SocketEvent: Sendable {
  /// An answer to an echo request; the length is that of the ICMP message in bytes.
  case echoReply(ICMPMessage.Echo, from: IPAddress, hopLimit: UInt8, length: Int)
  /// A machine on the way has an objection to a packet of the socket's.
  case error(ICMPMessage, from: IPAddress, about: IPPacket)
  /// A datagram came.
  case datagram(from: IPAddress, port: UInt16, length: Int)
  /// The other side took the connection.
  case connected
  /// The other side refused it, or the attempt failed.
  case failed(Errno)
}

/// A socket: the end of a conversation, as a program on the machine holds it.
struct Socket: Sendable {
  enum Kind: Hashable, Sendable {
    /// Sends echo requests with an identifier of its own (ping).
    case echo(identifier: UInt16)
    /// Sends and receives datagrams from a port.
    case udp(port: UInt16)
    /// Opens a connection from a port.
    case tcp(port: UInt16)
  }

  /// How far a connection is.
  enum Connection: Hashable, Sendable {
    case closed
    case synSent
    case established
  }

  let kind: Kind
  /// Whom it is connected with.
  var peer: IPAddress?
  var peerPort: UInt16 = 0
  var source: IPAddress?
  /// When its connection was first asked for.
  var attempted = Instant.start
  /// When it was last asked for.
  var repeated = Instant.start
  /// How often it was asked for after the first time.
  var repetitions = 0
  var connection = Connection.closed
  /// The number of the first byte of its own that wasn't sent yet.
  var sequence: UInt32 = 0
  /// What it lets its peer send.
  var window = TCPWindow(maximumSegment: 1460)
  /// What it was told and its program hasn't yet fetched.
  var inbox: [(time: Instant, event: SocketEvent)] = []

  /// Whether it hears a sender: any, unless it is connected.
  func isOpen(to address: IPAddress, port: UInt16) -> Bool {
    guard let peer else { return true }
    return peer == address && peerPort == port
  }
}

/// The sockets of a namespace.
struct Sockets: Sendable {
  private var all: [SocketID: Socket] = [:]
  private var byKind: [Socket.Kind: SocketID] = [:]
  private var next = 1
  /// The ports that something listens on.
  var listening: Set<ListeningPort> = []
  /// Who came last, by port; by no port for echo requests.
  var visits: [ListeningPort?: Visit] = [:]
  /// The next port of those that nobody asks for by number (net.ipv4.ip_local_port_range).
  private var nextPort: UInt16
  private var nextIdentifier: UInt16

  /// No sockets yet.
  ///
  /// Linux draws ports, and programs their identifiers (ping(8): the process's number), so that what is for one machine
  /// is next to never taken for another's of the same address: each namespace begins elsewhere.
  init(in namespace: NamespaceID) {
    nextPort = 32768 + UInt16(namespace.index % 277 * 101)
    nextIdentifier = UInt16(truncatingIfNeeded: namespace.index &* 257)
  }

  /// A port that something listens on.
  struct ListeningPort: Hashable, Sendable {
    let transport: TransportProtocol
    let port: UInt16
  }

  subscript(id: SocketID) -> Socket? {
    get { all[id] }
    set { all[id] = newValue }
  }

  subscript(echo identifier: UInt16) -> SocketID? { byKind[.echo(identifier: identifier)] }

  subscript(kind: Socket.Kind) -> SocketID? { byKind[kind] }

  mutating func open(_ kind: Socket.Kind) -> SocketID {
    let id = SocketID(index: next)
    next += 1
    all[id] = Socket(kind: kind)
    byKind[kind] = id
    return id
  }

  mutating func close(_ id: SocketID) {
    guard let socket = all.removeValue(forKey: id) else { return }
    byKind[socket.kind] = nil
  }

  mutating func makeIdentifier() -> UInt16 {
    nextIdentifier &+= 1
    return nextIdentifier
  }

  mutating func makePort() -> UInt16 {
    nextPort = nextPort >= 60998 ? 32768 : nextPort + 1
    return nextPort
  }

  /// The socket that a packet was sent by.
  func socket(thatSent packet: IPPacket) -> SocketID? {
    switch packet.payload {
    case .icmp(.echoRequest(let echo)): byKind[.echo(identifier: echo.identifier)]
    case .udp(let datagram): byKind[.udp(port: datagram.sourcePort)]
    case .tcp(let segment): byKind[.tcp(port: segment.sourcePort)]
    case .icmp, .neighborDiscovery, .listenerReport, .fragment: nil
    }
  }
}

/// Who came to something that listens, as that sees it.
package struct Visit: Hashable, Sendable {
  /// The address that it came from.
  package let source: IPAddress
  /// The port; nil for an echo request.
  package let port: UInt16?
}

extension Kernel {
  /// Who last sent an echo request that was answered; nil for nobody yet.
  package func lastEcho(in namespace: NamespaceID) -> Visit? { self[namespace].sockets.visits[nil] }

  /// Who has come since that was last forgotten, by what listens, in the order of ports.
  package func visits(in namespace: NamespaceID) -> [(transport: TransportProtocol, port: UInt16, visit: Visit)] {
    self[namespace].sockets.visits.compactMap { place, visit in
      place.map { (transport: $0.transport, port: $0.port, visit: visit) }
    }.sorted { ($0.port, $0.transport) < ($1.port, $1.transport) }
  }

  /// Forgets who came.
  package mutating func forgetVisits() {
    for index in namespaces.indices where !namespaces[index].sockets.visits.isEmpty {
      namespaces[index].sockets.visits.removeAll()
    }
  }

  mutating func noteVisit(
    _ transport: TransportProtocol, port: UInt16, from source: IPAddress, _ sourcePort: UInt16,
    in namespace: NamespaceID
  ) {
    namespaces[namespace.index].sockets.visits[.init(transport: transport, port: port)] = Visit(
      source: source, port: sourcePort)
  }

  /// Puts an event into a socket's inbox.
  mutating func notify(_ socket: SocketID, _ event: SocketEvent, in namespace: NamespaceID) {
    if case .tcp? = self[namespace].sockets[socket]?.kind, case .error(let message, _, _) = event {
      return connectionFailed(socket, message, in: namespace)
    }
    notices += 1
    namespaces[namespace.index].sockets[socket]?.inbox.append((now, event))
  }

  /// Takes the events out of a socket's inbox.
  mutating func fetch(_ socket: SocketID, in namespace: NamespaceID) -> [(time: Instant, event: SocketEvent)] {
    guard let inbox = self[namespace].sockets[socket]?.inbox, !inbox.isEmpty else { return [] }
    namespaces[namespace.index].sockets[socket]?.inbox.removeAll(keepingCapacity: true)
    return inbox
  }

  /// Has something on a machine listen on a port: it takes connections, and sends datagrams back.
  ///
  /// - Returns: nil, or why it can't: something listens there already, or it is SCTP, which isn't modelled.
  @discardableResult
  package mutating func listen(
    _ transport: TransportProtocol, port: UInt16, in namespace: NamespaceID
  ) -> Errno? {
    guard transport != .sctp else { return .protocolNotSupported }
    let place = Sockets.ListeningPort(transport: transport, port: port)
    return namespaces[namespace.index].sockets.listening.insert(place).inserted ? nil : .addressInUse
  }
}
