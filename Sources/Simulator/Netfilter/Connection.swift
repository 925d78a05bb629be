package import NetworkTypes
import Packets

/// A connection of a namespace: a number that is never used for another.
package struct ConnectionID: Hashable, Comparable, Sendable {
  let number: Int

  /// Orders by when they began.
  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// What packets of one direction of a connection have in common (struct nf_conntrack_tuple).
package struct ConnectionTuple: Hashable, Sendable {
  /// What tells one of a pair of hosts' connections from another.
  package enum Transport: Hashable, Sendable {
    /// Ports of TCP.
    case tcp(source: UInt16, destination: UInt16)
    /// Ports of UDP.
    case udp(source: UInt16, destination: UInt16)
    /// An echo's identifier, and the message's type and code.
    case icmp(identifier: UInt16, type: UInt8, code: UInt8)
  }

  /// The sender.
  package var source: IPAddress
  /// The receiver.
  package var destination: IPAddress
  /// The rest.
  package var transport: Transport

  /// The tuple of a packet (nf_ct_get_tuple); nil where it has no transport header, or none that is tracked.
  init?(_ packet: IPPacket) {
    switch packet.visiblePayload {
    case .tcp(let segment)?: transport = .tcp(source: segment.sourcePort, destination: segment.destinationPort)
    case .udp(let datagram)?: transport = .udp(source: datagram.sourcePort, destination: datagram.destinationPort)
    case .icmp(let message)?:
      let (type, code) = message.typeAndCode(packet.family)
      switch message {
      case .echoRequest(let echo), .echoReply(let echo):
        transport = .icmp(identifier: echo.identifier, type: type, code: code)
      case .unreachable, .tooBig, .timeExceeded, .reassemblyTimeExceeded, .redirect: return nil
      }
    case .neighborDiscovery?, .listenerReport?, .fragment?, nil: return nil
    }
    source = packet.source
    destination = packet.destination
  }

  /// The tuple of answers (nf_ct_invert_tuple).
  var inverted: ConnectionTuple {
    var result = self
    (result.source, result.destination) = (destination, source)
    result.transport =
      switch transport {
      case .tcp(let source, let destination): .tcp(source: destination, destination: source)
      case .udp(let source, let destination): .udp(source: destination, destination: source)
      case .icmp(let identifier, let type, let code):
        .icmp(identifier: identifier, type: Self.answer(to: type, source.family), code: code)
      }
    return result
  }

  private static func answer(to type: UInt8, _ family: AddressFamily) -> UInt8 {
    switch (family, type) {
    case (.ipv4, 8): 0
    case (.ipv4, 0): 8
    case (.ipv6, 128): 129
    case (.ipv6, 129): 128
    default: type
    }
  }

  /// The address of an end.
  subscript(side: TranslatedSide) -> IPAddress {
    get { side == .source ? source : destination }
    set { if side == .source { source = newValue } else { destination = newValue } }
  }

  /// The port of an end, or the identifier.
  subscript(portOf side: TranslatedSide) -> UInt16 {
    get {
      switch transport {
      case .tcp(let source, let destination), .udp(let source, let destination):
        side == .source ? source : destination
      case .icmp(let identifier, _, _): identifier
      }
    }
    set {
      switch transport {
      case .tcp(let source, let destination):
        transport =
          side == .source
          ? .tcp(source: newValue, destination: destination) : .tcp(source: source, destination: newValue)
      case .udp(let source, let destination):
        transport =
          side == .source
          ? .udp(source: newValue, destination: destination) : .udp(source: source, destination: newValue)
      case .icmp(_, let type, let code): transport = .icmp(identifier: newValue, type: type, code: code)
      }
    }
  }
}

/// A connection as the kernel keeps it (struct nf_conn).
package struct Connection: Sendable {
  /// What packets of the first one's direction have in common, as they come in.
  package internal(set) var original: ConnectionTuple
  /// What answers have in common, as they come in.
  package internal(set) var reply: ConnectionTuple
  /// How far a TCP connection is.
  package internal(set) var tcpState = TCPState.none
  /// Whether there was an answer (IPS_SEEN_REPLY).
  package internal(set) var isAnswered = false
  /// Whether it stays when the table is full (IPS_ASSURED).
  package internal(set) var isAssured = false
  /// When it is forgotten, unless a packet comes.
  package internal(set) var expires: Instant
  /// How long it is kept from when it becomes known on.
  var timeout = TimeSpan.seconds(30)
  /// Since when more than a question and its answer are a stream (UDP).
  var streamSince: Instant
  /// Whether its source, its destination was decided on (IPS_SRC_NAT_DONE, IPS_DST_NAT_DONE), and is another
  /// (IPS_SRC_NAT, IPS_DST_NAT).
  var isSourceDecided = false
  var isDestinationDecided = false
  package internal(set) var isSourceTranslated = false
  package internal(set) var isDestinationTranslated = false

  /// A connection that begins with a packet.
  init(_ tuple: ConnectionTuple, at now: Instant) {
    original = tuple
    reply = tuple.inverted
    expires = now
    streamSince = now + .seconds(2)
  }

  /// The tuple of a direction.
  func tuple(isReply: Bool) -> ConnectionTuple { isReply ? reply : original }

  /// Whether an end was decided on.
  func isDecided(_ side: TranslatedSide) -> Bool { side == .source ? isSourceDecided : isDestinationDecided }

  /// Whether packets of a direction have that end translated (nf_nat_packet).
  func translates(_ side: TranslatedSide, isReply: Bool) -> Bool {
    (side == .source) != isReply ? isSourceTranslated : isDestinationTranslated
  }
}

/// The connections that a namespace knows.
package struct ConnectionTable: Sendable {
  private struct Place: Sendable {
    let id: ConnectionID
    let isReply: Bool
  }

  private var all: [ConnectionID: Connection] = [:]
  private var places: [ConnectionTuple: Place] = [:]
  /// Those with a decided source, by it, for connections of one source to get one translation (nf_nat_bysource).
  private var bySource: [ConnectionTuple: [ConnectionID]] = [:]
  private var next = 1

  subscript(id: ConnectionID) -> Connection? {
    get { all[id] }
    set { all[id] = newValue }
  }

  /// The connection of a tuple at a moment, and whether the tuple is that of its answers.
  mutating func find(_ tuple: ConnectionTuple, at now: Instant) -> (id: ConnectionID, isReply: Bool)? {
    guard let place = places[tuple], let connection = all[place.id] else { return nil }
    guard now < connection.expires else {
      remove(place.id)
      return nil
    }
    return (place.id, place.isReply)
  }

  /// Whether another connection than one has a tuple (nf_conntrack_tuple_taken).
  func isTaken(_ tuple: ConnectionTuple, at now: Instant, butBy original: ConnectionTuple) -> Bool {
    guard let place = places[tuple], let connection = all[place.id], now < connection.expires else { return false }
    return connection.original != original
  }

  /// The translated source of a known connection from the same source (find_appropriate_src).
  func translation(ofSourceIn tuple: ConnectionTuple, at now: Instant) -> ConnectionTuple? {
    for id in (bySource[tuple.sourceKey] ?? []).reversed() {
      guard let connection = all[id], now < connection.expires else { continue }
      var result = tuple
      let translated = connection.reply.inverted
      result.source = translated.source
      result[portOf: .source] = translated[portOf: .source]
      return result
    }
    return nil
  }

  /// Adds a connection; nil where one of its tuples is another's (__nf_conntrack_confirm).
  mutating func add(_ connection: Connection, at now: Instant) -> ConnectionID? {
    guard find(connection.original, at: now) == nil, find(connection.reply, at: now) == nil else { return nil }
    let id = ConnectionID(number: next)
    next += 1
    all[id] = connection
    places[connection.original] = Place(id: id, isReply: false)
    places[connection.reply] = Place(id: id, isReply: true)
    if connection.isSourceDecided { bySource[connection.original.sourceKey, default: []].append(id) }
    return id
  }

  /// Forgets a connection.
  mutating func remove(_ id: ConnectionID) {
    guard let connection = all.removeValue(forKey: id) else { return }
    places[connection.original] = nil
    places[connection.reply] = nil
    bySource[connection.original.sourceKey]?.removeAll { $0 == id }
  }

  /// The connections that are known at a moment, in the order in which they began.
  package func known(at now: Instant) -> [Connection] {
    all.filter { now < $0.value.expires }.sorted { $0.key < $1.key }.map(\.value)
  }
}

extension ConnectionTuple {
  /// The source alone: the same for all connections from it.
  fileprivate var sourceKey: ConnectionTuple {
    var key = self
    key.destination = source
    switch transport {
    case .tcp, .udp: key[portOf: .destination] = 0
    case .icmp(let identifier, _, _): key.transport = .icmp(identifier: identifier, type: 0, code: 0)
    }
    return key
  }
}
