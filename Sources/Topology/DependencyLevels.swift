/// How many must come before each of some things, one after the other.
///
/// - Parameters:
///   - needs: which others each thing needs, by index.
///   - lowest: what each has at least; nil for 0.
/// - Returns: for each one more than the highest among those that it needs, where it needs any; nil where it stands in
///   a circle, or needs one that does.
package func dependencyLevels(_ needs: [[Int]], from lowest: [Int]? = nil) -> [Int?] {
  var needers = [[Int]](repeating: [], count: needs.count)
  for (index, others) in needs.enumerated() {
    for other in others { needers[other].append(index) }
  }
  var missing = needs.map(\.count)
  var levels = lowest ?? [Int](repeating: 0, count: needs.count)
  var ready = needs.indices.filter { missing[$0] == 0 }
  var next = 0
  while next < ready.count {
    let done = ready[next]
    next += 1
    for needer in needers[done] {
      levels[needer] = max(levels[needer], levels[done] + 1)
      missing[needer] -= 1
      if missing[needer] == 0 { ready.append(needer) }
    }
  }
  return needs.indices.map { missing[$0] == 0 ? levels[$0] : nil }
}
