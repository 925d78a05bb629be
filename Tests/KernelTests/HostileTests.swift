import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// Whatever stands in a file, or in its name, none of it becomes a command.
@Suite struct HostileTests {
  /// Texts that would make a file /run/canary if any shell, or any tool with a language of its own, read them.
  static let texts = [
    "$(touch /run/canary)", "`touch /run/canary`", "; touch /run/canary #", "' ; touch /run/canary ; '",
    "\" ; touch /run/canary ; \"", "\ntouch /run/canary\n", "END\ntouch /run/canary", "a\\\n touch /run/canary",
    "|touch /run/canary", "&& touch /run/canary", "%n$(touch /run/canary)", "-batch /run/canary", "--help",
    "../../run/canary", "/run/canary", "a b", "a\tb", "*", "~", "\u{1B}]0;canary\u{7}", "é", "#", "!", "\u{0}",
  ]

  /// Files with a text in one place each; `@` marks it.
  static let places = [
    "services: { @: {} }", "services: { web: { hostname: @ } }", "services: { web: { container_name: @ } }",
    "services: { web: { extra_hosts: { @: 192.0.2.1 } } }", "services: { web: { extra_hosts: { far: @ } } }",
    "services: { web: { dns_search: [@], dns_opt: [@] } }",
    "services: { web: { sysctls: { net.ipv4.ip_forward: @ } } }",
    "services: { web: { sysctls: { @: 1 } } }",
    "services: { web: { networks: { lan: { interface_name: @, aliases: [@] } } } }\nnetworks: { lan: {} }",
    "services: { web: { networks: [@] } }\nnetworks: { @: {} }", "name: @\nservices: { web: {} }",
    "prefix: @\nservices: { web: {} }",
    "services: { web: { networks: [lan] } }\nnetworks: { lan: { driver_opts: { com.docker.network.bridge.name: @, com.docker.network.container_iface_prefix: @ } } }",
    "services: { web: { ports: [@] } }",
    "services: { web: { networks: [lan] } }\nnetworks: { lan: { driver_opts: { com.docker.network.bridge.trusted_host_interfaces: @, com.docker.network.host_ipv4: @ } } }",
    "routers: { a: { networks: [lan], firewall: { sets: { @: [10.0.0.0/8] }, input: { rules: [{ from: @, log: @, comment: @, limit: @, action: drop }] } } } }\nnetworks: { lan: {} }",
    "routers: { a: { networks: [lan], firewall: { input: { rules: [{ log: @, action: drop }, { comment: @, action: accept }] } } } }\nnetworks: { lan: {} }",
    "routers: { a: { networks: [lan], nat: [{ masquerade: @ }, { dnat: @, from: lan }] } }\nnetworks: { lan: {} }",
    "routers: { a: {}, b: {} }\nlinks: [{ endpoints: [\"a\", { node: b, interface: @ }] }]",
  ]

  @Test func `nothing in a file becomes a command`() throws {
    var files: [String: String] = [:]
    var text = ""
    for (place, template) in Self.places.enumerated() {
      for (number, hostile) in Self.texts.enumerated() {
        let yaml = template.replacing("@", with: quoted(hostile))
        for style in ScriptStyle.allCases {
          let compilation = compile([Input(name: "it.yaml", bytes: Array(yaml.utf8))])
          let firewall: ScriptFirewall = style == .fast ? .nftables : .iptables
          guard let script = compilation.script(style: style, firewall: firewall) else {
            #expect(compilation.hasErrors)
            continue
          }
          let name = "\(place)-\(number)-\(style.rawValue).sh"
          files[name] = script
          text +=
            "sh \(name) up >/dev/null 2>&1; sh \(name) down >/dev/null 2>&1\n[ ! -e /run/canary ] || { echo \(name); exit 1; }\n"
        }
      }
    }
    // Some are harmless names, and must be taken for what they are.
    #expect(files.count > 10)
    try expectNoCanary(text, files)
  }

  @Test func `nothing in a file's name becomes a command`() throws {
    var files: [String: String] = [:]
    var text = ""
    for (number, hostile) in Self.texts.enumerated() {
      let yaml = "services: { web: {} }"
      for style in ScriptStyle.allCases {
        let compilation = compile([Input(name: hostile, bytes: Array(yaml.utf8))])
        let name = "\(number)-\(style.rawValue).sh"
        files[name] = compilation.script(style: style)
        text +=
          "sh \(name) up >/dev/null 2>&1 || { echo up \(name); exit 1; }; sh \(name) down >/dev/null 2>&1\n[ ! -e /run/canary ] || { echo \(name); exit 1; }\n"
      }
    }
    try expectNoCanary(text, files)
  }

  private func expectNoCanary(_ text: String, _ files: [String: String]) throws {
    let outcome = try KernelSandbox.run(text, files: files, seconds: 240)
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  /// A text as a double-quoted scalar of YAML.
  private func quoted(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        default: scalar.value < 32 ? "\\x\(String(scalar.value + 256, radix: 16).dropFirst())" : String(scalar)
        }
      }.joined() + "\""
  }
}
