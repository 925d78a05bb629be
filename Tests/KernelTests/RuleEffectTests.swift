import Netwright
import NetwrightTestSupport
import Testing

/// What rules do that no probe of TCP or UDP shows: SCTP, limits, and lines of the kernel's log; loaded by nft and by
/// iptables.
@Suite struct RuleEffectTests {
  /// A published port and a firewall of SCTP.
  ///
  /// The simulator lists such rules; who tries what they are about is told that it isn't modelled.
  private static let associations = """
    name: assoc
    services:
      web:
        networks: { lan: { ipv4_address: 10.1.0.10 } }
        ports: ["8080:80/sctp"]
        firewall:
          input:
            policy: drop
            rules:
              - { protocol: sctp, ports: [80, 90-95], source_ports: 1024-65535, action: accept }
    networks: { lan: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } } }
    host: { interfaces: { eth0: { address: 192.0.2.10/24, gateway: 192.0.2.1 } } }

    """

  @Test(arguments: [
    (
      ScriptFirewall.nftables,
      [
        "host meta nfproto ipv4 sctp dport 8080 counter packets 1 bytes 52 dnat ip to 10.1.0.10:80",
        "host ct status dnat ip daddr 10.1.0.10 sctp dport 80 counter packets 1 bytes 52 accept",
        "web sctp sport 1024-65535 sctp dport { 80, 90-95 } counter packets 3 bytes 156 accept",
      ]
    ),
    (
      .iptables,
      [
        "host [1:52] -p sctp -m multiport --dports 8080 -j DNAT --to-destination 10.1.0.10:80",
        "host [1:52] -d 10.1.0.10/32 -p sctp -m conntrack --ctstate DNAT -m multiport --dports 80 -j ACCEPT",
        // iptables wants a rule for each range of two lists.
        "web [2:104] -p sctp -m multiport --sports 1024:65535 -m multiport --dports 80 -j ACCEPT",
        "web [1:52] -p sctp -m multiport --sports 1024:65535 -m multiport --dports 90:95 -j ACCEPT",
      ]
    ),
  ])
  func `SCTP is published and filtered`(_ firewall: ScriptFirewall, _ rules: [String]) throws {
    let compilation = compile([Input(name: "assoc.yaml", bytes: Array(Self.associations.utf8))])
    let compiled = compilation.script(firewall: firewall)
    let script = try #require(compiled)
    let outcome = try KernelSandbox.run(
      Reach.functions + """
        export NETWRIGHT='\(try Products.path("netwright"))'
        beyond 192.0.2.10/24 192.0.2.1/24 2001:db8::10/64 2001:db8::1/64
        check up sh assoc.sh up
        listed() {
          if [ \(firewall.rawValue) = nftables ]; then "$@" nft list ruleset; else "$@" iptables-save -c; fi
        }
        for space in host web; do
          run=; [ $space = host ] || run="ip netns exec $space"
          view='nft'; [ \(firewall.rawValue) = nftables ] || view='iptables-save -c'
          same "the simulator lists the rules of $space" \\
            "$("$NETWRIGHT" show -f assoc.yaml $space "$view" | grep sctp)" "$(listed $run | grep sctp)"
        done
        python3 sctp.py
        for space in host web; do
          run=; [ $space = host ] || run="ip netns exec $space"
          listed $run | grep sctp | sed -E "s/^\\s*/$space /; s/ -A nw[^ ]+//; s/ (-m comment --)?comment (\\"[^\\"]*\\"|[^ ]+)//"
        done
        check down sh assoc.sh down
        """, files: ["assoc.sh": script, "assoc.yaml": Self.associations, "sctp.py": Self.sender], seconds: 240)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(outcome.status == 0 && lines.last == "passed", "\(outcome.output)\(outcome.errors)")
    #expect(lines.filter { $0.contains("->") } == Self.arrivals, "\(outcome.output)\(outcome.errors)")
    #expect(
      Set(lines.filter { $0.contains("sctp") }) == Set(rules), "\(outcome.output)\(outcome.errors)")
  }

  /// What `web` sees of what is sent below: what isn't for 80 or 90 to 95 is dropped, as is what comes from below 1024.
  private static let arrivals = [
    "192.0.2.1:40000 -> 10.1.0.10:80", "10.1.0.1:40001 -> 10.1.0.10:95", "10.1.0.1:40002 -> 10.1.0.10:80",
  ]

  /// Sends the first chunk of an association (INIT, RFC 9260 §3.3.2), as few kernels have sockets for it.
  private static let sender = #"""
    import ctypes, os, socket, struct

    def enter(space):
        with open("/proc/1/ns/net" if space == "host" else "/run/netns/" + space) as file:
            if ctypes.CDLL(None).setns(file.fileno(), 0x40000000):
                raise OSError(space)

    def checksum(data):
        value = 0xffffffff
        for byte in data:
            value ^= byte
            for _ in range(8):
                value = value >> 1 ^ (0x82f63b78 if value & 1 else 0)
        return value ^ 0xffffffff

    def raw(space):
        enter(space)
        made = socket.socket(socket.AF_INET, socket.SOCK_RAW, 132)
        made.settimeout(10)
        return made

    web = raw("web")
    spaces = {"outside": raw("outside"), "host": raw("host")}
    for space, own, target, port in [
        ("outside", 40000, "192.0.2.10", 8080), ("host", 40001, "10.1.0.10", 95), ("host", 1023, "10.1.0.10", 80),
        ("host", 40003, "10.1.0.10", 96), ("outside", 40004, "192.0.2.10", 81), ("host", 40002, "10.1.0.10", 80),
    ]:
        chunk = struct.pack("!BBHIIHHI", 1, 0, 20, 1, 65536, 1, 1, 1)
        head = struct.pack("!HHI", own, port, 0)
        spaces[space].sendto(head + struct.pack("<I", checksum(head + b"\0" * 4 + chunk)) + chunk, (target, 0))
    # The last of them gets through, and what was sent before it has come or never will.
    own = 0
    while own != 40002:
        data, (sender, _) = web.recvfrom(2000)
        own, port = struct.unpack("!HH", data[20:24])
        print(f"{sender}:{own} -> {socket.inet_ntoa(data[16:20])}:{port}", flush=True)
    """#

  /// Two pings within an hour are let through, and one datagram a day is told that it isn't.
  private static let limits = """
    name: few
    services: { cli: { networks: { lan: { ipv4_address: 10.1.0.10 } } } }
    routers:
      edge:
        networks: { lan: { ipv4_address: 10.1.0.1 } }
        firewall:
          input:
            policy: drop
            rules:
              - { from: cli, icmp: echo-request, limit: 1/hour burst 2, log: "few: ", action: accept }
              - { from: cli, protocol: udp, ports: 1-9, limit: 2/day burst 1, action: reject }
              - { from: cli, protocol: udp, comment: silent, action: drop }
    networks: { lan: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } } }

    """

  @Test(arguments: ScriptFirewall.allCases)
  func `a limit lets through so many and no more`(_ firewall: ScriptFirewall) throws {
    let compilation = compile([Input(name: "few.yaml", bytes: Array(Self.limits.utf8))])
    let compiled = compilation.script(firewall: firewall)
    let script = try #require(compiled)
    let outcome = try KernelSandbox.run(
      """
      export NETWRIGHT='\(try Products.path("netwright"))'
      view='nft'; list='nft list ruleset'
      [ \(firewall.rawValue) = nftables ] || { view='iptables-save -c'; list='iptables-save -c'; }
      check up sh few.sh up
      simulate() { "$NETWRIGHT" simulate -f few.yaml --firewall \(firewall.rawValue) "$@"; }
      for number in 1 2 3 4 5; do ip netns exec cli ping -c 1 -W 1 10.1.0.1 >pings.$number & done
      wait
      same 'two pings are answered' 2 "$(cat pings.* | grep -c ' 1 received')"
      set --
      for number in 1 2 3 4 5; do set -- "$@" 'ping cli 10.1.0.1 -W 1'; done
      same 'and in the simulator' 2 "$(simulate "$@" | grep -c ' 1 received')"
      # What is refused, the second write says.
      for port in 3 4 5; do
        ip netns exec cli bash -c 'exec 3<>/dev/udp/10.1.0.1/'$port'; echo >&3; sleep 0.1; echo >&3' 2>&1
      done | grep -c refused >refusals
      same 'one datagram is refused' 1 "$(cat refusals)"
      for port in 3 4 5; do set -- "$@" "connect cli 10.1.0.1:$port/udp"; done
      same 'and in the simulator' 1 "$(simulate "$@" | grep -c refused)"
      # What was dropped in silence was sent twice here, and is left out.
      same 'the counters agree' "$(simulate "$@" "show edge $view" | grep -e 'few: ' -e REJECT -e reject)" \\
        "$(ip netns exec edge $list | grep -e 'few: ' -e REJECT -e reject)"
      ip netns exec edge $list | grep -e 'few: ' | grep -c -e 'packets 2 bytes 168' -e '\\[2:168\\]'
      "$NETWRIGHT" trace -f few.yaml cli 10.1.0.1 | grep -o 'logs few: IN=eth0 OUT= .*'
      check down sh few.sh down
      """, files: ["few.sh": script, "few.yaml": Self.limits], seconds: 240)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(outcome.status == 0 && lines.last == "passed", "\(outcome.output)\(outcome.errors)")
    #expect(lines.first == "1", "two packets of 84 bytes are counted: \(outcome.output)")
    #expect(
      lines.contains {
        $0.hasPrefix("logs few: IN=eth0 OUT= MAC=02:42:0a:01:00:01:02:42:0a:01:00:0a:08:00 SRC=10.1.0.10 DST=10.1.0.1 ")
      }, "\(outcome.output)")
  }
}
