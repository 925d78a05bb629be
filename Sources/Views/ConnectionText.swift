import NetworkTypes
import Packets
import Simulator

/// What `conntrack -L` prints of a namespace, connections in the order in which they began (conntrack-tools).
///
/// There are none where no rule asks for connections: the kernel doesn't track them then either.
func connectionsText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  kernel[namespace].netfilter.connections.known(at: kernel.now).map { $0.line(at: kernel.now) }.joined()
}

extension Connection {
  fileprivate func line(at now: Instant) -> String {
    let seconds = (expires.since(now).nanoseconds) / 1_000_000_000
    var text: String
    switch original.transport {
    case .tcp: text = "tcp      6 \(seconds) \(tcpState.rawValue) "
    case .udp: text = "udp      17 \(seconds) "
    case .icmp: text = original.source.family == .ipv4 ? "icmp     1 \(seconds) " : "icmpv6   58 \(seconds) "
    }
    text += original.words
    if !isAnswered { text += "[UNREPLIED] " }
    text += reply.words
    if isAssured { text += "[ASSURED] " }
    return text + "mark=0 use=1\n"
  }
}

extension ConnectionTuple {
  fileprivate var words: String {
    let ends = "src=\(source) dst=\(destination) "
    return switch transport {
    case .tcp(let source, let destination), .udp(let source, let destination):
      ends + "sport=\(source) dport=\(destination) "
    case .icmp(let identifier, let type, let code): ends + "type=\(type) code=\(code) id=\(identifier) "
    }
  }
}
