/// The routing tables of a namespace by number: a handful, among which looking is faster than hashing.
package struct RouteTables: Sendable {
  private var numbers: [UInt32] = []
  private var tables: [RouteTable] = []

  /// Creates none.
  init() {}

  /// The numbers of the tables, in the order in which they came about.
  package var keys: [UInt32] { numbers }

  /// The table of a number, if there is one.
  package internal(set) subscript(number: UInt32) -> RouteTable? {
    get { numbers.firstIndex(of: number).map { tables[$0] } }
    set {
      if let newValue { self[number, default: newValue] = newValue }
    }
  }

  /// The table of a number, which comes about when it is written to.
  subscript(number: UInt32, default empty: @autoclosure () -> RouteTable) -> RouteTable {
    get { self[number] ?? empty() }
    _modify {
      if let index = numbers.firstIndex(of: number) {
        yield &tables[index]
      } else {
        numbers.append(number)
        tables.append(empty())
        yield &tables[tables.count - 1]
      }
    }
  }

  /// What a function makes of each table.
  package func mapValues<Value>(_ transform: (RouteTable) -> Value) -> [UInt32: Value] {
    Dictionary(uniqueKeysWithValues: zip(numbers, tables.map(transform)))
  }
}
