package import NetworkTypes

extension NetfilterLimit {
  /// How many parts iptables divides a second into (XT_LIMIT_SCALE).
  private static let scale: UInt64 = 10_000
  /// The greatest burst (libxt_limit).
  private static let mostBurst: UInt32 = 10_000

  /// The limit that iptables makes of it: it keeps the time between two packets, in ten-thousandths of a second, and no
  /// more than so many packets a second (libxt_limit.c: parse_rate, nft.c: add_nft_limit).
  package var inIptables: NetfilterLimit {
    let interval = max(1, Self.scale * unit.seconds / UInt64(max(1, packets)))
    var best: (Unit, UInt64) = (.day, Self.scale * Unit.day.seconds / interval)
    for unit in [Unit.hour, .minute, .second] {
      let whole = Self.scale * unit.seconds
      if interval > whole || whole / interval < whole % interval { break }
      best = (unit, whole / interval)
    }
    return NetfilterLimit(packets: UInt32(best.1), per: best.0, burst: min(burst, Self.mostBurst))
  }
}

extension NetfilterLimit.Unit {
  fileprivate var seconds: UInt64 {
    switch self {
    case .second: 1
    case .minute: 60
    case .hour: 3600
    case .day: 86400
    }
  }

  /// The word of iptables-save(8).
  package var iptablesWord: String {
    switch self {
    case .second: "sec"
    case .minute: "min"
    case .hour: "hour"
    case .day: "day"
    }
  }
}
