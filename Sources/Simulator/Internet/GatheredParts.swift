import Packets

/// How a packet came that connection tracking has put together on its way (a struct sk_buff with a frag_list).
struct GatheredParts: Sendable {
  /// The parts of the payload, in order.
  let ranges: [Range<Int>]
  /// The length of the longest part with its header, which no part exceeds that leaves (frag_max_size); nil where that
  /// is forgotten: what a bridge has put together and hands to its own device starts anew (ip_rcv_core, ip6_rcv_core).
  var longest: Int?

  /// Whether the parts can leave as they came: each with no more payload than that, and all but the last in steps of
  /// eight bytes (ip_do_fragment, ip6_fragment: "Correct geometry").
  func fit(_ payload: Int) -> Bool {
    ranges.allSatisfy { $0.count <= payload } && ranges.dropLast().allSatisfy { $0.count % 8 == 0 }
  }
}
