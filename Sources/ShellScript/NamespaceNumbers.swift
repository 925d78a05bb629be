import NetworkTypes

/// The namespaces of a plan by number, in the order in which it makes them.
///
/// Plans go through them in that order, again and again: the one that is asked for is mostly the next, and only where
/// it isn't are names looked up in a table.
struct NamespaceNumbers {
  private var names: [NamespaceName] = []
  /// Their numbers, once one had to be looked up.
  private var numbers: [NamespaceName: Int] = [:]
  /// The number that was asked for last.
  private var last = -1

  /// Gives the next number to a namespace that the plan makes.
  mutating func add(_ name: NamespaceName) {
    names.append(name)
    if !numbers.isEmpty { numbers[name] = names.count - 1 }
  }

  /// The number of a namespace; one that the plan doesn't make gets its own, too.
  mutating func number(of name: NamespaceName) -> Int {
    last = last + 1 < names.count ? last + 1 : 0
    if last < names.count, names[last] == name { return last }
    if numbers.isEmpty { for index in names.indices { numbers[names[index]] = index } }
    if let known = numbers[name] {
      last = known
    } else {
      last = names.count
      add(name)
      numbers[name] = last
    }
    return last
  }
}
