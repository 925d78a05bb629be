import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// One hardware address on two interfaces that hear each other.
enum DuplicateMACAddress: Rule {
  static let code = RuleCode.duplicateMACAddress
  static let name = "duplicate-mac-address"
  static let summary = "Two interfaces on one layer-2 segment have the same hardware address."
  static let rationale =
    "A bridge learns the address on one port at a time (net/bridge/br_fdb.c) and sends both their frames there."
  static let failing = """
    services:
      web:
        networks:
          lan: { mac_address: 02:42:00:00:00:07 }
      db:
        networks:
          lan:
            mac_address: 02:42:00:00:00:07  # error: NW0313
    networks:
      lan: {}
    """
  static let passing = """
    services:
      web:
        networks:
          a: { mac_address: 02:42:00:00:00:07 }
          b: { mac_address: 02:42:00:00:00:07 }
    networks:
      a: {}
      b: {}
    """

  private struct Place: Hashable {
    let segment: Int
    let address: MACAddress
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    // Those that are made from addresses differ as these do; only written ones can be the same.
    let written = writtenAddresses(context)
    guard !written.isEmpty else { return [] }
    let segments = context.segments
    var first: [Place: SourceRange] = [:]
    var result: [Diagnostic] = []
    for node in context.topology.nodes {
      for (position, interface) in node.interfaces.enumerated() {
        guard let address = interface.macAddress, let range = written[address] else { continue }
        let place = Place(segment: segments.segment(node: node.id, position: position), address: address)
        let own =
          range.first { interface.origin.source == $0.source && $0.start >= interface.origin.start } ?? interface.origin
        guard let other = first[place] else {
          first[place] = own
          continue
        }
        result.append(
          finding(
            "\(address) is taken already on this segment", at: own, labels: [.init(other, "here")],
            help: "give one of them another address"))
      }
    }
    return result
  }

  /// The written addresses with the places that write them, in order.
  private static func writtenAddresses(_ context: RuleContext) -> [MACAddress: [SourceRange]] {
    var written: [MACAddress: [SourceRange]] = [:]
    let all =
      context.unusualAttachments.map(\.macAddress)
      + context.unusualNodes.flatMap { [$0.macAddress] + $0.interfaces.map(\.macAddress) }
    for address in all.compactMap({ $0 }) { written[address.value, default: []].append(address.range) }
    for address in context.file.links.flatMap(\.endpoints).compactMap(\.macAddress) {
      written[address.value, default: []].append(address.range)
    }
    return written
  }
}
