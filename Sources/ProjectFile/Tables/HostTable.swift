import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == HostEntry {
  /// `host`.
  static let host = KeyTable(
    "host", "The namespace that everything is built in.", takesExtensions: true,
    [
      Key("interfaces", .map(.mapping("host interface")), "Devices that it has already, by name.", .netwright) {
        host, entry, reader in
        for item in reader.mapping(entry.value, of: "host's interfaces")?.entries ?? [] {
          guard let name = InterfaceName(item.key.value) else {
            reader.report(.invalidInterfaceName(item.key.value, at: item.key.range))
            continue
          }
          var interface = HostEntry.Interface(name: Located(name, at: item.key.range))
          reader.read(item.value, into: &interface, by: .hostInterface)
          host.interfaces.append(interface)
        }
      },
      Key("routes", .list(.mapping("route")), "Routes to add while the network is up.", .netwright) {
        host, entry, reader in
        host.routes += reader.routes(entry.value)
      },
      Key("rules", .list(.mapping("rule")), "Policy rules to add while the network is up.", .netwright) {
        host, entry, reader in
        host.rules += reader.rules(entry.value)
      },
      Key(
        "sysctls", .either([.map(.text("value")), .list(.text("KEY=VALUE"))]),
        "Kernel parameters to set while the network is up.", .netwright
      ) {
        host, entry, reader in
        host.sysctls += reader.sysctls(entry.value)
      },
      Key(
        "firewall", .mapping("firewall"),
        "What it lets in, on and out; `forward` is asked before what the networks let through.", .netwright
      ) { host, entry, reader in
        host.firewall = reader.firewall(entry)
      },
      Key("nat", .list(.mapping("translation")), "Which addresses it translates.", .netwright) { host, entry, reader in
        host.translations += reader.translations(entry.value)
      },
    ])
}

extension KeyTable where Target == HostEntry.Interface {
  /// `host.interfaces.NAME`.
  static let hostInterface = KeyTable(
    "host interface", "A device that the host has already; nothing creates it.",
    [
      Key(oneOrMore: "address", .interfaceAddress, "Its address, with its length.", .netwright) {
        $0.addresses.append($1)
      },
      Key(oneOrMore: "addresses", .interfaceAddress, "Its addresses, each with its length.", .netwright) {
        $0.addresses.append($1)
      },
      Key(oneOrMore: "gateway", .address, "The default gateway behind it.", .netwright) { $0.gateways.append($1) },
      Key(oneOrMore: "gateways", .address, "The default gateways behind it.", .netwright) { $0.gateways.append($1) },
    ])
}

/// An item of `checks` as it is read.
struct CheckFields {
  var from: Located<String>?
  var to: Located<String>?
  var expectation: Located<CheckEntry.Expectation>?
  var seenAs: Located<String>?
}

extension KeyTable where Target == CheckFields {
  /// An item of `checks`.
  static let check = KeyTable(
    "check", "An expectation about who reaches whom.", takesExtensions: true,
    [
      Key("from", .text, "A service, a router, host or outside.", .netwright, required: true) { $0.from = $1 },
      Key(
        "to", .text, "A node or an address, to be pinged; with :PORT and /PROTOCOL, to be connected to.",
        .netwright, required: true
      ) { $0.to = $1 },
      Key("expect", .choice, "What is to happen.", .netwright, required: true) { $0.expectation = $1 },
      Key(
        "as", .text, "Whom the target is to see it come from: an address, or the name of who has it.",
        .netwright
      ) { $0.seenAs = $1 },
    ])
}

extension Reader {
  /// `checks`.
  mutating func checks(_ node: YAMLNode) -> [CheckEntry] {
    list(node).compactMap { item in
      var fields = CheckFields()
      read(item, into: &fields, by: .check)
      guard let from = fields.from, let to = fields.to.flatMap({ target($0) }) else { return nil }
      // Where it is none of the words, or missing, that has been reported; the names are looked up all the same.
      let expectation = fields.expectation ?? Located(.reachable, at: item.range)
      if let seen = fields.seenAs, expectation.value != .reachable {
        report(
          Diagnostic(
            FileCode.conflictingKeys, "`as` says whom the target sees, and nothing is to reach it", at: seen.range,
            labels: [.init(expectation.range, "what is expected")],
            help: "leave it out, or expect `reachable`"))
      }
      return CheckEntry(range: item.range, from: from, to: to, expectation: expectation, seenAs: fields.seenAs)
    }
  }

  /// NAME, ADDRESS, [ADDRESS] or one of them with :PORT and /PROTOCOL.
  private mutating func target(_ text: Located<String>) -> Located<CheckTarget>? {
    let slash = text.value.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let target = HostAndPort(slash[0])
    let name = IPAddress(target.host)?.description ?? target.host
    let port = target.port.flatMap { PortRange($0) }
    let transport = slash.count > 1 ? TransportProtocol(rawValue: slash[1]) : .tcp
    let isWhole = target.port == nil ? slash.count == 1 : port.map { $0.count == 1 && $0.first > 0 } ?? false
    guard !name.isEmpty, isWhole, let transport else {
      report(
        .invalidValue(
          "`\(text.value)` is no target of a check", at: text.range,
          help: "write NAME, ADDRESS, NAME:PORT or NAME:PORT/udp"))
      return nil
    }
    return Located(CheckTarget(name: name, port: port?.first, transport: transport), at: text.range)
  }
}
