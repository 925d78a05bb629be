import Foundation
import NetwrightTestSupport
import Testing

/// The command as a whole process: what it prints, and how it ends.
@Suite struct CommandTests {
  static let good =
    "services: { web: { networks: { lan: { ipv4_address: 10.0.0.7 } } } }\nnetworks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }\n"

  @Test func `good files`() throws {
    for command in [
      ["validate"], ["config"], ["plan"], ["plan", "--format", "json"], ["compile"], ["compile", "--style", "plain"],
    ] {
      let outcome = try run(command + ["-f", "-"], input: Self.good)
      #expect(outcome.status == 0 && outcome.errors == "", "\(command): \(outcome.errors)")
      #expect(outcome.output.isEmpty == (command == ["validate"]))
    }
  }

  static let pair = """
    services:
      web: { networks: { lan: { ipv4_address: 10.0.0.7 } } }
      db: { networks: { lan: { ipv4_address: 10.0.0.8 } }, expose: ["5432"] }
    networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
    checks:
      - { from: web, to: "db:5432", expect: reachable }
      - { from: web, to: "db:81", expect: reachable }

    """

  @Test(arguments: [
    ("ping web db", 0, "64 bytes from db (10.0.0.8): icmp_seq=1 ttl=64 time="),
    ("ping web 10.0.0.9", 1, "From 10.0.0.7 icmp_seq=1 Destination Host Unreachable"),
    ("ping web 10.0.0.8 -s 2000 --df", 1, "ping: local error: message too long, mtu=1500"),
    ("traceroute web db", 0, " 1  db (10.0.0.8)  "),
    ("connect web db:5432/tcp", 0, "10.0.0.8:5432/tcp: connected from 10.0.0.7"),
    ("connect web db:5433/tcp", 1, "10.0.0.8:5433/tcp: Connection refused"),
    ("connect web db:53/udp", 1, "10.0.0.8:53/udp: Connection refused"),
    ("trace web db", 0, "br-lan  learns: 02:42:0a:00:00:07 is behind v-web-eth0"),
    ("show web ip route", 0, "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.7 "),
    ("simulate", 0, ", all would go well"),
    ("up --dry-run", 0, "\tok\tadd namespace web"),
    ("test", 1, "FAIL  web -> db:81/tcp is reachable\n      <stdin>:7: 10.0.0.8:81/tcp: Connection refused"),
    ("test --format tap", 1, "not ok 2 - web -> db:81/tcp is reachable"),
    ("test --format junit", 1, "failures=\"1\""),
    ("test --format json", 1, "\"status\": \"failed\""),
  ])
  func `what the simulator says`(_ words: String, _ status: Int, _ text: String) throws {
    let outcome = try run(words.split(separator: " ").map(String.init) + ["-f", "-"], input: Self.pair)
    #expect(outcome.status == status && outcome.output.contains(text), "\(outcome.output)\(outcome.errors)")
  }

  @Test(arguments: ["ping web db -c +1", "ping web db -s +8", "ping web db -t +3", "simulate --seed +1"])
  func `numbers have no sign`(_ words: String) throws {
    let outcome = try run(words.split(separator: " ").map(String.init) + ["-f", "-"], input: Self.pair)
    #expect(outcome.status == 2 && outcome.errors.contains("The value '+"), "\(outcome.output)\(outcome.errors)")
  }

  /// Help is broken at 80 columns; a command that is broken can't be copied.
  @Test func `examples in help fit into their lines`() throws {
    let names = try run(["help"], input: "").output.components(separatedBy: "SUBCOMMANDS:\n")[1]
      .matches(of: #/(?m)^  ([a-z]+)  /#).map { String($0.1) }
    try #require(names.count > 15)
    for name in names + [""] {
      let help = try run(["help"] + (name.isEmpty ? [] : [name]), input: "").output
      let examples = help.components(separatedBy: "\nExamples:\n").dropFirst().first?.components(separatedBy: "\n\n")[0]
      for line in (examples ?? "").split(separator: "\n") { #expect(line.hasPrefix("  "), "help \(name): \(line)") }
    }
  }

  @Test func `a scenario`() throws {
    let steps = ["ping web db", "set db eth0 down", "wait 40s", "ping web db -W 5", "show web ip neigh"]
    let outcome = try run(["simulate", "-f", "-"] + steps, input: Self.pair)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("$ set db eth0 down\n$ wait 40s\n"))
    #expect(outcome.output.contains("64 bytes from db") && outcome.output.contains("100% packet loss"))
    for wrong in ["fly web", "ping web", "connect web db", "wait soon", "show web everything", "ping nobody db"] {
      let refused = try run(["simulate", "-f", "-", wrong], input: Self.pair)
      #expect(refused.status == 2 && refused.errors.hasPrefix("netwright: `\(wrong)`: "), "\(refused.errors)")
    }
    let taken = try run(
      ["simulate", "-f", "-", "listen web 80/tcp", "listen db 80/tcp", "listen web 80/tcp"], input: Self.pair)
    #expect(taken.status == 1 && taken.output.hasSuffix("$ listen web 80/tcp\nbind: Address already in use\n"))
    let looked = try run(["show", "host", "bridge", "fdb", "--after", "ping web db", "-f", "-"], input: Self.pair)
    #expect(looked.output.contains("02:42:0a:00:00:08 dev v-db-eth0 master br-lan \n"))
  }

  @Test func `errors go to where people and programs look for them`() throws {
    let bad = Self.good.replacing("10.0.0.7", with: "10.0.1.7")
    let validate = try run(["validate", "-f", "-"], input: bad)
    #expect(validate.status == 1 && validate.output.contains("error[NW0301 address-outside-subnet]"))
    #expect(validate.output.contains("<stdin>:1:") && !validate.output.contains("\u{1B}"))
    let json = try run(["validate", "--format", "json", "-f", "-"], input: bad)
    #expect(json.status == 1 && json.output.contains("\"code\" : \"NW0301\""))
    for command in ["config", "plan", "compile"] {
      let outcome = try run([command, "-f", "-"], input: bad)
      #expect(outcome.status == 1 && outcome.output == "" && outcome.errors.contains("NW0301"))
    }
  }

  @Test func `usage errors end with 2, help with 0`() throws {
    for arguments in [
      ["nonsense"], ["validate", "--nonsense"], ["plan", "--format", "xml"], ["exec", "web"], ["down", "BAD NAME"],
      ["down", "BAD NAME", "--rootless"], ["status", "BAD NAME"],
    ] {
      #expect(try run(arguments).status == 2, "\(arguments)")
    }
    for command in [
      "validate", "config", "plan", "compile", "up", "down", "ls", "status", "exec", "run", "simulate", "test",
      "ping", "traceroute", "connect", "trace", "show", "schema", "init",
    ] {
      let outcome = try run([command, "--help"])
      #expect(outcome.status == 0 && outcome.output.contains("USAGE: netwright \(command)"))
    }
    #expect(try run(["--version"]).output.hasPrefix("netwright "))
    for shell in ["bash", "zsh", "fish"] {
      #expect(try run(["--generate-completion-script", shell]).output.contains("netwright"))
    }
  }

  @Test func `files that can't be read or aren't any`() throws {
    let folder = try Folder()
    #expect(try run(["validate", "-f", "missing.yaml"], in: folder.path).status == 1)
    #expect(try run(["validate", "-f", "."], in: folder.path).status == 1)
    #expect(try run(["validate"], in: folder.path).errors.contains("no input"))
    let deep = String(repeating: "[", count: 10_000)
    let bomb =
      "a: &a [x, x, x, x, x, x, x, x, x]\n"
      + (0..<12).map { level in
        "\(Character(UnicodeScalar(UInt8(98 + level)))): &\(Character(UnicodeScalar(UInt8(98 + level)))) [\(Array(repeating: "*\(Character(UnicodeScalar(UInt8(97 + level))))", count: 9).joined(separator: ", "))]\n"
      }.joined()
    for (name, bytes) in [
      ("empty", Data()), ("binary", Data((0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 37) })),
      ("deep", Data(deep.utf8)), ("bomb", Data(bomb.utf8)), ("large", Data(repeating: 32, count: 100 << 20)),
      ("latin1", Data([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9, 0x0a])), ("tab", Data("services:\n\tweb: {}\n".utf8)),
    ] {
      try bytes.write(to: folder.url.appending(path: name))
      // It takes a fraction of a second; a minute is for a busy machine, and too little for what grows beyond bounds.
      let outcome = try run(["compile", "-f", name], in: folder.path, seconds: 60)
      #expect(outcome.status == 1 && outcome.output == "" && !outcome.errors.isEmpty, "\(name): \(outcome)")
    }
    let utf16 = try #require(Self.good.data(using: .utf16))
    try utf16.write(to: folder.url.appending(path: "utf16"))
    #expect(try run(["validate", "-f", "utf16"], in: folder.path).status == 0)
  }

  /// A file with very many parts of a kind.
  struct Large: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What its error says, if it has one.
    let error: String?
    let yaml: String

    init(
      _ name: String, _ error: String? = nil, count: Int, head: String = "services:", _ line: (Int) -> String,
      tail: String = ""
    ) {
      testDescription = name
      self.error = error
      yaml = head + "\n" + (0..<count).map { line($0) + "\n" }.joined() + tail
    }
  }

  /// Chains longer than any stack, and numbers at which nothing may be looked at once for each other.
  ///
  /// All take a second or so where the command is optimised; a minute is for a busy machine.
  @Test(arguments: [
    Large("extends", "NW0410", count: 5000, { "  s\($0): { extends: s\($0 + 1) }" }, tail: "  s5000: {}"),
    Large(
      "depends_on", count: 5000, { "  s\($0): { network_mode: none, depends_on: [s\($0 + 1)] }" },
      tail: "  s5000: { network_mode: none }"),
    Large("network_mode", count: 5000, { "  s\($0): { network_mode: 'service:s\($0 + 1)' }" }, tail: "  s5000: {}"),
    Large("a circle", "NW0204", count: 5000, { "  s\($0): { network_mode: 'service:s\(($0 + 1) % 5000)' }" }),
    Large(
      "VLANs on each other", "NW0412", count: 5000,
      head: "routers:\n  r:\n    interfaces:\n      v0: { type: dummy }",
      { "      v\($0 + 1): { type: vlan, parent: v\($0), id: 1 }" }),
    Large(
      "variables in each other", "more than 100 deep", count: 5000, head: "name:", { _ in "  ${A:-" },
      tail: "  \(String(repeating: "}", count: 5000))"),
    Large(
      "automatic networks", count: 2000, { "  s\($0): { networks: [n\($0)] }" },
      tail: "networks:\n"
        + (0..<2000).map { "  n\($0): { enable_ipv4: false, enable_ipv6: true }\n" }.joined()),
    Large("firewalls", count: 4000, { "  s\($0): { network_mode: none, firewall: { input: { policy: drop } } }" }),
    Large(
      "names in rules", count: 4000,
      {
        "  s\($0): { network_mode: none, firewall: { input: { rules: [{ from: s\(3999 - $0), action: drop }] } } }"
      }),
    Large(
      "rules", count: 10_000,
      head: "services:\n  s:\n    network_mode: none\n    firewall:\n      input:\n        rules:",
      { "          - { protocol: tcp, ports: [\($0 + 1)], action: drop }" }),
    Large(
      "ports of one service", count: 25_000, head: "services:\n  s:\n    network_mode: none\n    ports:",
      { "      - '\($0 + 30_000):\($0 + 1)'" }),
    Large(
      "networks that services take by name", count: 10_000,
      head: "networks:\n" + (0..<4000).map { "  n\($0): { driver: none }\n" }.joined() + "services:",
      { "  s\($0): { network_mode: n\($0 % 4000) }" }),
    Large(
      "links", count: 2000, head: "routers: { a: {}, b: {} }\nlinks:", { _ in "  - { endpoints: [a, b] }" }),
  ])
  func `long chains and large numbers`(_ large: Large) throws {
    let folder = try Folder()
    try Data(large.yaml.utf8).write(to: folder.url.appending(path: "large.yaml"))
    let outcome = try run(["compile", "-f", "large.yaml"], in: folder.path, seconds: 60)
    #expect(outcome.status == (large.error == nil ? 0 : 1), "\(outcome.errors.prefix(1000))")
    if let error = large.error { #expect(outcome.errors.contains(error), "\(outcome.errors.prefix(1000))") }
  }

  @Test func `the default file is looked for here and above, an override beside it`() throws {
    let folder = try Folder()
    try Self.good.write(to: folder.url.appending(path: "compose.yaml"), atomically: false, encoding: .utf8)
    try "services: { extra: {} }".write(
      to: folder.url.appending(path: "compose.override.yaml"), atomically: false, encoding: .utf8)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "deep/er"), withIntermediateDirectories: true)
    #expect(try run(["plan"], in: folder.path + "/deep/er").output.contains("extra"))
    try Self.good.write(to: folder.url.appending(path: "netwright.yaml"), atomically: false, encoding: .utf8)
    #expect(!(try run(["plan"], in: folder.path).output.contains("extra")))
    #expect(
      try run(["plan", "-f", "netwright.yaml", "-f", "compose.override.yaml"], in: folder.path).output.contains("extra")
    )
    #expect(try run(["plan", "-p", "mine", "--prefix", "x"], in: folder.path).output.hasPrefix("x-mine: "))
  }

  @Test func `init writes a file that works, once`() throws {
    let folder = try Folder()
    #expect(try run(["init"], in: folder.path).status == 0)
    #expect(try run(["validate"], in: folder.path).status == 0)
    #expect(try run(["init"], in: folder.path).status == 3)
    #expect(try run(["compile", "-o", "it.sh"], in: folder.path).output == "")
    #expect(try String(contentsOf: folder.url.appending(path: "it.sh"), encoding: .utf8).hasPrefix("#!/bin/sh"))
    #expect(try run(["compile", "-o", "no/such/folder"], in: folder.path).status == 3)
  }

  @Test func `the resolved file resolves to itself, and to the same plan`() throws {
    let examples = Products.repository.appending(path: "Examples")
    for name in try FileManager.default.contentsOfDirectory(atPath: examples.path).sorted() {
      let folder = examples.appending(path: name)
      guard
        let file = try? FileManager.default.contentsOfDirectory(atPath: folder.path).first(where: {
          $0.hasSuffix(".yaml")
        })
      else { continue }
      let once = try run(["config", "-f", file], in: folder.path)
      #expect(once.status == 0, "\(once.errors)")
      let twice = try run(["config", "-f", "-"], in: folder.path, input: once.output)
      #expect(twice.output == once.output, "\(name): \(twice.errors)")
      let steps = try operations(run(["plan", "--format", "json", "-f", file], in: folder.path).output)
      #expect(
        try operations(run(["plan", "--format", "json", "-f", "-"], in: folder.path, input: once.output).output)
          == steps, "\(name)")
    }
  }

  /// A plan in JSON without the places that its steps and rules come from.
  private func operations(_ plan: String) throws -> NSObject {
    func stripped(_ value: Any) -> Any {
      switch value {
      case let object as [String: Any]: object.filter { $0.key != "origin" }.mapValues(stripped)
      case let list as [Any]: list.map(stripped)
      default: value
      }
    }
    return try #require(stripped(JSONSerialization.jsonObject(with: Data(plan.utf8))) as? NSObject)
  }

  @Test func `a network in a sandbox, without anything left`() throws {
    let folder = try Folder()
    try Self.good.write(to: folder.url.appending(path: "it.yaml"), atomically: false, encoding: .utf8)
    let look = "cat; ip netns exec web ping -c 1 -W 2 10.0.0.1 >/dev/null && ip netns list; exit 7"
    let outcome = try run(
      ["run", "it.yaml", "--", "sh", "-c", look], in: folder.path, input: "what was piped in\n")
    #expect(outcome.status == 7, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("what was piped in\nweb"))
    #expect(
      !FileManager.default.fileExists(atPath: "/run/netns/web")
        && !FileManager.default.fileExists(atPath: "/etc/netns/web"))
  }

  @Test func `a sandbox that stays until it is taken away`() throws {
    let folder = try Folder()
    let file = folder.url.appending(path: "lab.yaml")
    try ("name: lab\n" + Self.good).write(to: file, atomically: false, encoding: .utf8)
    // Processes of a session of its own, and no other record of sandboxes.
    func lab(_ words: String, file: String = "lab.yaml") throws -> Command.Outcome {
      try run(
        words.split(separator: " ").map(String.init).replacing(["FILE"], with: ["-f", file]), in: folder.path,
        environment: ["XDG_RUNTIME_DIR": folder.path])
    }
    let record = folder.url.appending(path: "netwright/lab")
    func holder() throws -> String {
      String(try #require(try String(contentsOf: record, encoding: .utf8).split(separator: " ").first))
    }
    defer { _ = try? lab("down lab --rootless") }

    let down = try lab("exec web FILE -- true")
    #expect(down.status == 3 && down.errors == "netwright: lab is not up: there is no namespace web\n")
    let none = try lab("exec web FILE --rootless -- true")
    #expect(none.status == 3 && none.errors.contains("lab is not up in a sandbox"))
    let up = try lab("up --rootless FILE")
    #expect(up.status == 0 && up.output == "lab is up: 1 namespace, 1 bridge\n", "\(up.errors)")
    #expect(try lab("up --rootless FILE").output == "lab is already up: 1 namespace, 1 bridge\n")
    #expect(try lab("ls").output == "lab rootless\n")
    // Of its holder nothing can be seen in a PID namespace of its own, which doesn't make the record a stale one.
    #expect(try lab("run lab.yaml -- \(Command.path) ls").status == 0)
    #expect(try lab("ls").output == "lab rootless\n")
    #expect(try lab("status lab").output.hasPrefix("lab is up\n"))
    #expect(try lab("status FILE --system").output == "lab is down\n")
    let ping = try lab("exec web FILE -- ping -c 1 -W 2 10.0.0.1")
    #expect(ping.status == 0, "\(ping.errors)")
    #expect(try lab("exec web FILE -- false").status == 1)
    #expect(try lab("exec web FILE -- no-such-command").status == 127)
    #expect(try lab("exec web FILE -- /").status == 126)
    #expect(try lab("exec web FILE -- pwd").output == folder.path + "\n")
    #expect(!FileManager.default.fileExists(atPath: "/run/netns/web"))
    try "name: lab\nservices: { other: {} }".write(
      to: folder.url.appending(path: "other.yaml"), atomically: false, encoding: .utf8)
    let other = try lab("up --rootless FILE", file: "other.yaml")
    #expect(other.status == 3 && other.errors.contains("is up in another form"))
    let stranger = try lab("exec other FILE -- true", file: "other.yaml")
    #expect(stranger.status == 3)
    #expect(stranger.errors == "netwright: lab is up in another form: there is no namespace other\n")

    // What holds it is killed: the record is stale, and a new one can be made.
    let first = try holder()
    _ = kill(try #require(pid_t(first)), SIGKILL)
    for _ in 0..<100 where FileManager.default.fileExists(atPath: "/proc/\(first)/ns/net") { usleep(20_000) }
    #expect(try lab("ls").output == "")
    #expect(!FileManager.default.fileExists(atPath: record.deletingLastPathComponent().path))
    // So is one that says nothing.
    try FileManager.default.createDirectory(at: record.deletingLastPathComponent(), withIntermediateDirectories: true)
    try "".write(to: record, atomically: false, encoding: .utf8)
    #expect(try lab("up --rootless FILE").status == 0)
    let second = try holder()
    #expect(try lab("down FILE").output == "lab is down\n")
    #expect(!FileManager.default.fileExists(atPath: record.path))
    #expect(!FileManager.default.fileExists(atPath: "/proc/\(second)"))
    #expect(try lab("ls").output == "")
  }

  @Test func `a sandbox that can't be built leaves nothing`() throws {
    let folder = try Folder()
    // A next hop that the kernel refuses at the end: `table` with an end that only the kernel knows of.
    let bad =
      "name: lab\nservices: { web: { networks: { lan: {} }, sysctls: { net.ipv4.no_such_parameter: 1 } } }\nnetworks: { lan: {} }\n"
    try bad.write(to: folder.url.appending(path: "lab.yaml"), atomically: false, encoding: .utf8)
    let environment = ["XDG_RUNTIME_DIR": folder.path]
    let up = try run(["up", "--rootless", "-f", "lab.yaml"], in: folder.path, environment: environment)
    #expect(up.status == 3 && up.errors.contains("no_such_parameter"), "\(up.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/netwright") == [])
  }

  @Test func `schemas`() throws {
    for (words, title) in [
      (["schema"], "Netwright"), (["schema", "file"], "Netwright"),
      (["schema", "plan"], "Netwright plan, version 1"),
      (["schema", "diagnostics"], "Netwright diagnostics, version 1"),
    ] {
      let outcome = try run(words)
      let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect(outcome.status == 0 && schema?["title"] as? String == title, "\(words)")
    }
    #expect(try run(["schema", "nonsense"]).status == 2)
  }

  // MARK: Running

  /// A folder of a test's own, away with it.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "netwright-command-\(UUID().uuidString)")
    var path: String { url.path }
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
  }

  /// Runs the command.
  private func run(
    _ arguments: [String], in folder: String = "/", input: String = "", seconds: Int = 300,
    environment: [String: String] = [:]
  ) throws -> Command.Outcome {
    try Command.run([Command.path] + arguments, input: input, in: folder, seconds: seconds, environment: environment)
  }
}
