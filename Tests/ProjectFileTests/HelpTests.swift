import Diagnostics
import ProjectFile
import Testing

/// What a finding advises says what to write, or where.
@Suite struct HelpTests {
  @Test(arguments: [
    ("firewall: {}", "`firewall` is a key of a service, a router or a host"),
    ("routers: { edge: { network_mode: none } }", "`network_mode` is a key of a service"),
    ("routers: { edge: { rotes: [] } }", "did you mean `routes`?"),
    ("services: { web: { ipv4_address: 10.0.0.2 } }", "`ipv4_address` is a key of a service's network"),
    ("services: { web: { external: true } }", "`external` is a key of a network"),
    ("routers: { edge: { address: 10.0.0.2/24 } }", "`address` is a key of a host interface"),
    ("services: { web: { healthc: {} } }", "did you mean `healthcheck`?"),
    ("image: nginx", "`image` is a key of a service"),
    (
      "networks: { lan: { driver_opts: { mtu: 1400 } } }", "did you mean `com.docker.network.driver.mtu`?"
    ),
    (
      "services: { web: { colour: red } }",
      "what is only for people or other tools can stand under a key that starts with `x-`"
    ),
    ("services: { web: { networks: , lan: {} } }", "indent it, and what belongs there too, further"),
    (
      "networks: { lan: { ipam: { config: { -subnet: 10.0.0.0/24 } } } }",
      "put a blank after the hyphen: - subnet: …"
    ),
    ("networks: { lan: { ipam: { config: { subnet: 10.0.0.0/24 } } } }", "begin it with a hyphen: - subnet: …"),
    ("routers: { edge: { routes: [{ to: defualt, dev: eth0 }] } }", "did you mean `default`?"),
    ("routers: { edge: { routes: [{ to: everywhere, dev: eth0 }] } }", "write `default`, ADDRESS or ADDRESS/LENGTH"),
    (
      "routers: { edge: { routes: [{ to: 10.1.0.0/33, dev: eth0 }] } }",
      "write ADDRESS/LENGTH, as in 10.0.0.0/24 or fd00::/64"
    ),
    (
      "routers: { edge: { rules: [{ from: all, table: 100 }] } }", "leave the key out: without it every address matches"
    ),
    ("links: [{ endpoints: [a, b], impairment: { delay: 275s } }]", "write a number and its unit, up to 274s: 10ms"),
    (
      "links: [{ endpoints: [a, b], impairment: { rate: 7bit } }]", "write a number and its unit, from 8bit on: 100mbit"
    ),
    (
      "links: [{ endpoints: [a, b], impairment: { loss: 0.0000001% } }]",
      "write a number up to 100, four digits after the point at most, and a percent sign: 0.1%"
    ),
  ])
  func `says what to write`(_ text: String, _ help: String) {
    let source = SourceText(name: "lab.yaml", bytes: Array(text.utf8))
    let findings = loadProject([source], options: LoadOptions(), files: .none).diagnostics
    #expect(findings.first?.help == help, "\(findings)")
  }
}
