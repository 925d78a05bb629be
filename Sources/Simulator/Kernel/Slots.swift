/// An array whose elements are looked at where they are.
///
/// Reading a field of an array's element copies the whole element first where the optimiser can't see through, with a
/// count for everything it refers to: for a namespace or a device that is most of the work of a packet. A span lends
/// the element.
package struct Slots<Element: Sendable>: Sendable, RandomAccessCollection, MutableCollection {
  private var elements: [Element] = []

  /// Creates an empty one.
  init() {}

  /// The first index.
  package var startIndex: Int { 0 }
  /// The index after the last.
  package var endIndex: Int { elements.count }

  /// The element at an index.
  package subscript(index: Int) -> Element {
    @inline(__always) _read { yield elements.span[index] }
    @inline(__always) _modify { yield &elements[index] }
  }

  /// Adds an element at the end.
  mutating func append(_ element: consuming Element) { elements.append(element) }
}
