import NetworkTypes
import Packets

/// The lines that a program prints of a machine's state, without what chance or the script decides: hardware addresses
/// that nobody gave, the link-local addresses made of them, device groups, and the namespaces' numbers.
///
/// - Parameters:
///   - text: what it printed.
///   - program: its name and first word.
///   - given: the hardware addresses that aren't drawn by chance.
/// - Returns: the lines in an order that isn't a hash table's.
func stateLines(_ text: String, _ program: String, _ given: Set<String>) -> [String] {
  var lines = text.split(separator: "\n").map { withoutChance(String($0), given) }
  if program.hasPrefix("brctl") {
    // Ports are listed in the order of a folder.
    return lines.flatMap { $0.split(separator: "\t").map(String.init) }.sorted()
  }
  if program.hasPrefix("ip neigh") {
    // Who asked for routers was heard at some time.
    lines.removeAll { $0.hasPrefix("fe80::") && $0.contains("STALE") }
    return lines.sorted()
  }
  if program.hasPrefix("bridge fdb") {
    // Which groups a device listens to is left out.
    lines.removeAll { $0.contains(/^(33:33|01:00:5e|01:80:c2):/) || $0.contains(/dev [^ ]+ self permanent/) }
    return lines.map { $0.replacing(/\s+/, with: " ") }.sorted()
  }
  // Routes that came with link-local addresses stand in the order in which carriers came.
  let isByChance = { (line: String) in line.contains(/^(local |anycast )?fe80::|^multicast ff00::/) }
  return lines.filter { !isByChance($0) } + lines.filter(isByChance).sorted()
}

private func withoutChance(_ line: String, _ given: Set<String>) -> String {
  line
    .replacing(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/) { match in
      let address = String(match.output.0)
      return given.contains(address) || address == "00:00:00:00:00:00" || address == "ff:ff:ff:ff:ff:ff"
        || address.hasPrefix("33:33") || address.hasPrefix("01:") ? address : "MAC"
    }
    .replacing(/8000\.[0-9a-f]{12}/) { _ in "8000.MAC" }
    .replacing(/fe80::[0-9a-f:]+/) { match in
      let isGiven = given.contains { text in
        guard let address = MACAddress(text) else { return false }
        // As many devices as could share one.
        return (UInt16(0)..<10).contains { "\(IPv6Address(linkLocalFor: address, sharer: $0))" == String(match.output) }
      }
      return isGiven ? String(match.output) : "fe80::RANDOM"
    }
    .replacing(/\ group [a-z0-9]+/) { _ in "" }
    .replacing(/\ link-netns(id)? [^ ]+/) { _ in "" }
}

/// What two lists of lines differ in, a line each.
func differences(_ kernel: [String], _ simulator: [String]) -> [String] {
  kernel.difference(from: simulator).map { change in
    switch change {
    case .insert(_, let line, _): "  the kernel has \(line)"
    case .remove(_, let line, _): "  the simulator has \(line)"
    }
  }
}
