/// What shows on the running kernel that which a command shows in the simulator.
struct KernelTwin {
  /// The file, or nil for the one that is found in the folder.
  let file: String?
  /// What is run in the sandbox where the file's network is up (bash).
  let program: String

  /// The twin of a command; nil where there is none: for what only the simulator tells, and where virtual time passes.
  ///
  /// - Parameter command: `netwright show …`, `ping …`, `traceroute …` or `simulate …`.
  init?(of command: String) {
    var words = shellWords(command)[...]
    guard words.popFirst() == "netwright", let verb = words.popFirst() else { return nil }
    var (file, steps, rest, pipe): (String?, [String], [String], String) = (nil, [], [], "")
    while let word = words.popFirst() {
      switch word {
      case "-f", "--file": file = words.popFirst()
      case "--after": steps.append(words.popFirst() ?? "")
      case "--pcap": _ = words.popFirst()
      case "|":
        pipe = " | " + words.joined(separator: " ")
        words = []
      case _ where word.hasPrefix(">"): return nil
      default: rest.append(word)
      }
    }
    let before = steps.map { Self.command(of: shellWords($0)) }
    guard !before.contains(nil) else { return nil }
    var program = before.compactMap { $0 }.map { "\($0) >/dev/null\n" }.joined()
    switch verb {
    case "show", "ping", "traceroute":
      guard let last = Self.command(of: [verb] + rest) else { return nil }
      program += "\(last)\(pipe)\n"
    case "simulate":
      guard pipe.isEmpty else { return nil }
      for step in rest {
        guard let command = Self.command(of: shellWords(step)) else { return nil }
        program += "echo \(quoted("$ " + step))\n\(command)\n"
      }
    default: return nil
    }
    self.file = file
    // Duplicate address detection takes a second or two, which only who looks at IPv6 need wait for.
    let looksAtAddresses = program.contains(/ip a| addr|ifconfig|-6|::/)
    self.program = Self.functions + (looksAtAddresses ? Self.settling : "") + program
  }

  /// Waits until no address is tentative.
  private static let settling = #"""
    for try in $(seq 40); do
      { ip addr; for name in $(ls /run/netns); do ip -n "$name" addr; done; } | grep -q tentative || break
      sleep 0.1
    done

    """#

  /// The command that does what a step of a scenario does.
  private static func command(of step: [String]) -> String? {
    guard step.count > 2 else { return nil }
    let (verb, name, rest) = (step[0], quoted(step[1]), Array(step[2...]))
    switch verb {
    case "ping":
      return "within \(name) ping \(rest.contains("-c") ? "" : "-c 1 ")\(rest.map(quoted).joined(separator: " "))"
    case "traceroute": return "within \(name) traceroute \(rest.map(quoted).joined(separator: " "))"
    case "connect": return "within \(name) python3 -c \"$connect\" \(quoted(rest[0]))"
    case "listen": return "within \(name) python3 -c \"$listen\" \(quoted(rest[0]))"
    case "set":
      // The kernel tells of carriers once a second (net/core/link_watch.c).
      return "within \(name) ip link set dev \(rest.map(quoted).joined(separator: " ")); sleep 2"
    case "show":
      // One word may hold the whole command line.
      let view = rest.flatMap(shellWords)
      switch view.first {
      case "iflink": return "within \(name) sh -c 'grep . /sys/class/net/*/iflink'"
      case "ip", "bridge", "brctl", "ifconfig", "route", "sysctl":
        return "within \(name) \(view.map(quoted).joined(separator: " "))"
      case _: return nil
      }
    case _: return nil
    }
  }

  /// What the programs use.
  ///
  /// `within NAME CMD` runs a command in a namespace; who has none is on the host. `$connect` and `$listen` are the
  /// programs (Python) that do what the steps of these names do.
  private static let functions = #"""
    connect='
    import socket, sys
    target, transport = (sys.argv[1].split("/") + ["tcp"])[:2]
    host, port = target.rsplit(":", 1)
    address = socket.gethostbyname(host)
    end = socket.socket(socket.AF_INET, socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM)
    end.settimeout(5)
    try:
        end.connect((address, int(port)))
        if transport == "udp":
            end.send(b"x")
            end.recv(1)
        result = "connected from " + end.getsockname()[0]
    except TimeoutError:
        result = "no answer"
    except OSError as error:
        result = error.strerror
    print(f"{address}:{port}/{transport}: {result}")
    '
    listen='
    import os, socket, sys
    port, transport = (sys.argv[1].split("/") + ["tcp"])[:2]
    end = socket.socket(socket.AF_INET6, socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM)
    try:
        end.bind(("::", int(port)))
        if transport == "tcp":
            end.listen()
    except OSError as error:
        print("bind: " + error.strerror)
        sys.exit(1)
    if os.fork() == 0:
        os.closerange(0, 3)
        while True:
            if transport == "tcp":
                end.accept()
            else:
                end.sendto(*end.recvfrom(1))
    '
    within() { if [ -e "/run/netns/$1" ]; then ip netns exec "$@"; else shift; "$@"; fi; }

    """#
}

/// A text as a shell's word.
func quoted(_ word: String) -> String {
  word.wholeMatch(of: /[\w.,:\/=@%+-]+/) == nil ? "'\(word.replacing("'", with: #"'\''"#))'" : word
}

/// The words of a command line; quotes of both kinds keep what is between them together.
func shellWords(_ line: String) -> [String] {
  var (words, word, quote): ([String], String?, Character?) = ([], nil, nil)
  for character in line {
    switch (quote, character) {
    case (let open?, _) where open == character: quote = nil
    case (_?, _): word = (word ?? "") + String(character)
    case (nil, "'"), (nil, "\""): (quote, word) = (character, word ?? "")
    case (nil, " "), (nil, "\n"), (nil, "\\"):
      if let word { words.append(word) }
      word = nil
    case (nil, _): word = (word ?? "") + String(character)
    }
  }
  return words + (word.map { [$0] } ?? [])
}
