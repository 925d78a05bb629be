import Foundation
import NetwrightTestSupport
import Testing

/// How commands end: with what status, and with what said.
@Suite struct EndingTests {
  static let file = CommandTests.pair + "name: pair\n"

  /// Runs a line of shell in a folder that has the file, `$0` being the command.
  private func shell(_ line: String) throws -> Command.Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-ending-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.file.write(to: folder.appending(path: "netwright.yaml"), atomically: false, encoding: .utf8)
    return try Command.run(["sh", "-c", line, Command.path], in: folder.path)
  }

  @Test(arguments: ["plan", "compile", "config", "schema", "test", "ping web db", "show web ip route", "help"])
  func `what can't be written is said`(command: String) throws {
    let full = try shell("\"$0\" \(command) >/dev/full")
    #expect(full.status == 3 && full.errors.hasSuffix("netwright: standard output: No space left on device\n"))
    #expect(try shell("\"$0\" \(command) >&-").status == 3)
    // A reader that has seen enough is none.
    #expect(try shell("{ \"$0\" \(command); echo $? >status; } | head -n 0; cat status").output != "3\n")
  }

  @Test func `nothing to write is no error`() throws {
    #expect(try shell("\"$0\" validate >/dev/full").status == 0)
  }

  @Test func `no report has what XML can't hold`() throws {
    // XML 1.0 §2.2: of the control characters only tab, line feed and carriage return.
    let outcome = try shell(
      #"mv netwright.yaml "$(printf 'a\001\033<b.yaml')"; "$0" test --format junit -f a*.yaml"#)
    #expect(outcome.output.contains("classname=\"a\u{FFFD}\u{FFFD}&lt;b.yaml\""), "\(outcome.output)\(outcome.errors)")
  }

  @Test(arguments: [
    "", "exec 3</dev/null", "exec 9</dev/null",
    "exec 3</dev/null 4<netwright.yaml 5</dev/null 6</dev/null 7</dev/null 8</dev/null 9</dev/null",
  ])
  func `what the caller has open, the command has, and nothing else`(open: String) throws {
    let outcome = try shell(
      """
      exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-; \(open)
      list='for fd in 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$fd ] || echo $fd; done'
      "$0" run netwright.yaml -- sh -c "$list" >inside
      eval "$list" >outside
      cat outside; echo ==; cat inside
      """)
    let parts = outcome.output.components(separatedBy: "==\n")
    #expect(parts.count == 2 && parts[0] == parts[1], "\(outcome.output)\(outcome.errors)")
  }

  @Test func `a script doesn't take the place of its file`() throws {
    let outcome = try shell("\"$0\" compile -o ./netwright.yaml; status=$?; cat netwright.yaml; exit $status")
    #expect(outcome.status == 2 && outcome.output == Self.file)
    #expect(outcome.errors.contains("./netwright.yaml is what is compiled"))
    #expect(try shell("\"$0\" compile -o lab.sh && sh -n lab.sh").status == 0)
  }

  @Test(arguments: ["'a b'", "ä", "a/b", "'$x'", "-", "A"])
  func `a prefix that can't be one`(prefix: String) throws {
    let outcome = try shell("timeout 60 \"$0\" plan --prefix=\(prefix)")
    #expect(outcome.status == 1 && outcome.output == "" && outcome.errors.contains("error[NW0093 invalid-prefix]"))
    #expect(!outcome.errors.contains("NW02"))
  }

  @Test(arguments: [
    "ip addr show dev eth9", "ip -j link show eth9", "ip neigh show dev eth9", "bridge fdb show br br-nope",
    "ifconfig eth9", "brctl showmacs br-nope", "sysctl net.ipv4.ip_forward net.nope",
  ])
  func `what isn't there can't be shown`(view: String) throws {
    #expect(try shell("\"$0\" show web \(view)").status == 1)
  }

  @Test func `what is there can be shown`() throws {
    #expect(try shell("\"$0\" show web ip addr show dev eth0").status == 0)
    #expect(try shell("\"$0\" show web sysctl net.ipv4.conf.eth0").status == 0)
  }

  /// The first process of a process namespace takes no signal that it has no handler for: the command isn't it.
  @Test func `signals end what runs in a sandbox`() throws {
    #expect(try shell("\"$0\" run netwright.yaml -- sh -c 'kill -TERM $$; echo survived'").status == 143)
    #expect(try shell("\"$0\" run netwright.yaml -- sh -c 'kill -KILL $$'").status == 137)
    let ended = try shell("timeout --preserve-status -s TERM 5 \"$0\" run netwright.yaml -- sleep 100")
    #expect(ended.status == 143, "\(ended.errors)")
    // What a Ctrl-C comes to, the command says.
    let handled = #"trap "exit 5" INT; sleep 100 & wait; exit 6"#
    #expect(
      try shell("timeout --preserve-status -s INT 5 \"$0\" run netwright.yaml -- sh -c '\(handled)'").status == 5)
    // A word of the shell's is no program.
    #expect(try shell("\"$0\" run netwright.yaml -- exit 0").status == 127)
  }

  @Test func `a command in a namespace, and what there is to be said where it can't be run`() throws {
    let text = """
      cd "$DIR"
      execute() { "$NETWRIGHT" exec "$@" 2>&1; echo "status $?"; }
      "$NETWRIGHT" up >/dev/null
      execute web -- ping -c 1 -W 2 10.0.0.1 | grep -e 'bytes from' -e status
      execute web -- sh -c 'exit 9'
      execute web -- no-such-command | tail -n 1
      execute web -- / | tail -n 1
      execute -f grown.yaml more -- true
      unshare --user "$NETWRIGHT" exec web -- true 2>&1
      echo "status $?"
      "$NETWRIGHT" down >/dev/null
      execute web -- true

      """
    let grown = Self.file.replacing("services:", with: "services:\n  more: { networks: { lan: {} } }")
    let outcome = try KernelSandbox.run(
      "NETWRIGHT='\(Command.path)'\n" + text, files: ["netwright.yaml": Self.file, "grown.yaml": grown])
    let lines = outcome.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 12, "\(outcome.output)\(outcome.errors)")
    #expect(lines[0].hasPrefix("64 bytes from 10.0.0.1"))
    let rest = [
      "status 0", "status 9", "status 127", "status 126",
      "netwright: pair is up in another form: there is no namespace more", "status 3",
      "netwright: exec must be run by root, or in a user namespace of one's own", "status 3",
      "netwright: pair is not up: there is no namespace web", "status 3", "passed",
    ]
    #expect(lines.dropFirst() == rest[...], "\(outcome.output)")
  }

  @Test func `run where files of etc are mounts, and where the kernel makes no namespaces`() throws {
    let outcome = try KernelSandbox.run(
      "NETWRIGHT='\(Command.path)'\n" + #"""
        cd "$DIR"
        touch hosts
        mount --bind hosts /etc/hosts
        pinging='ip netns exec web ping -c 1 -W 2 10.0.0.1'
        "$NETWRIGHT" run netwright.yaml -- $pinging | grep -c 'bytes from'
        "$NETWRIGHT" run netwright.yaml -- "$NETWRIGHT" run netwright.yaml -- $pinging | grep -c 'bytes from'
        unshare --user --map-root-user sh -c '
          echo 0 >/proc/sys/user/max_user_namespaces
          "$0" run netwright.yaml -- true
          echo "status $?"' "$NETWRIGHT"

        """#, files: ["netwright.yaml": Self.file])
    #expect(outcome.output == "1\n1\nstatus 3\npassed\n", "\(outcome.output)\(outcome.errors)")
  }

  @Test func `a project's name that can't be one is wrong usage`() throws {
    #expect(try shell("\"$0\" plan -p 'A B'").status == 2)
  }

  @Test(arguments: ["plan", "diagnostics", "trace", "host"]) func `schemas are printed`(subject: String) throws {
    let file = Products.repository.appending(path: "Schemas/\(subject)-v1.schema.json")
    #expect(try shell("\"$0\" schema \(subject)").output == String(contentsOf: file, encoding: .utf8))
  }

  @Test func `published ports are in the plan`() throws {
    let file = Products.repository.appending(path: "Examples/published/compose.yaml").path
    let plan = try shell("\"$0\" plan --no-steps -f '\(file)'").output
    #expect(
      plan.hasSuffix(
        """

        PUBLISHED BY  AT              LEADS TO             OVER
        web           0.0.0.0:8080    172.31.0.2:80/tcp    front
        web           127.0.0.1:9000  172.31.0.2:9000/tcp  front

        """))
  }
}
