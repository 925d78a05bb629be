import Foundation
import NetworkTypes
import Testing

@Suite struct TrafficUnitTests {
  @Test(
    arguments: [
      ("10ms", 10_000_000, "10ms"), ("1.5s", 1_500_000_000, "1500ms"), ("200us", 200_000, "200us"), ("7ns", 7, "7ns"),
      ("0ms", 0, "0s"), ("0.000001s", 1000, "1us"), ("1.50us", 1500, "1500ns"), ("2.000ns", 2, "2ns"),
      ("3600s", 3_600_000_000_000, "3600s"),
    ] as [(String, UInt64, String)])
  func `Spans of time`(text: String, nanoseconds: UInt64, description: String) {
    #expect(TimeSpan(text)?.nanoseconds == nanoseconds)
    #expect(TimeSpan(text)?.description == description)
  }

  @Test(arguments: [
    "", "ms", "10", "10 ms", "-1ms", "+1ms", "1.ms", ".5ms", "1..5ms", "1.5ns", "1e3ms", "3601s", "1m", "10MS", "1,5ms",
    "99999999999999999999s", "0x1s",
  ])
  func `Malformed spans are refused`(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test(
    arguments: [
      ("100mbit", 100_000_000, "100mbit"), ("1.5Gbit", 1_500_000_000, "1500mbit"), ("8bit", 8, "8bit"),
      ("1KBIT", 1000, "1kbit"), ("1000kbit", 1_000_000, "1mbit"), ("1tbit", 1_000_000_000_000, "1tbit"),
      ("0.5kbit", 500, "500bit"), ("20.0bit", 20, "20bit"),
    ] as [(String, UInt64, String)])
  func `Rates`(text: String, bits: UInt64, description: String) {
    #expect(BitRate(text)?.bitsPerSecond == bits)
    #expect(BitRate(text)?.description == description)
  }

  @Test(arguments: [
    "", "0bit", "7bit", "0.0mbit", "1", "1mbps", "mbit", "1.5bit", "-1bit", "99999999999999999999bit", "20000000tbit",
  ])
  func `Malformed rates are refused`(text: String) {
    #expect(BitRate(text) == nil)
  }

  @Test(
    arguments: [
      ("0%", 0, "0%"), ("100%", 1_000_000, "100%"), ("0.1%", 1000, "0.1%"), ("12.3456%", 123_456, "12.3456%"),
      ("0.0001%", 1, "0.0001%"), ("5.00000%", 50_000, "5%"), ("10.0%", 100_000, "10%"),
    ] as [(String, UInt32, String)])
  func `Percentages`(text: String, millionths: UInt32, description: String) {
    #expect(Percentage(text)?.millionths == millionths)
    #expect(Percentage(text)?.description == description)
  }

  @Test(arguments: ["", "%", "1", "100.0001%", "101%", "-1%", "0.00001%", "1.%", "1 %"])
  func `Malformed percentages are refused`(text: String) {
    #expect(Percentage(text) == nil)
  }

  @Test func `What is written is read as it was`() {
    let seed: UInt64 = 20_260_802
    var random = SeededGenerator(seed: seed)
    for round in 0..<2000 {
      let scale = [1, 1000, 1_000_000].randomElement(using: &random) ?? 1
      let span = TimeSpan(nanoseconds: UInt64.random(in: 0...3_600_000, using: &random) * UInt64(scale))
      #expect(TimeSpan(span.description) == span, "seed \(seed), round \(round)")
      let rate = BitRate(bitsPerSecond: .random(in: 1...(1 << 40), using: &random) * UInt64(scale))
      #expect((rate?.description).flatMap { BitRate($0) } == rate, "seed \(seed), round \(round)")
      let tenThousandths = Int.random(in: 0...1_000_000, using: &random)
      let share = Percentage("\(tenThousandths / 10_000).\(String(10_000 + tenThousandths % 10_000).dropFirst())%")
      #expect(share.map { Int($0.millionths) } == tenThousandths, "seed \(seed), round \(round)")
      #expect((share?.description).flatMap { Percentage($0) } == share, "seed \(seed), round \(round)")
    }
  }

  @Test func `The JSON form is the text form`() throws {
    let address = try #require(InterfaceAddress("172.17.0.2/16"))
    let json = try JSONEncoder().encode([address])
    #expect(String(decoding: json, as: UTF8.self).replacing("\\/", with: "/") == "[\"172.17.0.2/16\"]")
    #expect(try JSONDecoder().decode([InterfaceAddress].self, from: json) == [address])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([InterfaceAddress].self, from: Data("[\"172.17.0.2\"]".utf8))
    }
  }
}
