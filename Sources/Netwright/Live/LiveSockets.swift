import CLinux
import Glibc
import NetworkTypes
import Packets
import Simulator
import SystemPackage

/// The error numbers as the simulator has them.
private typealias KernelErrno = Simulator.Errno

/// Real sockets in network namespaces that are up: what probes are made of in the kernel.
///
/// The process has one thread that moves from namespace to namespace; a socket stays in the one that it was made in
/// (setns(2), network_namespaces(7)).
enum LiveSockets {
  /// A socket, closed when nobody has it any more.
  final class Socket {
    let number: Int32

    fileprivate init?(_ family: Int32, _ type: Int32, _ transport: Int32) {
      number = socket(family, type, transport)
      if number < 0 { return nil }
    }

    deinit { close(number) }
  }

  /// Moves to a namespace.
  ///
  /// - Parameter file: the namespace's file: /run/netns/NAME.
  /// - Throws: `Errno`.
  static func enter(_ file: FileDescriptor) throws {
    // CLONE_NEWNET
    guard setns(file.rawValue, 0x4000_0000) == 0 else { throw SystemPackage.Errno(rawValue: errno) }
  }

  // MARK: Listening

  /// Listens on a port of the present namespace, for both families.
  ///
  /// - Returns: the socket; nil if something listens there already, which answers as well.
  static func listen(_ port: UInt16, _ transport: TransportProtocol) -> Socket? {
    let type = Int32((transport == .udp ? SOCK_DGRAM : SOCK_STREAM).rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    // Without IPv6 there is IPv4 alone.
    for (family, any) in [(AF_INET6, IPAddress.v6(IPv6Address(bits: 0))), (AF_INET, .v4(IPv4Address(bits: 0)))] {
      guard let socket = Socket(family, type, 0) else { continue }
      set(socket, SOL_SOCKET, SO_REUSEADDR, 1)
      if family == AF_INET6 { set(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
      let isBound = unsafe withSocketAddress(any, port) { unsafe bind(socket.number, $0, $1) } == 0
      guard isBound else { continue }
      guard transport == .tcp else {
        // Who asked hears from the address that it asked.
        if family == AF_INET6 {
          set(socket, Int32(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1)
        } else {
          set(socket, Int32(IPPROTO_IP), IP_PKTINFO, 1)
        }
        return socket
      }
      return Glibc.listen(socket.number, 16) == 0 ? socket : nil
    }
    return nil
  }

  /// Takes in what waits at a listening socket: accepts a connection, or sends a datagram back.
  ///
  /// - Returns: who it came from; nil where nothing waits.
  static func serve(_ listener: Socket, _ transport: TransportProtocol) -> IPAddress? {
    guard transport == .tcp else { return sendBack(listener) }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let number = unsafe accept(listener.number, address, &length)
        guard number >= 0 else { return nil }
        close(number)
        return unsafe ipAddress(address)
      }
    }
  }

  /// Sends the datagram that waits at a socket back from the address that it was sent to: what the kernel says of that
  /// is handed back, but for the device (IP_PKTINFO, ip(7); IPV6_PKTINFO, ipv6(7)).
  private static func sendBack(_ listener: Socket) -> IPAddress? {
    var sender = sockaddr_storage()
    var content = [UInt8](repeating: 0, count: 2048)
    var control = [UInt64](repeating: 0, count: 8)
    return unsafe withUnsafeMutablePointer(to: &sender) { sender in
      unsafe content.withUnsafeMutableBytes { content in
        unsafe control.withUnsafeMutableBytes { control in
          var part = unsafe iovec(iov_base: content.baseAddress, iov_len: content.count)
          return unsafe withUnsafeMutablePointer(to: &part) { part in
            var message = unsafe msghdr()
            unsafe message.msg_name = UnsafeMutableRawPointer(sender)
            unsafe message.msg_namelen = socklen_t(MemoryLayout<sockaddr_storage>.size)
            unsafe message.msg_iov = part
            unsafe message.msg_iovlen = 1
            unsafe message.msg_control = control.baseAddress
            unsafe message.msg_controllen = control.count
            let count = unsafe recvmsg(listener.number, &message, 0)
            guard count >= 0 else { return nil }
            unsafe part.pointee.iov_len = count
            // After the header of 16 bytes, struct in_pktinfo has the device first, in6_pktinfo after the address.
            let isIPv6 = unsafe control.load(fromByteOffset: 8, as: Int32.self) == Int32(IPPROTO_IPV6)
            unsafe control.storeBytes(of: 0, toByteOffset: isIPv6 ? 32 : 16, as: Int32.self)
            if unsafe sendmsg(listener.number, &message, 0) < 0 {
              // What was for many is answered from whichever address the way has.
              unsafe message.msg_control = nil
              unsafe message.msg_controllen = 0
              _ = unsafe sendmsg(listener.number, &message, 0)
            }
            return unsafe sender.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe ipAddress($0) }
          }
        }
      }
    }
  }

  // MARK: Probing

  /// Tries to reach a port from the present namespace; meanwhile those who listen are served, again and again.
  static func connect(
    to target: IPAddress, port: UInt16, _ transport: TransportProtocol, seconds: Int, idle: () -> Void
  ) -> ConnectOutcome {
    let type = Int32((transport == .udp ? SOCK_DGRAM : SOCK_STREAM).rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    guard let socket = Socket(target.family == .ipv4 ? AF_INET : AF_INET6, type, 0) else { return .failed(failure) }
    let status = unsafe withSocketAddress(target, port) { unsafe Glibc.connect(socket.number, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else { return .failed(failure) }
    if transport == .udp {
      var byte: UInt8 = 0x6e
      guard unsafe send(socket.number, &byte, 1, 0) == 1 else { return .failed(failure) }
    }
    let isReady = wait(socket, for: transport == .udp ? POLLIN : POLLOUT, seconds: seconds, idle: idle)
    guard isReady else { return .silence }
    let error = option(socket, SO_ERROR)
    guard error == 0 else { return .failed(KernelErrno(rawValue: error) ?? .timedOut) }
    if transport == .udp {
      var buffer = [UInt8](repeating: 0, count: 2048)
      guard unsafe recv(socket.number, &buffer, buffer.count, 0) >= 0 else { return .failed(failure) }
    }
    return .connected(source: ownAddress(of: socket) ?? target)
  }

  /// Sends an echo request from the present namespace and waits for what comes of it.
  static func ping(_ target: IPAddress, identifier: UInt16, seconds: Int) -> PingOutcome {
    let isIPv4 = target.family == .ipv4
    let transport = isIPv4 ? Int32(IPPROTO_ICMP) : Int32(IPPROTO_ICMPV6)
    let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    guard let socket = Socket(isIPv4 ? AF_INET : AF_INET6, type, transport) else { return .notSent(failure) }
    if !isIPv4 { set(socket, Int32(IPPROTO_IPV6), IPV6_RECVHOPLIMIT, 1) }
    let request = EchoBytes.request(identifier: identifier, isIPv4: isIPv4)
    let sent = unsafe withSocketAddress(target, 0) { unsafe sendto(socket.number, request, request.count, 0, $0, $1) }
    let refusal = sent == request.count ? nil : failure
    // Of what a rule of the sender's own rejects, an error comes besides, and at once.
    if let refusal, refusal != .notPermitted { return .notSent(refusal) }
    let start = monotonicSeconds
    while monotonicSeconds - start < (refusal == nil ? Double(seconds) : 0.5) {
      guard wait(socket, for: POLLIN, seconds: 1, idle: {}) else { continue }
      var buffer = [UInt8](repeating: 0, count: 2048)
      guard let (count, sender) = receive(socket, &buffer) else { continue }
      let answer = EchoBytes.answer(buffer[..<count], from: sender, identifier: identifier, isIPv4: isIPv4)
      if let answer { return answer }
    }
    return refusal.map(PingOutcome.notSent) ?? .silence
  }

  /// Watches for echo requests that come to the present namespace.
  static func watchEchoes(_ family: AddressFamily) -> Socket? {
    let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    return family == .ipv4
      ? Socket(AF_INET, type, Int32(IPPROTO_ICMP)) : Socket(AF_INET6, type, Int32(IPPROTO_ICMPV6))
  }

  /// Who sent the first echo request that a watching socket saw and that hasn't been asked for yet.
  static func echoSender(_ socket: Socket, _ family: AddressFamily) -> IPAddress? {
    var buffer = [UInt8](repeating: 0, count: 2048)
    while let (count, sender) = receive(socket, &buffer) {
      if EchoBytes.isRequest(buffer[..<count], isIPv4: family == .ipv4) { return sender }
    }
    return nil
  }

  /// Does nothing for a while.
  static func pause(seconds: UInt32) { _ = sleep(seconds) }

  // MARK: System calls

  /// The last call's error number, as the simulator has it.
  private static var failure: KernelErrno { KernelErrno(rawValue: errno) ?? .invalidArgument }

  /// The seconds of a clock that nobody sets, since some moment.
  private static var monotonicSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Waits until something can be done with a socket.
  private static func wait(_ socket: Socket, for events: Int32, seconds: Int, idle: () -> Void) -> Bool {
    let start = monotonicSeconds
    while monotonicSeconds - start < Double(seconds) {
      var entry = pollfd(fd: socket.number, events: Int16(events), revents: 0)
      if unsafe poll(&entry, 1, 20) > 0 { return true }
      idle()
    }
    return false
  }

  private static func set(_ socket: Socket, _ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    _ = unsafe setsockopt(socket.number, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func option(_ socket: Socket, _ name: Int32) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = unsafe getsockopt(socket.number, SOL_SOCKET, name, &value, &length)
    return value
  }

  private static func receive(_ socket: Socket, _ buffer: inout [UInt8]) -> (count: Int, sender: IPAddress)? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let count = unsafe recvfrom(socket.number, &buffer, buffer.count, 0, address, &length)
        guard count >= 0, let sender = unsafe ipAddress(address) else { return nil }
        return (count, sender)
      }
    }
  }

  private static func ownAddress(of socket: Socket) -> IPAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe getsockname(socket.number, address, &length) == 0 ? unsafe ipAddress(address) : nil
      }
    }
  }

  /// Calls with an address in the kernel's form.
  private static func withSocketAddress<Result>(
    _ address: IPAddress, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    switch address {
    case .v4(let address):
      var form = sockaddr_in()
      form.sin_family = sa_family_t(AF_INET)
      form.sin_port = port.bigEndian
      form.sin_addr.s_addr = address.bits.bigEndian
      return unsafe withUnsafePointer(to: form) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .v6(let address):
      var form = sockaddr_in6()
      form.sin6_family = sa_family_t(AF_INET6)
      form.sin6_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &form.sin6_addr) { bytes in
        for index in 0..<16 {
          unsafe bytes[index] = UInt8(truncatingIfNeeded: address.bits >> UInt128(120 - 8 * index))
        }
      }
      return unsafe withUnsafePointer(to: form) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }

  /// An address out of the kernel's form; one of IPv4 within IPv6 is IPv4's.
  private static func ipAddress(_ address: UnsafePointer<sockaddr>) -> IPAddress? {
    switch unsafe Int32(address.pointee.sa_family) {
    case AF_INET:
      return unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe .v4(IPv4Address(bits: UInt32(bigEndian: $0.pointee.sin_addr.s_addr)))
      }
    case AF_INET6:
      let bits = unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
        unsafe withUnsafeBytes(of: pointer.pointee.sin6_addr) { bytes in
          unsafe bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        }
      }
      return bits >> 32 == 0xffff
        ? .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits))) : .v6(IPv6Address(bits: bits))
    default: return nil
    }
  }
}
