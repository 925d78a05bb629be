import NetwrightTestSupport
import Testing

/// What the kernel says: to probes, and of its state.
struct KernelAnswers {
  /// A network to build and what to try in it.
  struct Job {
    /// What its answers are told apart by.
    let name: String
    /// The script that builds it.
    let script: String
    /// The probes, one a line, each with the seconds to wait before it.
    let probes: String
  }

  /// What came of each probe, by the job's name and the probe's.
  private(set) var probes: [String: String] = [:]
  /// What programs print, by the job's name, the namespace and the command line.
  private(set) var states: [String: String] = [:]

  /// Builds networks side by side, each in a sandbox of its own, and asks.
  init(_ jobs: [Job]) throws {
    guard !jobs.isEmpty else { return }
    var files = ["probe.sh": Self.program]
    var text = ""
    for job in jobs {
      files["\(job.name).sh"] = job.script
      files["\(job.name).probes"] = job.probes
      text += "unshare --net --mount bash probe.sh \(job.name) \(job.name).sh >\(job.name).out 2>&1 &\n"
    }
    text += "wait\ncat *.out\n"
    let outcome = try KernelSandbox.run(text, files: files, seconds: 240)
    #expect(outcome.status == 0, "\(outcome.output.suffix(2000))\(outcome.errors)")
    for line in outcome.output.split(separator: "\n") {
      let parts = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      if parts[0].hasPrefix("PROBE ") {
        probes[String(parts[0].dropFirst(6))] = String(parts[1])
      } else if parts[0].hasPrefix("STATE ") {
        states[String(parts[0].dropFirst(6)), default: ""] += "\(parts[1])\n"
      }
    }
  }

  /// Builds a network in a sandbox within the sandbox, tries every probe of JOB.probes at once, and writes what came of
  /// each.
  private static let program = #"""
    seed=$1 script=$2
    mkdir -p /etc/netns && mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /etc/netns ||
      exit
    sh "$script" up || echo "PROBE $seed up|failed"
    # Ports listen and learn, addresses are tentative for a while.
    for try in $(seq 20); do
      { bridge link; ip addr
        for netns in $(ls /run/netns 2>/dev/null); do bridge -n "$netns" link; ip -n "$netns" addr; done; } |
        grep -qE 'state l|tentative' || break
      sleep 0.5
    done
    # All ask at once, and so would get fewer errors than alone.
    for netns in $(ls /run/netns 2>/dev/null); do
      ip netns exec "$netns" sysctl -q -w net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
    done
    sysctl -q -w net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
    sleep 1
    spaces="host $(ls /run/netns 2>/dev/null)"
    within() { if [ "$1" = host ]; then shift; "$@"; else ip netns exec "$@"; fi; }
    for space in $spaces; do
      for view in 'ip addr' 'ip route show table all' 'ip rule' 'ip -6 rule' 'bridge link' 'bridge vlan' 'brctl show'; do
        case $view in brctl*) command -v brctl >/dev/null || continue ;; esac
        within "$space" $view 2>&1 | sed "s/^/STATE $seed $space $view|/"
      done
    done
    one() {
      local space=$1 target=$2 kind=$3 line host
      shift 3
      case $kind in
      ping)
        out=$(within "$space" ping -n -c 1 -W 4 "$@" "$target" 2>&1)
        line=$(sed -nE '
          s/^([0-9]+) bytes from ([^ ]+): icmp_seq=1 ttl=([0-9]+) .*/reply \1 \2 \3/p; t end
          s/^From ([^ ]+) icmp_seq=1 (.*)$/error \1 \2/p; t end
          s/^ping: (connect|sendmsg): (.*)$/not sent \2/p; t end
          s/^ping: local error: message too long, mtu[:=] ?([0-9]+)$/too long \1/p; t end
          b
          :end
          q' <<<"$out")
        ;;
      *)
        # A datagram's error is heard of when something is read.
        out=$(within "$space" timeout 4 bash -c 'exec 3<>"/dev/$0/$1/81" && { [ "$0" = tcp ] || echo >&3; read -r <&3; }' \
          "$kind" "$target" 2>&1)
        line=$(sed -nE 's/^.*: (Connection refused|No route to host|Network is unreachable|Permission denied|Invalid argument)$/failed \1/p; t end
          b
          :end
          q' <<<"$out")
        ;;
      esac
      echo "PROBE $seed $space $target $kind${*:+ $*}|${line:-silence}"
    }
    while read -r wait space target kind; do
      { sleep "$wait"; one "$space" "$target" $kind; } &
    done <"$seed.probes"
    wait
    sh "$script" down || echo "PROBE $seed down|failed"
    """#
}
