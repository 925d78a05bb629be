/// A place between two characters of a file.
package struct SourcePosition: Hashable, Comparable, Sendable {
  /// The line, from 1.
  package let line: Int32
  /// The column in Unicode scalars, from 1, as libyaml and editors' "go to" count it.
  package let column: Int32

  /// Creates a position.
  package init(line: Int32, column: Int32) {
    self.line = line
    self.column = column
  }

  /// Orders by line, then by column.
  package static func < (left: Self, right: Self) -> Bool {
    left.line == right.line ? left.column < right.column : left.line < right.line
  }
}

/// Which of the files given to a run something is in: its index among them.
package struct SourceID: Hashable, Comparable, Sendable {
  /// The index in `SourceSet.sources`.
  package let index: Int32

  /// Creates an identifier.
  package init(index: Int32) { self.index = index }

  /// Orders by index.
  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// A stretch of a file, from one position up to, not including, another.
package struct SourceRange: Hashable, Comparable, Sendable {
  /// The file.
  package let source: SourceID
  /// Where it starts.
  package let start: SourcePosition
  /// Where it ends; equal to the start for a place rather than a stretch.
  package let end: SourcePosition

  /// Creates a range.
  package init(source: SourceID, start: SourcePosition, end: SourcePosition) {
    self.source = source
    self.start = start
    self.end = end
  }

  /// Orders by file, start, end.
  package static func < (left: Self, right: Self) -> Bool {
    if left.source != right.source { return left.source < right.source }
    return left.start == right.start ? left.end < right.end : left.start < right.start
  }

  /// Whether another range of the same file lies within this one.
  package func contains(_ other: SourceRange) -> Bool {
    source == other.source && start <= other.start && other.end <= end
  }

  /// The range from this one's start to the other's end; both in one file.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(source: source, start: min(start, other.start), end: max(end, other.end))
  }
}

/// A value and where in the file it was written.
package struct Located<Value> {
  /// The value.
  package var value: Value
  /// The text it was read from.
  package var range: SourceRange

  /// Creates a located value.
  @inlinable
  package init(_ value: Value, at range: SourceRange) {
    self.value = value
    self.range = range
  }

  /// The same place with another value.
  @inlinable
  package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
    Located<Other>(try transform(value), at: range)
  }
}

extension Located where Value == String {
  /// Creates a located text.
  ///
  /// Chosen over the generic initialiser, whose code other modules don't specialise: reading a file makes one for
  /// each key.
  package init(_ value: String, at range: SourceRange) {
    self.value = value
    self.range = range
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
