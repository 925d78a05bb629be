/// Lines without what is left to chance on a running kernel.
///
/// Masked are round-trip times, hardware addresses that nobody gave and the link-local addresses made of them, and the
/// numbers that namespaces give each other, and ping's own. Left out are the addresses that devices listen to, whose
/// order and solicited-node groups go by those; and lines of a forwarding table are sorted, for the same reason.
///
/// - Parameter lines: what a program printed.
/// - Returns: the same for every run.
func masked(_ lines: [String]) -> [String] {
  let lines = lines.filter { !$0.contains(" self permanent") }
  let isTable =
    !lines.isEmpty && lines.allSatisfy { $0.contains(#/^\S+ dev \S+ (?:vlan \d+ )?master /#) }
    || lines.first?.hasPrefix("port no\tmac addr") == true
  var addresses: [Substring: Int] = [:]
  let result = lines.map { line in
    var line = line
    line.replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/) { match in
      // Those given by a file or a rule, loopback's, groups and everybody's.
      guard !["02:42:", "06:42:", "00:00:", "33:33:", "01:00:", "ff:ff:"].contains(where: match.0.hasPrefix) else {
        return String(match.0)
      }
      let number = addresses[match.0] ?? addresses.count
      addresses[match.0] = number
      return isTable ? "(hardware address)" : "(hardware address \(number))"
    }
    line.replace(/fe80::(?!42:)[0-9a-f:]+/, with: "(link-local address)")
    line.replace(/(\t(?:yes|no)\t+ *)[\d.]+/) { "\($0.1)(age)" }
    line.replace(/link-netnsid \d+/, with: "link-netnsid (number)")
    line.replace(/\bid \d+/, with: "id (number)")
    line.replace(/mdev = [\d.\/]+/, with: "mdev = (times)")
    line.replace(/[\d.]+( ?ms)/) { "(time)\($0.1)" }
    while line.last?.isWhitespace == true { line.removeLast() }
    return line
  }
  return isTable ? result.sorted() : result
}
