import NetworkTypes
import Testing

@Suite struct AddressTests {
  @Test(arguments: ["0.0.0.0", "192.0.2.1", "255.255.255.255", "1.20.255.0"])
  func `Dotted decimal is read and written`(text: String) {
    #expect(IPv4Address(text)?.description == text)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.1000", "01.2.3.4", "1.2.3.04",
    "00.0.0.0", "1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "0x1.2.3.4", "1.2.3.4/24", "1,2,3,4", "１.2.3.4",
    "99999999999.1.1.1",
  ])
  func `Anything but strict dotted decimal is refused`(text: String) {
    #expect(IPv4Address(text) == nil)
  }

  @Test func `An IPv4 address has its first octet first`() {
    #expect(IPv4Address(192, 0, 2, 1).bits == 0xC000_0201)
    #expect(IPv4Address(bits: 0xC000_0201).octets == [192, 0, 2, 1])
    #expect(IPv4Address(10, 0, 0, 255) < IPv4Address(10, 0, 1, 0))
  }

  /// The examples of RFC 4291 §2.2 and of RFC 5952 §1, §2 and §4, with the canonical form.
  @Test(arguments: [
    ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
    ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("FF01:0:0:0:0:0:0:101", "ff01::101"),
    ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"), ("::", "::"), ("1::", "1::"),
    ("0:0:0:0:0:FFFF:129.144.52.38", "::ffff:129.144.52.38"), ("::13.1.68.3", "::d01:4403"),
    ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"), ("2001:db8::0:1", "2001:db8::1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"), ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"), ("0:0:1::", "0:0:1::"),
    ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
  ])
  func `IPv6 is read in every form and written in the canonical one`(text: String, canonical: String) {
    #expect(IPv6Address(text)?.description == canonical)
  }

  @Test(arguments: [
    "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "12345::",
    "g::", "::1%eth0", "::1/64", "::256.1.1.1", "::1.2.3", "1.2.3.4", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4",
    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "[::1]", " ::1", "::01.2.3.4", "::-1",
  ])
  func `Malformed IPv6 is refused`(text: String) {
    #expect(IPv6Address(text) == nil)
  }

  @Test func `Every address is read as it was written`() {
    let seed: UInt64 = 4291
    var random = SeededGenerator(seed: seed)
    for round in 0..<5000 {
      let four = IPv4Address(bits: .random(in: 0...(.max), using: &random))
      #expect(IPAddress(four.description) == .v4(four), "seed \(seed), round \(round)")
      let six = randomIPv6(&random)
      #expect(IPAddress(six.description) == .v6(six), "seed \(seed), round \(round): \(six.groups)")
      #expect(IPv6Address(six.groups.map { String($0, radix: 16) }.joined(separator: ":")) == six)
      let mac = MACAddress(bits: .random(in: 0...(.max), using: &random))
      #expect(MACAddress(mac.description) == mac, "seed \(seed), round \(round)")
    }
  }

  @Test(arguments: [
    ("127.0.0.1", "loopback"), ("127.255.255.255", "loopback"), ("128.0.0.0", ""), ("169.254.0.1", "linkLocal"),
    ("224.0.0.0", "multicast"), ("239.255.255.255", "multicast"), ("240.0.0.0", ""), ("0.0.0.0", "unspecified"),
    ("::1", "loopback"), ("::2", ""), ("fe80::1", "linkLocal"), ("febf::", "linkLocal"), ("fec0::", ""),
    ("ff02::1", "multicast"), ("fe00::", ""), ("::", "unspecified"),
  ])
  func `Addresses know their kind`(text: String, kind: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.isLoopback == (kind == "loopback"))
    #expect(address.isLinkLocal == (kind == "linkLocal"))
    #expect(address.isMulticast == (kind == "multicast"))
    #expect(address.isUnspecified == (kind == "unspecified"))
  }

  @Test func `IPv4 comes before IPv6`() throws {
    let six = try #require(IPAddress("::1"))
    let four = try #require(IPAddress("255.255.255.255"))
    #expect(four < six && !(six < four))
  }

  @Test func `MAC addresses are read with colons or hyphens and written as the kernel does`() {
    #expect(MACAddress("02:42:AC:11:00:02")?.description == "02:42:ac:11:00:02")
    #expect(MACAddress("02-42-ac-11-00-02")?.octets == [0x02, 0x42, 0xAC, 0x11, 0x00, 0x02])
    for bad in ["", "02:42:ac:11:00", "02:42:ac:11:00:02:03", "2:42:ac:11:0:2", "0242ac110002", "02:42-ac:11:00:02"] {
      #expect(MACAddress(bad) == nil, "\(bad)")
    }
    for bad in ["02:42:ac:11:00:0g", "02.42.ac.11.00.02", "02:42:ac:11:00:é"] {
      #expect(MACAddress(bad) == nil, "\(bad)")
    }
    #expect(MACAddress("01:00:5e:00:00:01")?.isMulticast == true)
    #expect(MACAddress("02:42:ac:11:00:02")?.isLocallyAdministered == true)
    #expect(MACAddress("00:16:3e:00:00:01")?.isLocallyAdministered == false)
  }
}
