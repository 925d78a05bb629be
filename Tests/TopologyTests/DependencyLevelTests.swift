import Testing
import Topology

/// What comes before what.
@Suite struct DependencyLevelTests {
  @Test func `one above the highest that is needed`() {
    #expect(dependencyLevels([]) == [])
    #expect(dependencyLevels([[], [0], [0, 1], [], [3, 2]]) == [0, 1, 2, 0, 3])
    #expect(dependencyLevels([[1], [2], []]) == [2, 1, 0])
    #expect(dependencyLevels([[1, 1], []]) == [1, 0], "said twice is needed once")
  }

  @Test func `circles, and what needs them`() {
    #expect(dependencyLevels([[0]]) == [nil])
    #expect(dependencyLevels([[1], [2], [1], [], [3]]) == [nil, nil, nil, 0, 1])
  }

  @Test func `some start higher`() {
    #expect(dependencyLevels([[], [0], [0]], from: [2, 0, 5]) == [2, 3, 5])
  }
}
