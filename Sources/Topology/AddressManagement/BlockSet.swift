package import NetworkTypes

/// Addresses of one family that are taken, as the blocks that they were taken in.
///
/// What overlaps or touches is kept as one run, in order, so that looking for something free passes over thousands of
/// blocks in one step.
package struct BlockSet {
  /// In order, with something free between any two.
  private var runs: [ClosedRange<UInt128>] = []

  /// Creates a set with nothing taken.
  package init() {}

  /// Takes a block.
  package mutating func insert(_ block: IPPrefix) {
    var (first, last) = (block.network.bits, block.last.bits)
    // Those that overlap it or touch it. Nothing is added to the highest address, or taken from the lowest: what has
    // these overlaps already.
    let start = position { $0.upperBound >= first || $0.upperBound + 1 == first }
    var end = start
    while end < runs.count, runs[end].lowerBound <= last || runs[end].lowerBound - 1 == last {
      (first, last) = (min(first, runs[end].lowerBound), max(last, runs[end].upperBound))
      end += 1
    }
    runs.replaceSubrange(start..<end, with: CollectionOfOne(first...last))
  }

  /// The last address of what is taken without a gap from somewhere in a block on, where the block isn't free.
  package func lastTaken(in block: IPPrefix) -> UInt128? {
    let index = position { $0.upperBound >= block.network.bits }
    guard index < runs.count, runs[index].lowerBound <= block.last.bits else { return nil }
    return runs[index].upperBound
  }

  /// The index of the first run of which something holds that holds of all after it too.
  private func position(where holds: (ClosedRange<UInt128>) -> Bool) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(runs[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
