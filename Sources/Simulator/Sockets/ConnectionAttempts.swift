import NetworkTypes

/// How often a connection is asked for that nobody answers, and when: at first each second, then ever more rarely
/// (tcp_syn_linear_timeouts and tcp_syn_retries, ip-sysctl.rst; tcp_retransmit_timer).
///
/// As the kernel comes, a second after the first time and each second until the fifth, then after 7, 11, 19, 35 and 67;
/// it has failed after 131.
struct ConnectionAttempts {
  /// How often it is repeated each second.
  let linear: Int
  /// How often it is repeated after that, each time after twice the wait.
  let rarer: Int

  /// How often it is repeated (tcp_write_timeout).
  var most: Int { linear + rarer }

  /// How long the machine waits once it has repeated it so often: at most two minutes (TCP_RTO_MAX).
  func wait(after repetitions: Int) -> TimeSpan {
    .seconds(UInt64(min(120, 1 << min(max(0, repetitions - linear), 7))))
  }
}
