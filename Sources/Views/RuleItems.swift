import JSONText
import NetworkTypes
import Plan
import Simulator

/// The rules of `ip rule` (iproute2, ip/iprule.c: print_rule).
func ruleItems(of namespace: NamespaceID, in kernel: Kernel, _ family: AddressFamily) -> [ListedItem] {
  kernel[namespace].rules[family].map { rule in
    var item = ListedItem()
    item.put("priority", .number(Int(rule.priority)), "\(rule.priority):\t")
    if let from = rule.from, from.length > 0 {
      put(from, "src", "from", into: &item)
    } else {
      item.put("src", .string("all"), "from all")
    }
    if let to = rule.to, to.length > 0 { put(to, "dst", " to", into: &item) }
    if let mark = rule.mark {
      let digits = "0x" + String(mark, radix: 16)
      item.put("fwmark", .string(digits), " fwmark \(digits)")
    }
    for (word, name) in [("iif", rule.inputDevice), ("oif", rule.outputDevice)] {
      guard let name else { continue }
      item.put(word, .string(name.text), " \(word) \(name)")
      // There is no such device (FIB_RULE_IIF_DETACHED).
      if kernel.device(name, in: namespace) == nil { item.put("\(word)_detached", .null, " [detached]") }
    }
    switch rule.action {
    case .master: item.put("l3mdev", .null, " lookup [l3mdev-table]")
    case .planned(.table(let number)):
      item.put("table", .string(tableName(number)), " lookup \(tableName(number))")
    case .planned(.blackhole): item.put("action", .string("blackhole"), " blackhole")
    case .planned(.unreachable): item.put("action", .string("unreachable"), " unreachable")
    case .planned(.prohibit): item.put("action", .string("prohibit"), " prohibit")
    }
    item.put(text: "\n")
    return item
  }
}

private func put(_ prefix: IPPrefix, _ name: String, _ word: String, into item: inout ListedItem) {
  let isSingle = prefix.length == prefix.family.bitWidth
  item.put(name, .string("\(prefix.network)"), "\(word) \(isSingle ? "\(prefix.network)" : "\(prefix)")")
  if !isSingle { item.put("\(name)len", .number(prefix.length)) }
}

/// The neighbors of `ip neighbor` (iproute2, ip/ipneigh.c), by address and device; the kernel's own order is that of a
/// hash table.
func neighborItems(
  of namespace: NamespaceID, in kernel: Kernel, _ family: AddressFamily?, on device: InterfaceName?
) -> [ListedItem] {
  kernel[namespace].neighbors.filter { key, _ in
    key.address.family == family ?? key.address.family && kernel[key.device].name == device ?? kernel[key.device].name
  }.sorted {
    ($0.key.address, kernel[$0.key.device].number) < ($1.key.address, kernel[$1.key.device].number)
  }.map { key, neighbor in
    var item = ListedItem()
    item.put("dst", word: "\(key.address)")
    if device == nil { item.put("dev", .string(kernel[key.device].name.text), "dev \(kernel[key.device].name) ") }
    if neighbor.isValid, let hardware = neighbor.hardware {
      item.put("lladdr", .string("\(hardware)"), "lladdr \(hardware) ")
    }
    if neighbor.isRouter { item.put("router", .null, "router ") }
    item.put("state", .array([.string(neighbor.state.rawValue)]), "\(neighbor.state.rawValue) \n")
    return item
  }
}
