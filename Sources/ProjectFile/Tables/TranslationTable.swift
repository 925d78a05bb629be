import Diagnostics
import NetworkTypes
import YAMLTree

/// An item of `nat` as it is read.
struct TranslationFields {
  var match: PacketMatchEntry
  var masquerade: [Located<String>] = []
  var source: Located<String>?
  var destination: Located<String>?
  var redirect: Located<PortRange>?
  var newPorts: Located<PortRange>?
}

extension KeyTable where Target == TranslationFields {
  /// An item of `nat`.
  static let translation = KeyTable(
    "translation", "What a connection must be, and which address it gets: one of masquerade, snat, dnat and redirect.",
    matchKeys(\.match) + [
      Key(
        oneOrMore: "masquerade", .text,
        "The devices or networks by which what leaves gets that device's address.", .netwright
      ) { $0.masquerade.append($1) },
      Key(
        "snat", .text, "The address, and the ports, that it is to come from: ADDRESS[:PORT[-PORT]].",
        .netwright
      ) { $0.source = $1 },
      Key(
        "dnat", .text,
        "The node or the address, and the ports, that it goes to instead: NAME[:PORT[-PORT]]; as many as `ports` pair.",
        .netwright
      ) { $0.destination = $1 },
      Key(
        "redirect", .ports(1...65535),
        "The port of the namespace's own that it goes to instead; as many as `ports` pair.",
        .netwright
      ) { $0.redirect = $1 },
      Key("to_ports", .ports(1...65535), "The ports that masqueraded connections come from.", .netwright) {
        $0.newPorts = $1
      },
    ])
}

extension Reader {
  /// `nat`.
  mutating func translations(_ node: YAMLNode) -> [TranslationEntry] {
    list(node).compactMap { item in
      var fields = TranslationFields(match: PacketMatchEntry(range: item.range))
      fields.match.isPartial = readFinding { $0.read(item, into: &fields, by: .translation) }
      return translation(fields, item.range)
    }
  }

  private mutating func translation(_ fields: TranslationFields, _ range: SourceRange) -> TranslationEntry? {
    let kinds = [
      fields.masquerade.first?.range, fields.source?.range, fields.destination?.range, fields.redirect?.range,
    ].compactMap { $0 }
    guard kinds.count == 1 else {
      report(
        .invalidValue(
          kinds.isEmpty ? "this translates nothing" : "this translates in two ways", at: kinds.last ?? range,
          help: "write one of masquerade, snat, dnat and redirect"))
      return nil
    }
    var match = fields.match
    if !fields.masquerade.isEmpty {
      match.to += fields.masquerade
      return TranslationEntry(match: match, kind: .masquerade, newPorts: fields.newPorts)
    }
    if let redirect = fields.redirect { return TranslationEntry(match: match, kind: .redirect, newPorts: redirect) }
    guard let text = fields.source ?? fields.destination, let (name, ports) = addressAndPorts(text) else { return nil }
    if fields.destination != nil {
      return TranslationEntry(match: match, kind: .destination(name), newPorts: ports)
    }
    guard let address = IPAddress(name.value) else {
      report(.malformedAddress(name.value, wanted: nil, at: name.range))
      return nil
    }
    return TranslationEntry(match: match, kind: .source(Located(address, at: name.range)), newPorts: ports)
  }

  /// NAME, ADDRESS or [ADDRESS], with :PORT or :PORT-PORT.
  private mutating func addressAndPorts(_ text: Located<String>) -> (Located<String>, Located<PortRange>?)? {
    let target = HostAndPort(text.value)
    let name = IPAddress(target.host)?.description ?? target.host
    let ports = target.port.flatMap { PortRange($0) }
    if name.isEmpty || target.port != nil && ports == nil || ports?.first == 0 {
      report(
        .malformedPort("`\(text.value)` is no target", at: text.range, help: "write NAME, NAME:PORT or NAME:PORT-PORT"))
      return nil
    }
    return (Located(name, at: text.range), ports.map { Located($0, at: text.range) })
  }
}
