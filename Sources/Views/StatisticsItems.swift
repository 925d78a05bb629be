import JSONText
import Simulator

/// The counters of `ip -s link` (iproute2, ip/ipaddress.c: print_stats64).
func putStatistics(of counters: DeviceCounters, into item: inout ListedItem) {
  let received = [
    counters.receivedBytes, counters.receivedPackets, 0, counters.receivedDropped, 0, counters.receivedMulticasts,
  ]
  let sent = [counters.sentBytes, counters.sentPackets, 0, counters.sentDropped, 0, 0]
  // As wide as the headings, or as the widest number beneath.
  var widths = [10, 7, 6, 7, 7, 7]
  for numbers in [received, sent] {
    for (index, number) in numbers.enumerated() { widths[index] = max(widths[index], "\(number)".utf8.count) }
  }
  let compressed = String(repeating: " ", count: 11)
  func line(_ words: [String], _ widths: [Int]) -> String {
    zip(words, widths).map { right($0, $1) }.joined(separator: " ")
  }
  for (heading, last, numbers) in [
    ("RX", ["missed", "mcast"], received), ("TX", ["carrier", "collsns"], sent),
  ] {
    let words = ["bytes", "packets", "errors", "dropped"] + last
    item.put(text: "    \(heading): " + line(words, [widths[0] - 4] + widths.dropFirst()) + compressed + "\n")
    item.put(text: "    " + line(numbers.map(String.init), widths) + " \n")
  }
  let names = [
    ["bytes", "packets", "errors", "dropped", "over_errors", "multicast"],
    ["bytes", "packets", "errors", "dropped", "carrier_errors", "collisions"],
  ]
  let objects = zip(names, [received, sent]).map { names, numbers in
    JSONValue.object(zip(names, numbers).map { .init($0, .number($1)) })
  }
  item.put("stats64", .object(zip(["rx", "tx"], objects).map { .init($0, $1) }))
}

/// A word with spaces before it up to a width.
func right(_ word: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - word.utf8.count)) + word
}
