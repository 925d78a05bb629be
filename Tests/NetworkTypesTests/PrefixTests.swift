import NetworkTypes
import Testing

@Suite struct PrefixTests {
  private func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text)) }

  @Test(arguments: ["0.0.0.0/0", "10.0.0.0/8", "172.17.0.2/32", "::/0", "fd00:21::/64", "2001:db8::1/128"])
  func `Prefixes are read and written`(text: String) {
    #expect(IPPrefix(text)?.description == text)
  }

  @Test(arguments: [
    "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/+8", "::1/64",
    "::/129", "10.0.0.0/8/8", "10.0.0/8", "10.0.0.0/255.0.0.0", "10.0.0.0/ 8",
  ])
  func `Malformed prefixes and those with host bits are refused`(text: String) {
    #expect(IPPrefix(text) == nil)
  }

  @Test func `The block that holds an address has its host bits cleared`() throws {
    let address = try #require(IPAddress("172.17.5.9"))
    #expect(IPPrefix(containing: address, length: 16)?.description == "172.17.0.0/16")
    #expect(IPPrefix(containing: address, length: 0)?.description == "0.0.0.0/0")
    #expect(IPPrefix(containing: address, length: 32)?.description == "172.17.5.9/32")
    #expect(IPPrefix(containing: address, length: 33) == nil)
    #expect(IPPrefix(containing: address, length: -1) == nil)
    let six = try #require(IPAddress("2001:db8::ffff:1"))
    #expect(IPPrefix(containing: six, length: 112)?.description == "2001:db8::ffff:0/112")
    #expect(IPPrefix(containing: six, length: 0)?.last.description == "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
  }

  @Test(
    arguments: [
      ("10.0.0.0/24", "10.0.0.1", "10.0.0.254", "10.0.0.255"), ("10.0.0.0/30", "10.0.0.1", "10.0.0.2", "10.0.0.3"),
      ("10.0.0.0/31", "10.0.0.0", "10.0.0.1", nil), ("10.0.0.5/32", "10.0.0.5", "10.0.0.5", nil),
      ("fd00::/64", "fd00::1", "fd00::ffff:ffff:ffff:ffff", nil), ("fd00::/127", "fd00::", "fd00::1", nil),
      ("fd00::/126", "fd00::1", "fd00::3", nil),
      ("fd00::5/128", "fd00::5", "fd00::5", nil), ("0.0.0.0/0", "0.0.0.1", "255.255.255.254", "255.255.255.255"),
    ] as [(String, String, String, String?)])
  func `Hosts and broadcast`(text: String, first: String, last: String, broadcast: String?) throws {
    let prefix = try prefix(text)
    #expect(prefix.firstHost.description == first)
    #expect(prefix.lastHost.description == last)
    #expect(prefix.broadcast?.description == broadcast)
  }

  @Test func `Blocks hold addresses and blocks of their family`() throws {
    let block = try prefix("172.16.0.0/12")
    #expect(block.contains(try #require(IPAddress("172.31.255.255"))))
    #expect(!block.contains(try #require(IPAddress("172.32.0.0"))))
    #expect(!block.contains(try #require(IPAddress("::ac10:1"))))
    #expect(try prefix("0.0.0.0/0").contains(block))
    #expect(!block.contains(try prefix("0.0.0.0/0")))
    #expect(try block.overlaps(prefix("0.0.0.0/0")) && prefix("172.20.0.0/16").overlaps(block))
    #expect(try !block.overlaps(prefix("172.32.0.0/16")))
    #expect(try !prefix("::/0").overlaps(prefix("0.0.0.0/0")))
  }

  @Test func `Addresses are counted from the first`() throws {
    let block = try prefix("10.0.0.0/30")
    #expect(block.address(at: 3)?.description == "10.0.0.3")
    #expect(block.address(at: 4) == nil)
    let all = try prefix("::/0")
    #expect(all.address(at: .max)?.description == "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
  }

  @Test func `Wider blocks come first`() throws {
    let texts = ["::/0", "10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/16"]
    #expect(try texts.map(prefix).sorted().map(\.description) == ["10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "::/0"])
  }

  @Test func `Interface addresses keep their host bits and know their prefix`() throws {
    let address = try #require(InterfaceAddress("172.17.0.2/16"))
    #expect(address.description == "172.17.0.2/16")
    #expect(address.prefix.description == "172.17.0.0/16")
    #expect(InterfaceAddress("172.17.0.2") == nil)
    #expect(InterfaceAddress("fd00::1/129") == nil)
    #expect(InterfaceAddress(address.address, in: try prefix("172.18.0.0/16")) == nil)
    #expect(InterfaceAddress(address.address, in: try prefix("172.16.0.0/12"))?.description == "172.17.0.2/12")
  }

  @Test func `Random prefixes are read as written and hold exactly their addresses`() throws {
    let seed: UInt64 = 4632
    var random = SeededGenerator(seed: seed)
    for round in 0..<2000 {
      let isSix = Bool.random(using: &random)
      let address: IPAddress =
        isSix ? .v6(randomIPv6(&random)) : .v4(IPv4Address(bits: .random(in: 0...(.max), using: &random)))
      let length = Int.random(in: 0...address.family.bitWidth, using: &random)
      let prefix = try #require(IPPrefix(containing: address, length: length))
      let comment: Comment = "seed \(seed), round \(round): \(prefix)"
      #expect(IPPrefix(prefix.description) == prefix, comment)
      #expect(InterfaceAddress("\(address)/\(length)")?.prefix == prefix, comment)
      #expect(prefix.contains(address) && prefix.contains(prefix.last) && prefix.contains(prefix), comment)
      if prefix.last.bits < IPPrefix.all(address.family).last.bits {
        #expect(!prefix.contains(IPAddress(family: address.family, bits: prefix.last.bits + 1)), comment)
      }
    }
  }
}

extension IPPrefix {
  /// The block of all addresses of a family.
  fileprivate static func all(_ family: AddressFamily) -> IPPrefix {
    guard let all = IPPrefix(containing: IPAddress(family: family, bits: 0), length: 0) else {
      preconditionFailure("length 0 is valid")
    }
    return all
  }
}
