import DequeModule
import HeapModule
package import NetworkTypes
import Packets
package import Plan

/// A simulated machine: namespaces with their devices, routes and neighbors, and frames on their way between them.
///
/// It changes by operations (`perform`) and by packets, in virtual time: nothing happens but in `run`, and the same
/// calls give the same result. It is a value; a copy is another machine in the same state.
package struct Kernel: Sendable {
  /// The namespaces, the host's first; removed ones stay in their place.
  package internal(set) var namespaces = Slots<Namespace>()
  /// The devices of all namespaces; removed ones stay in their place.
  package internal(set) var devices = Slots<Device>()
  /// The bridges.
  package internal(set) var bridges = Slots<Bridge>()
  /// The VXLAN devices.
  package internal(set) var vxlans = Slots<VXLAN>()
  /// The present moment.
  package internal(set) var now = Instant.start
  /// Frames that have been sent and not yet received, in the order of their arrival.
  var arrivals: Deque<Arrival> = []
  /// What happens later.
  var timers: Heap<Timer> = []
  var lastTimer: UInt64 = 0
  /// Whether something is happening just now: what is sent then is sent by the kernel, and not by a program.
  var isBusy = false
  /// Chance, for impairments and the like.
  var random: RandomNumbers
  /// How often a socket was told something.
  var notices = 0
  /// The ring of bridges that a frame has begun to go round in, if one has.
  package internal(set) var storm: Storm?
  /// How many bridges the frames have passed that are on their way in tunnels, to tell a storm.
  var tunnelled: [TunnelledFrame: UInt8] = [:]
  /// What is written down while packets move.
  package var recorder = Recorder()
  /// The name that the tables of rules have in every namespace.
  package var rulesetName = "netwright"
  /// How rules are loaded as those of iptables and ip6tables; nil where nft loads them.
  package var iptables: IptablesForm?
  /// What rules had written to the kernel's log, oldest first.
  package internal(set) var loggedPackets: [LoggedPacket] = []
  /// What is kept beside the packet that is just being received, where it was on the machine before: one thing or none.
  ///
  /// Most packets have none. An array tells that by a word, where an optional of such a size is written whole each
  /// time.
  var carried: [PacketContext] = []
  /// What is kept beside the packet that is just being sent by a VRF's device: one thing or none.
  var vrfPassage: [VRFPassage] = []
  /// What the sender hears of a packet that a VRF's device didn't send.
  var vrfRefusal: Errno?
  /// Whether a control message of the kernel's own is just being sent, about which it sends no other (icmp_xmit_lock).
  var isSendingControl = false
  /// The namespaces by name.
  var namespaceNumbers: [NamespaceName: NamespaceID] = [:]
  /// The group that devices are put into that are added to the host's namespace: the mark of the plan's network.
  package var hostGroup: UInt32 = 0
  /// The nonce of the last probe for duplicates: they count up, where Linux has them by chance.
  var lastProbeNonce: UInt64 = 0
  /// The next automatic hardware address.
  var nextHardwareAddress: UInt64 = 0

  /// Starts a machine with nothing but the host's namespace and its loopback device.
  ///
  /// - Parameter seed: what chance goes by.
  package init(seed: UInt64 = 1) {
    random = RandomNumbers(seed: seed)
    addNamespace(named: nil)
  }

  /// A namespace by its identifier.
  package subscript(id: NamespaceID) -> Namespace {
    @inline(__always) _read { yield namespaces[id.index] }
    _modify { yield &namespaces[id.index] }
  }

  /// A device by its identifier.
  package subscript(id: DeviceID) -> Device {
    @inline(__always) _read { yield devices[id.index] }
    _modify { yield &devices[id.index] }
  }

  /// The namespace of a name; nil if there is none.
  package func namespace(named name: NamespaceName) -> NamespaceID? { namespaceNumbers[name] }

  /// A namespace's device of a name; nil if there is none.
  package func device(_ name: InterfaceName, in namespace: NamespaceID) -> DeviceID? { self[namespace].devices[name] }

  /// A namespace's devices by number.
  package func devices(of namespace: NamespaceID) -> [DeviceID] {
    self[namespace].devices.values.sorted { self[$0].number < self[$1].number }
  }

  @discardableResult
  mutating func addNamespace(named name: NamespaceName?) -> NamespaceID {
    let id = NamespaceID(namespaces.count)
    var namespace = Namespace(id: id, name: name)
    // The kernel gives new namespaces the host's IPv4 parameters (net.core.devconf_inherit_init_net 0).
    if let host = namespaces.first { (namespace.ipv4All, namespace.ipv4Default) = (host.ipv4All, host.ipv4Default) }
    namespaces.append(namespace)
    if let name { namespaceNumbers[name] = id }
    addDevice(.loopback, named: .loopback, in: id, mtu: 65536, address: .zero)
    return id
  }

  @discardableResult
  mutating func addDevice(
    _ kind: DeviceKind, named name: InterfaceName, in namespace: NamespaceID, mtu: Int, address: MACAddress
  ) -> DeviceID {
    let id = DeviceID(devices.count)
    devices.append(
      Device(
        id: id, namespace: namespace, name: name, number: namespaces[namespace.index].nextNumber, kind: kind, mtu: mtu,
        address: address, ipv4: self[namespace].ipv4Default, ipv6: self[namespace].ipv6Default))
    namespaces[namespace.index].nextNumber += 1
    namespaces[namespace.index].devices[name] = id
    if namespace == .host { devices[id.index].group = hostGroup }
    if let parent = kind.parent { devices[parent.index].uppers.append(id) }
    listenFromTheStart(id)
    return id
  }

  /// A hardware address that nobody was given: locally administered, counted up.
  mutating func makeHardwareAddress() -> MACAddress {
    nextHardwareAddress += 1
    return MACAddress(bits: 0x0a00_0000_0000 | nextHardwareAddress)
  }
}

/// A packet with a frame in it, by what tells it from others: its source and its identification (RFC 791 §3.1).
struct TunnelledFrame: Hashable, Sendable {
  let source: IPAddress
  let identification: UInt32

  init(_ packet: IPPacket) {
    source = packet.source
    identification = packet.identification
  }
}

/// A frame that a device is about to receive, or several devices one after the other.
struct Arrival: Sendable {
  let due: Instant
  let device: DeviceID
  /// Those that receive it after that one.
  var others: [DeviceID] = []
  let frame: Frame
  /// How many bridges it has passed since it was sent, to tell a storm.
  let bridges: UInt8
  /// What is known of the connection of a packet that comes back to its own machine.
  var tracking = Tracking.none
}

/// Something that happens later.
struct Timer: Comparable, Sendable {
  let due: Instant
  let number: UInt64
  let action: Action

  enum Action: Sendable {
    /// A frame leaves a queueing discipline.
    case send(Frame, DeviceID, bridges: UInt8)
    /// A frame leaves a token bucket.
    case dequeue(Frame, DeviceID, bridges: UInt8)
    /// A neighbor's timer runs out; it counts only if the neighbor still has that number.
    case neighbor(NamespaceID, NeighborKey, number: UInt64)
    /// An answer to a request for somebody else's address is due (proxy_arp).
    case proxyReply(ARPPacket, DeviceID)
    /// An answer to a solicitation for the address of a network's routers is due.
    case routersAnswer(IPv6Address, MACAddress, IPAddress, DeviceID)
    /// An IPv6 address is known to be the only one.
    case addressIsUnique(DeviceID, IPAddress)
    /// A device that went up tells its groups, or asks for routers.
    case announceGroups(DeviceID)
    case solicitRouters(DeviceID, asked: Int)
    /// The parts of a packet have not all come.
    case reassemblyTimeout(NamespaceID, ReassemblyKey)
    /// A bridge sends its protocol's messages, and moves its ports on.
    case spanningTree(Int)
    case portState(DeviceID, BridgePort.State)
    /// The macvlan devices on a device get what is for many.
    case macvlanBroadcast(Frame, DeviceID, bridges: UInt8)
    /// A bridge sweeps its forwarding table; it counts only if it is the last that was asked for.
    case sweepBridge(Int, number: UInt64)
    /// A bridge tells the root again that the tree has changed, or forgets that it did.
    case topologyNotice(Int)
    case topologyIsOld(Int, number: UInt64)
    /// A connection attempt is repeated.
    case retransmit(NamespaceID, SocketID)
  }

  static func < (left: Self, right: Self) -> Bool {
    left.due == right.due ? left.number < right.number : left.due < right.due
  }

  static func == (left: Self, right: Self) -> Bool { left.number == right.number }
}

/// Numbers by chance from a seed: SplitMix64 (Steele, Lea, Flood 2014).
struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
