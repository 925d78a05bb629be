import Foundation
import NetworkTypes
import Plan
import Testing

/// The form of plans in JSON, by samples of every case, and what is said about one that is not of it.
@Suite struct PlanFormTests {
  private func decode(_ text: String) throws -> Plan { try JSONDecoder().decode(Plan.self, from: Data(text.utf8)) }

  /// The message of the error that decoding a text ends with.
  private func refusal(of text: String) throws -> String {
    let error = try #require(throws: DecodingError.self) { try decode(text) }
    guard case .dataCorrupted(let context) = error else { return "\(error)" }
    return context.debugDescription
  }

  @Test(arguments: OperationCase.allCases) func `decoding gives back what was encoded`(_ operation: OperationCase)
    throws
  {
    let samples = try samples(of: operation)
    #expect(!samples.isEmpty)
    for sample in samples { #expect(OperationCase(of: sample) == operation) }
    let plan = try plan(samples)
    #expect(try decode(try plan.json()) == plan)
  }

  @Test func `every kind has a sample`() throws {
    for kind in LinkKindCase.allCases {
      #expect(try samples(of: kind).map(LinkKindCase.init(of:)).contains(kind), "\(kind)")
    }
    for kind in QdiscKindCase.allCases {
      #expect(try samples(of: kind).map(QdiscKindCase.init(of:)).contains(kind), "\(kind)")
    }
    let chains = try everyRule(in: .host).tables.flatMap(\.chains)
    let matches = chains.flatMap(\.rules).flatMap(\.matches)
    #expect(Set(matches.map(NetfilterMatchCase.init(of:))) == Set(NetfilterMatchCase.allCases))
    let verdicts = chains.flatMap(\.rules).compactMap(\.verdict)
    #expect(Set(verdicts.map(NetfilterVerdictCase.init(of:))) == Set(NetfilterVerdictCase.allCases))
    let operations = try everySample().steps.map(\.operation)
    let routes = operations.compactMap { if case .addRoute(let route) = $0 { route.action } else { nil } }
    #expect(Set(routes.map(RouteActionCase.init(of:))) == Set(RouteActionCase.allCases))
    let rules = operations.compactMap { if case .addRule(let rule) = $0 { rule.action } else { nil } }
    #expect(Set(rules.map(RuleActionCase.init(of:))) == Set(RuleActionCase.allCases))
  }

  @Test func `the form is flat`() throws {
    let vxlan = LinkKind.vxlan(VXLANOptions(id: 42, local: nil, remote: nil, device: try value("eth0")))
    let plan = try plan([
      .addLink(AddLink(link: try link("vx0", in: "web"), kind: vxlan, mtu: 1450)),
      .addRoute(
        AddRoute(
          place: .host, destination: try value("10.0.0.0/8"),
          action: .unicast([NextHop(gateway: try value("172.17.0.2"), device: nil)]))),
    ])
    let origin = """
      "origin" : {
              "column" : 5,
              "file" : "lab/compose.yaml",
              "line" : 3,
              "subject" : "service web"
            }
      """
    #expect(
      try plan.json() == """
        {
          "instance" : "shop",
          "steps" : [
            {
              "kind" : {
                "device" : "eth0",
                "id" : 42,
                "kind" : "vxlan",
                "port" : 4789
              },
              "link" : {
                "name" : "vx0",
                "place" : "web"
              },
              "mtu" : 1450,
              "operation" : "addLink",
              \(origin)
            },
            {
              "action" : {
                "nextHops" : [
                  {
                    "gateway" : "172.17.0.2",
                    "isOnLink" : false,
                    "weight" : 1
                  }
                ],
                "type" : "unicast"
              },
              "destination" : "10.0.0.0/8",
              "operation" : "addRoute",
              \(origin),
              "place" : null
            }
          ],
          "version" : 1
        }
        """)
  }

  @Test func `the same plan gives the same bytes`() throws {
    let plan = try everySample()
    #expect(try plan.json() == (try plan.json()))
    #expect(try plan.json() == (try decode(try plan.json())).json())
  }

  @Test func `another version is refused`() throws {
    #expect(
      try refusal(of: #"{"version":2,"instance":"shop","steps":[]}"#)
        == "a plan of version 2; this program reads version 1")
  }

  /// A later version is refused as such, whatever else it says.
  @Test func `the version is read first`() throws {
    #expect(try refusal(of: #"{"version":7,"stages":{}}"#).contains("version 7"))
  }

  @Test func `unknown names are refused by name`() throws {
    func step(_ fields: String) -> String {
      #"""
      {"version":1,"instance":"shop","steps":[
        {"origin":{"subject":"s","file":"f","line":1,"column":1},\#(fields)}]}
      """#
    }
    let link = #""link":{"place":null,"name":"dev0"}"#
    #expect(try refusal(of: step(#""operation":"explode""#)).hasPrefix("unknown operation `explode`; known are addNa"))
    #expect(
      try refusal(of: step(#""operation":"addLink",\#(link),"kind":{"kind":"gre"}"#)).hasPrefix(
        "unknown kind of device `gre`; known are bridge, dummy"))
    #expect(
      try refusal(
        of: step(#""operation":"addRoute","place":null,"destination":"10.0.0.0/8","action":{"type":"nat"}"#)
      ) == "unknown type of route `nat`; known are unicast, blackhole, unreachable, prohibit")
    #expect(
      try refusal(
        of: step(#""operation":"addRule","place":null,"family":"ipv4","priority":1,"action":{"type":"goto"}"#)
      ) == "unknown type of rule `goto`; known are lookup, blackhole, unreachable, prohibit")
    #expect(
      try refusal(of: step(#""operation":"addQdisc",\#(link),"kind":{"kind":"htb"}"#))
        == "unknown queueing discipline `htb`; known are netem, tbf")
  }

  @Test func `malformed values are refused`() throws {
    let text = try everySample().json()
    for (good, bad) in [
      ("172.17.0.1/16", "172.17.0.300/16"), ("02:42:ac:11:00:02", "02:42"), ("\"v-web\"", "\"v web\""),
      ("\"shop\"", "\"Shop\""),
    ] {
      #expect(try refusal(of: text.replacing(good, with: bad)).contains("malformed"), "\(bad)")
    }
  }
}
