import NetworkTypes
package import Simulator

/// What there is to say of a broadcast storm: the ring, and what would open it.
package func stormText(_ storm: Storm, in kernel: Kernel) -> String {
  let way = storm.ports.map { port in
    let bridge = kernel[port].master.map { kernel[$0].name.text } ?? ""
    return "\(bridge) (out by \(kernel[port].name))"
  }
  let first = storm.ports.first.flatMap { kernel[$0].master }.map { kernel[$0].name.text } ?? ""
  return "broadcast storm: a frame goes round for ever: \(way.joined(separator: ", ")), back to \(first); "
    + "a spanning tree (`stp: true`) would open the ring\n"
}
