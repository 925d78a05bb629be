import NetworkTypes
import Plan

extension Emitter {
  /// `tc qdisc add … root`.
  mutating func emit(_ operation: AddQdisc) {
    let device: ShellText = "dev \(operation.link.name) root"
    let words: ShellText
    switch operation.kind {
    case .netem(let options): words = "netem\(options.words)"
    case .tbf(let options): words = "tbf\(options.words)"
    }
    add(
      .tc, in: operation.link.place, "qdisc add \(device) \(words)",
      undo: isForeign(operation.link) ? "qdisc del \(device)" : nil)
  }
}

extension NetemOptions {
  /// What follows `netem` (tc-netem(8)).
  fileprivate var words: ShellText {
    var text = ShellText()
    if let delay {
      text += " delay \(delay.microseconds)"
      if let jitter { text += " \(jitter.microseconds)" }
    }
    if let loss { text += " loss \(loss)" }
    if let duplicate { text += " duplicate \(duplicate)" }
    if let corrupt { text += " corrupt \(corrupt)" }
    if let reorder { text += " reorder \(reorder)" }
    if let rate { text += " rate \(rate)" }
    return text
  }
}

extension TBFOptions {
  /// What follows `tbf` (tc-tbf(8)); a bare burst is in bytes.
  fileprivate var words: ShellText { " rate \(rate) burst \(burst) latency \(latency.microseconds)" }
}

extension TimeSpan {
  /// The span in a unit that every tc takes: older ones know no nanoseconds, but all know fractions.
  fileprivate var microseconds: String {
    guard nanoseconds % 1000 != 0 else { return description }
    let fraction = String(nanoseconds % 1000)
    return "\(nanoseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)us"
  }
}
