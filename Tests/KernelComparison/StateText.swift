import NetworkTypes
import Packets

/// The hardware addresses that aren't drawn by chance, and the link-local addresses made of them.
struct GivenAddresses {
  private let hardware: Set<String>
  private let linkLocal: Set<String>

  init(_ addresses: Set<String>) {
    hardware = addresses
    linkLocal = Set(
      addresses.compactMap { MACAddress($0) }.flatMap { address in
        // As many devices as could share one.
        (UInt16(0)..<10).map { "\(IPv6Address(linkLocalFor: address, sharer: $0))" }
      })
  }

  /// A text without the addresses of chance, device groups, and the namespaces' numbers.
  ///
  /// It is best called for many lines at once: each call reads its patterns anew.
  func withoutChance(_ text: String) -> String {
    text
      .replacing(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/) { match in
        let address = String(match.output.0)
        return hardware.contains(address) || address == "00:00:00:00:00:00" || address == "ff:ff:ff:ff:ff:ff"
          || address.hasPrefix("33:33") || address.hasPrefix("01:") ? address : "MAC"
      }
      .replacing(/8000\.[0-9a-f]{12}/) { _ in "8000.MAC" }
      .replacing(/fe80::[0-9a-f:]+/) { match in
        linkLocal.contains(String(match.output)) ? String(match.output) : "fe80::RANDOM"
      }
      .replacing(/\ group [a-z0-9]+/) { _ in "" }
      .replacing(/\ link-netns(id)? [^ \n]+/) { _ in "" }
  }
}

/// The lines that a program prints of a machine's state, without what chance or the script decides.
///
/// - Parameters:
///   - text: what it printed.
///   - program: its name and first word.
///   - given: the addresses that aren't drawn by chance.
/// - Returns: the lines in an order that isn't a hash table's.
func stateLines(_ text: String, _ program: String, _ given: GivenAddresses) -> [String] {
  var lines = given.withoutChance(text).split(separator: "\n").map(String.init)
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
    let isOfGroup = /^(33:33|01:00:5e|01:80:c2):|dev [^ ]+ self permanent/
    lines.removeAll { $0.contains(isOfGroup) }
    return lines.map { $0.split(separator: " ").joined(separator: " ") }.sorted()
  }
  // Routes that came with link-local addresses stand in the order in which carriers came.
  let starts = ["fe80::", "local fe80::", "anycast fe80::", "multicast ff00::"]
  let isByChance = { (line: String) in starts.contains { line.hasPrefix($0) } }
  return lines.filter { !isByChance($0) } + lines.filter(isByChance).sorted()
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
