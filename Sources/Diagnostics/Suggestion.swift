/// The candidate nearest to a word by edit distance, if one is near enough to be what was meant.
///
/// Near enough is at most a third of the word's length, and at least one edit (two transposed letters count as one: the
/// restricted Damerau–Levenshtein distance). Among equals the first candidate wins. A single letter is near to every
/// other, and so to none.
///
/// Where none is near enough, a word of three letters or more that only one candidate begins with means that one:
/// `proto` is `protocol`.
///
/// - Parameters:
///   - word: the word.
///   - candidates: what it may have been meant to be.
///   - most: how many edits are a slip of the hand, where only such are looked for, and no beginnings of words.
/// - Returns: the candidate; nil where none is near.
package func suggestion(
  for word: String, among candidates: some Sequence<String>, within most: Int? = nil
) -> String? {
  let word = Array(word.lowercased())
  guard word.count > 1 else { return nil }
  let limit = min(max(1, word.count / 3), most ?? .max)
  var best: (distance: Int, candidate: String)?
  for candidate in candidates {
    let distance = editDistance(word, Array(candidate.lowercased()), limit: best.map { $0.distance - 1 } ?? limit)
    if let distance { best = (distance, candidate) }
    if distance == 0 { break }
  }
  return best?.candidate ?? (most == nil ? completion(of: String(word), among: candidates) : nil)
}

/// The candidate that begins with a word; nil where none does, or several do.
private func completion(of word: String, among candidates: some Sequence<String>) -> String? {
  guard word.count >= 3 else { return nil }
  let longer = candidates.filter { $0.lowercased().hasPrefix(word) }
  return longer.count == 1 ? longer[0] : nil
}

/// The restricted Damerau–Levenshtein distance; nil above a limit.
private func editDistance(_ a: [Character], _ b: [Character], limit: Int) -> Int? {
  guard limit >= 0, abs(a.count - b.count) <= limit else { return nil }
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + repeatElement(0, count: b.count)
    for j in 1...b.count {
      let cost = a[i - 1] == b[j - 1] ? 0 : 1
      row[j] = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + cost)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforePrevious[j - 2] + 1) }
    }
    (beforePrevious, previous) = (previous, row)
  }
  let distance = previous[b.count]
  return distance <= limit ? distance : nil
}
