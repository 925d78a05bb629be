import Foundation
import NetwrightTestSupport
import Testing

/// What the kernel says of networks with rules: what comes of the probes, what the rules count, which connections it
/// knows.
struct FilteredAnswers {
  /// What came of each probe, by job and the probe's number.
  private(set) var outcomes: [String: String] = [:]
  /// What programs print, by job, namespace and command line.
  private(set) var states: [String: String] = [:]

  /// Builds networks side by side, each in a sandbox of its own, and tries what is to be tried one after the other.
  ///
  /// - Parameter labs: the networks by name.
  /// - Throws: When the sandbox can't be made.
  init(_ labs: [(name: String, lab: FilteredLab)]) throws {
    let prober = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Support/netfilter-prober.py").standardized
    var files = ["one.sh": Self.program, "prober.py": try String(contentsOf: prober, encoding: .utf8)]
    var text = ""
    for (name, lab) in labs {
      files["\(name).script"] = lab.script
      files["\(name).rules"] = lab.rulesScript
      files["\(name).list"] = lab.list
      // Each of every namespace; a view may make what a later one shows, as `iptables -L` makes chains.
      files["\(name).views"] = lab.views.map { "\($0.command)\n" }.joined()
      text += "unshare --net --mount bash one.sh \(name) >\(name).out 2>&1 &\n"
    }
    text += "wait\ncat *.out\n"
    let outcome = try KernelSandbox.run(text, files: files, seconds: 600)
    #expect(outcome.status == 0, "\(outcome.output.suffix(2000))\(outcome.errors)")
    for line in outcome.output.split(separator: "\n") {
      let parts = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        outcomes["stray", default: ""] += "\(line)\n"
        continue
      }
      if parts[0].hasPrefix("PROBE ") {
        outcomes[String(parts[0].dropFirst(6))] = String(parts[1])
      } else if parts[0].hasPrefix("STATE ") {
        states[String(parts[0].dropFirst(6)), default: ""] += "\(parts[1])\n"
      } else {
        outcomes["stray", default: ""] += "\(line)\n"
      }
    }
  }

  private static let program = #"""
    name=$1
    mkdir -p /etc/netns && mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /etc/netns ||
      exit
    ip link set lo up
    # Time is as long as it takes on a busy machine: what is forgotten, repeated or refused by time is so later.
    settle() {
      for key in ipv4.icmp_ratelimit=0 ipv6.icmp.ratelimit=0 ipv4.icmp_msgs_per_sec=100000 ipv4.icmp_msgs_burst=100000 \
        ipv4.tcp_synack_retries=0 ipv4.conf.all.accept_redirects=1 \
        netfilter.nf_conntrack_tcp_timeout_close=600 netfilter.nf_conntrack_icmp_timeout=600 \
        netfilter.nf_conntrack_icmpv6_timeout=600 netfilter.nf_conntrack_udp_timeout=600; do
        sysctl -q -w "net.$key" 2>/dev/null
      done
      # Who doesn't answer is given up, and its error heard, before the next probe is made.
      for key in /proc/sys/net/ipv[46]/neigh/*/retrans_time_ms; do echo 50 >"$key"; done
    }
    echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables
    echo 0 >/proc/sys/net/bridge/bridge-nf-call-ip6tables
    sh "$name.script" up >"$name.up" 2>&1 || { echo "PROBE $name up|$(tr '\n' ' ' <"$name.up")"; exit; }
    for try in $(seq 30); do
      { ip addr; for netns in $(ls /run/netns); do ip -n "$netns" addr; done; } | grep -q tentative || break
      sleep 0.3
    done
    settle
    for netns in $(ls /run/netns); do ip netns exec "$netns" bash -c "$(declare -f settle); settle"; done
    # What hosts say by themselves of the groups that they listen to, they say in the first seconds.
    sleep 2.5
    sh "$name.rules" up >"$name.up" 2>&1 || { echo "PROBE $name up|$(tr '\n' ' ' <"$name.up")"; exit; }
    mkfifo "$name.hold"
    exec 7<>"$name.hold"
    { cat "$name.list"; read -r <&7; } | "${NETWRIGHT_PYTHON:-python3}" prober.py >"$name.results" 2>"$name.trouble" &
    for try in $(seq 1200); do
      grep -q '^END$' "$name.results" && break
      kill -0 $! 2>/dev/null || break
      sleep 0.1
    done
    sed "/^END$/d; s/^/PROBE $name /" "$name.results"
    sed "s/^/TROUBLE $name /" "$name.trouble"
    within() { if [ "$1" = host ]; then shift; "$@"; else ip netns exec "$@"; fi; }
    IFS=';'
    for space in host $(ls -m /run/netns | sed 's/, /;/g; s/,$/;/' | tr -d '\n'); do
      while read -r view; do
        (IFS=' '; within "$space" $view 2>/dev/null </dev/null) | sed "s/^/STATE $name $space $view|/"
      done <"$name.views"
    done
    echo >&7
    wait
    """#
}
