import NetworkTypes
import Plan

/// Rules with every match and every verdict, in both families.
func everyRule(in place: Place) throws -> LoadRuleset {
  func rule(_ matches: [NetfilterMatch], _ verdict: NetfilterVerdict?, log: NetfilterLog? = nil) throws -> NetfilterRule
  {
    NetfilterRule(matches, log: log, verdict, comment: try value("web publishes 8080/tcp"), origin: somewhere)
  }
  func chain(_ name: String, _ base: NetfilterChain.Base? = nil, _ rules: [NetfilterRule]) throws -> NetfilterChain {
    NetfilterChain(name: try value(name), base: base, rules: rules)
  }
  let forward = try chain(
    "forward", .init(.forward, .filter, dropsByDefault: true),
    [
      rule([.connectionState([.established, .related])], .accept),
      rule([.output(.init([value("br-front")]))], .jump(value("into-front"))),
      rule([.family(.ipv4), .source(.init([value("10.0.0.0/8"), value("192.168.7.7/32")], isNegated: true))], .drop),
      rule([.limit(.init(packets: 5, per: .minute, burst: 9))], nil, log: .init(prefix: value("lost: "))),
      rule([.connectionState([.invalid, .untracked, .new])], nil, log: .init()),
    ])
  let into = try chain(
    "into-front", nil,
    [
      rule([.input(.init([value("eth0"), value("eth1")], isNegated: true))], .return),
      rule([.transport(.tcp), .sourcePort(.init([value("1024-65535")]))], .reject(.tcpReset)),
      rule([.transport(.udp), .destinationPort(.init([value("53"), value("5353")]))], .reject(.portUnreachable)),
      rule([.icmp(.ipv6), .icmpType(.init([128, 129]))], .reject(.adminProhibited)),
      rule([.destinationWasTranslated(true), .sourceIsLocal(false)], .accept),
    ])
  let to = try chain(
    "to", .init(.prerouting, .dstnat),
    [
      rule(
        [.destinationIsLocal(true), .transport(.sctp), .destinationPort(.init([value("8080")]))],
        .dnat(.init(value("2001:db8::10"), ports: value("80")))),
      rule([.destination(.init([value("10.0.0.1/32")]))], .redirect(ports: value("1000-1010"))),
    ])
  let from = try chain(
    "from", .init(.postrouting, .srcnat),
    [
      rule([.output(.init([value("eth0")]))], .snat(.init(value("192.0.2.1")))),
      rule([.transport(.tcp)], .masquerade(ports: value("1024-2000"))),
      rule([], .masquerade(ports: nil)),
    ])
  let ports = try NetfilterSelection<InterfaceName>([value("v-web"), value("v-db")])
  let bridge = try chain("between", .init(.forward, .filter), [rule([.input(ports), .output(ports)], .drop)])
  return LoadRuleset(
    place: place,
    tables: [
      NetfilterTable(family: .inet, chains: [forward, into, to, from]),
      NetfilterTable(family: .bridge, chains: [bridge]),
    ])
}
