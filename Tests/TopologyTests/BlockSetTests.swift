import NetworkTypes
import Testing
import Topology

/// Which addresses are taken.
@Suite struct BlockSetTests {
  @Test func `blocks apart, overlapping and touching`() throws {
    let set = try taken(
      "10.0.1.0/24", "10.0.3.0/24", "10.0.1.128/25", "10.0.4.0/24", "0.0.0.0/32", "255.255.255.255/32")
    #expect(try last(set, "10.0.0.0/24") == nil)
    #expect(try last(set, "10.0.1.0/26") == "10.0.1.255")
    #expect(try last(set, "10.0.2.0/24") == nil)
    #expect(try last(set, "10.0.2.0/23") == "10.0.4.255", "those that touch are one")
    #expect(try last(set, "10.0.0.0/8") == "10.0.1.255", "the first of several")
    #expect(try last(set, "0.0.0.0/8") == "0.0.0.0")
    #expect(try last(set, "255.0.0.0/8") == "255.255.255.255")
  }

  @Test func `one that lies over several, and the whole space`() throws {
    #expect(try last(taken("10.1.0.0/24", "10.3.0.0/24", "10.0.0.0/8"), "10.2.0.0/24") == "10.255.255.255")
    #expect(try last(taken("10.0.0.0/24", "0.0.0.0/0", "10.0.0.0/24"), "1.1.1.1/32") == "255.255.255.255")
    #expect(try last(taken("::/0", "ffff::/16", "::/128"), "fd00::/8") == "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
  }

  private func taken(_ blocks: String...) throws -> BlockSet {
    var set = BlockSet()
    for block in blocks { set.insert(try #require(IPPrefix(block))) }
    return set
  }

  private func last(_ set: BlockSet, _ block: String) throws -> String? {
    let block = try #require(IPPrefix(block))
    return set.lastTaken(in: block).map { "\(IPAddress(family: block.family, bits: $0))" }
  }
}
