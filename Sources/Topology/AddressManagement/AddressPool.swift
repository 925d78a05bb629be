import NetworkTypes

/// The addresses of one pool: which are taken, and the lowest that is free, as Docker's bit sequence gives them out
/// (daemon/libnetwork/ipams/defaultipam in moby).
///
/// Addresses are only ever taken, so the search goes on where it last ended.
struct AddressPool {
  let subnet: IPPrefix
  /// The lowest that hasn't been looked at; nil after the last.
  private var next: UInt128?
  private let end: UInt128
  private var taken: Set<UInt128> = []
  /// More of those, which no search has looked at: where all addresses are written none ever does.
  private var unsearched: [UInt128] = []

  /// Creates a pool with nothing taken but the network and broadcast addresses of the subnet.
  ///
  /// - Parameters:
  ///   - subnet: the block.
  ///   - range: the part that dynamic addresses come from.
  init(subnet: IPPrefix, range: IPPrefix?) {
    self.subnet = subnet
    let part = range ?? subnet
    let start = max(part.network.bits, subnet.firstHost.bits)
    end = min(part.last.bits, subnet.lastHost.bits)
    next = start <= end ? start : nil
  }

  /// Takes an address of the subnet, whether or not it is free.
  mutating func take(_ address: IPAddress) { unsearched.append(address.bits) }

  /// Takes the lowest free address; nil when none is left.
  mutating func takeLowest() -> IPAddress? {
    taken.formUnion(unsearched)
    unsearched.removeAll()
    while let candidate = next {
      next = candidate < end ? candidate + 1 : nil
      if taken.isEmpty || taken.insert(candidate).inserted {
        return IPAddress(family: subnet.family, bits: candidate)
      }
    }
    return nil
  }
}
