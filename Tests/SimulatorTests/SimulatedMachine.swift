import Netwright
import NetworkTypes
import Packets
import Plan
import Simulator
import Testing
import Views

/// A file's plan, carried out by the simulator.
struct SimulatedMachine {
  var kernel: Kernel
  let plan: Plan

  /// Compiles a file, carries out its plan and waits some seconds until links have settled; nil where the file is wrong.
  init?(_ yaml: String, seconds: UInt64 = 5) {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))])
    guard let plan = compilation.makePlan() else { return nil }
    self.plan = plan
    kernel = Kernel()
    for step in plan.steps {
      do throws(KernelError) {
        try kernel.perform(step.operation)
      } catch {
        Issue.record("\(step.operation.summary): \(error.message)")
      }
    }
    kernel.run(for: .seconds(seconds))
  }

  /// The namespaces, the host's first, with the names that the harness calls them by.
  var spaces: [(name: String, id: NamespaceID)] {
    kernel.namespaces.map { ($0.name?.text ?? "host", $0.id) }
  }

  /// The addresses that others could reach, of all namespaces.
  var addresses: [IPAddress] {
    var seen: Set<IPAddress> = []
    return kernel.devices.flatMap(\.addresses).map(\.address).filter {
      !$0.isLoopback && !($0.family == .ipv6 && $0.isLinkLocal) && seen.insert($0).inserted
    }
  }
}

extension PingOutcome {
  /// What came of a ping, as the harness writes what ping(8) says.
  var text: String {
    switch self {
    case .reply(let from, let hopLimit, let length, _): "reply \(length) \(from) \(hopLimit)"
    case .error(let message, let from): "error \(from) \(message.pingText)"
    case .notSent(let errno): "not sent \(errno.text)"
    case .tooLong(let mtu): "too long \(mtu)"
    case .silence: "silence"
    }
  }
}

extension ConnectOutcome {
  /// What came of an attempt, as the harness writes what bash(1) says.
  var text: String {
    switch self {
    case .connected: "connected"
    case .failed(let errno): "failed \(errno.text)"
    case .silence: "silence"
    }
  }
}

extension SimulatedMachine {
  /// Where what programs print of the machine isn't what they print of the kernel.
  ///
  /// - Parameters:
  ///   - states: what they print, by job, namespace and command line.
  ///   - job: the job's name.
  /// - Returns: the differing lines, after what is left to chance has been taken out.
  func stateDifferences(from states: [String: String], job: String) -> [String] {
    let given = Set(plan.steps.flatMap { $0.operation.hardwareAddresses })
    var result: [String] = []
    for (key, real) in states.sorted(by: { $0.key < $1.key }) {
      let words = key.split(separator: " ").map(String.init)
      guard words.count > 2, words[0] == job else { continue }
      guard let space = spaces.first(where: { $0.name == words[1] }), let view = View(words: Array(words.dropFirst(2)))
      else {
        result.append("\(key): no such namespace or view")
        continue
      }
      var simulated = normalized(view.text(of: space.id, in: kernel), given)
      var kernels = normalized(real, given)
      if view == .bridges {
        // brctl(8) lists ports in the order of a folder.
        let words = { (lines: [String]) in lines.flatMap { $0.split(separator: "\t").map(String.init) }.sorted() }
        (simulated, kernels) = (words(simulated), words(kernels))
      }
      let difference = kernels.difference(from: simulated)
      guard !difference.isEmpty else { continue }
      result.append("\(key):")
      for change in difference {
        switch change {
        case .insert(_, let line, _): result.append("  the kernel has \(line)")
        case .remove(_, let line, _): result.append("  the simulator has \(line)")
        }
      }
    }
    return result
  }

  /// The lines of a text without what chance or the script decides: hardware addresses that nobody gave, the link-local
  /// addresses made of them, device groups, and the namespaces' numbers.
  private func normalized(_ text: String, _ given: Set<String>) -> [String] {
    let lines = text.split(separator: "\n").map { line in
      String(line)
        .replacing(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/) { given.contains(String($0.output.0)) ? String($0.output.0) : "MAC" }
        .replacing(/8000\.[0-9a-f]{12}/) { _ in "8000.MAC" }
        .replacing(/fe80::[0-9a-f:]+ff:fe[0-9a-f:]+/) { match in
          let isGiven = given.contains {
            MACAddress($0).map { "\(IPv6Address(linkLocalFor: $0))" } == String(match.output)
          }
          return isGiven ? String(match.output) : "fe80::RANDOM"
        }
        .replacing(/\ group [a-z0-9]+/) { _ in "" }
        .replacing(/\ link-netns(id)? [^ ]+/) { _ in "" }
    }
    // Routes that came with link-local addresses stand in the order in which carriers came.
    let isByChance = { (line: String) in line.contains(/^(local |anycast )?fe80::|^multicast ff00::/) }
    return lines.filter { !isByChance($0) } + lines.filter(isByChance).sorted()
  }
}

extension Operation {
  /// The hardware addresses that an operation gives.
  var hardwareAddresses: [String] {
    switch self {
    case .addLink(let link): [link.address].compactMap { $0?.description }
    case .addVethPair(let pair): [pair.first.address, pair.second.address].compactMap { $0?.description }
    case .addNamespace, .setMaster, .addBridgeVLAN, .setHairpin, .setAddressGeneration, .setLinkUp, .addAddress,
      .addRoute, .addRule,
      .setSysctl, .loadRuleset, .addQdisc, .writeNamespaceFile:
      []
    }
  }
}
