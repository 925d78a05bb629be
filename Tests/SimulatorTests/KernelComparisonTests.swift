import Foundation
import NetworkTypes
import Netwright
import NetwrightTestSupport
import Simulator
import Testing

/// What the simulator says comes of a probe is what comes of it in the kernel.
@Suite struct KernelComparisonTests {
  /// How many files are made: 100, or as many as NETWRIGHT_COMPARISONS says.
  static let count = ProcessInfo.processInfo.environment["NETWRIGHT_COMPARISONS"].flatMap { Int($0) } ?? 100
  /// The first seed: 1, or what NETWRIGHT_SEED says.
  static let firstSeed = ProcessInfo.processInfo.environment["NETWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
  /// How many files a sandbox takes, one after the other.
  static let batch = 10

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)))
  func `pings come to the same`(_ start: Int) throws {
    var files = ["probe.sh": Self.probe]
    var text = ""
    var cases: [(seed: UInt64, machine: SimulatedMachine, yaml: String)] = []
    for seed in (start..<min(start + Self.batch, Self.count)).map({ Self.firstSeed + UInt64($0) }) {
      var generator = TopologyGenerator(seed: seed)
      let yaml = generator.file()
      guard let machine = SimulatedMachine(yaml),
        let script = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))]).script()
      else { continue }
      cases.append((seed, machine, yaml))
      files["\(seed).sh"] = script
      files["\(seed).pairs"] = machine.timedPairs
      text += "unshare --net --mount bash probe.sh \(seed) >\(seed).out 2>&1 &\n"
    }
    text += "wait\ncat *.out\n"
    let outcome = try KernelSandbox.run(text, files: files, seconds: 240)
    #expect(outcome.status == 0, "\(outcome.output.suffix(2000))\(outcome.errors)")
    let answers = Self.answers(outcome.output)
    let states = Self.states(outcome.output)
    for (seed, machine, yaml) in cases {
      var differences = ["up", "down"].filter { answers["\(seed) \($0)"] != nil }
      for pair in machine.pairs {
        let simulated = machine.outcome(of: pair)
        let real = answers["\(seed) \(pair.space) \(pair.target)"] ?? "no answer"
        if simulated != real {
          differences.append("\(pair.space) -> \(pair.target): the kernel says \(real), the simulator \(simulated)")
        }
      }
      differences += machine.stateDifferences(from: states, seed: seed)
      #expect(differences.isEmpty, "seed \(seed):\n\(differences.joined(separator: "\n"))\n\(yaml)")
    }
  }

  private static func answers(_ output: String) -> [String: String] {
    var result: [String: String] = [:]
    for line in output.split(separator: "\n") where line.hasPrefix("PROBE ") {
      let parts = line.split(separator: "|", maxSplits: 1)
      guard parts.count == 2 else { continue }
      result[String(parts[0].dropFirst(6))] = String(parts[1])
    }
    return result
  }

  private static func states(_ output: String) -> [String: String] {
    var result: [String: String] = [:]
    for line in output.split(separator: "\n") where line.hasPrefix("STATE ") {
      let parts = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      result[String(parts[0].dropFirst(6)), default: ""] += "\(parts[1])\n"
    }
    return result
  }

  /// Builds a network in a sandbox within the sandbox, pings every pair of `SEED.pairs` at once, and writes what came
  /// of each.
  static let probe = #"""
    seed=$1
    mkdir -p /etc/netns && mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /etc/netns ||
      exit
    sh "$seed.sh" up || echo "PROBE $seed up|failed"
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
      if [ "$1" = host ]; then set -- "$1" "$2" env; else set -- "$1" "$2" ip netns exec "$1"; fi
      local space=$1 target=$2 line
      shift 2
      out=$("$@" ping -n -c 1 -W 4 "$target" 2>&1)
      line=$(sed -nE '
        s/^([0-9]+) bytes from ([^ ]+): icmp_seq=1 ttl=([0-9]+) .*/reply \1 \2 \3/p; t end
        s/^From ([^ ]+) icmp_seq=1 (.*)$/error \1 \2/p; t end
        s/^ping: (connect|sendmsg): (.*)$/not sent \2/p; t end
        b
        :end
        q' <<<"$out")
      echo "PROBE $seed $space $target|${line:-silence}"
    }
    while read -r wait space target; do { sleep "$wait"; one "$space" "$target"; } & done <"$seed.pairs"
    wait
    sh "$seed.sh" down || echo "PROBE $seed down|failed"
    """#
}

extension SimulatedMachine {
  /// Somebody and an address to ping.
  struct Pair {
    let space: String
    let id: NamespaceID
    let target: IPAddress
  }

  /// Every namespace with every address of all.
  var pairs: [Pair] {
    spaces.flatMap { space in addresses.map { Pair(space: space.name, id: space.id, target: $0) } }
  }

  /// The pairs as the harness reads them, each with the seconds to wait: who gets errors of a router's gets no more than
  /// one a second (net.ipv4.route.error_cost).
  var timedPairs: String {
    var errors: [String: Int] = [:]
    return pairs.map { pair in
      let outcome = outcome(of: pair)
      let isRouting = outcome.hasPrefix("error")
      let wait = isRouting ? errors[pair.space, default: -1] + 1 : 0
      if isRouting { errors[pair.space] = wait }
      return "\(Double(wait) * 1.2) \(pair.space) \(pair.target)\n"
    }.joined()
  }

  /// What comes of a pair's ping, from the state that the machine is in.
  func outcome(of pair: Pair) -> String {
    var copy = kernel
    return copy.ping(pair.target, from: pair.id).first?.text ?? "none"
  }
}
