import NetworkTypes
import Plan

/// The cases of `Operation` without their payloads: a new case is one here by `init(of:)`, and then needs examples.
enum OperationCase: String, CaseIterable {
  case addNamespace, addLink, addVethPair, setMaster, addBridgeVLAN, setHairpin, setAddressGeneration, setLinkUp
  case addAddress, addRoute, addRule, setSysctl, loadRuleset, addQdisc, writeNamespaceFile

  init(of operation: Operation) {
    self =
      switch operation {
      case .addNamespace: .addNamespace
      case .addLink: .addLink
      case .addVethPair: .addVethPair
      case .setMaster: .setMaster
      case .addBridgeVLAN: .addBridgeVLAN
      case .setHairpin: .setHairpin
      case .setAddressGeneration: .setAddressGeneration
      case .setLinkUp: .setLinkUp
      case .addAddress: .addAddress
      case .addRoute: .addRoute
      case .addRule: .addRule
      case .setSysctl: .setSysctl
      case .loadRuleset: .loadRuleset
      case .addQdisc: .addQdisc
      case .writeNamespaceFile: .writeNamespaceFile
      }
  }
}

/// The cases of `LinkKind` without their payloads.
enum LinkKindCase: String, CaseIterable {
  case bridge, dummy, bond, vrf, vlan, vxlan, macvlan, ipvlan

  init(of kind: LinkKind) {
    self =
      switch kind {
      case .bridge: .bridge
      case .dummy: .dummy
      case .bond: .bond
      case .vrf: .vrf
      case .vlan: .vlan
      case .vxlan: .vxlan
      case .macvlan: .macvlan
      case .ipvlan: .ipvlan
      }
  }
}

/// The cases of `RouteAction` without their payloads.
enum RouteActionCase: String, CaseIterable {
  case unicast, blackhole, unreachable, prohibit

  init(of action: RouteAction) {
    self =
      switch action {
      case .unicast: .unicast
      case .blackhole: .blackhole
      case .unreachable: .unreachable
      case .prohibit: .prohibit
      }
  }
}

/// The cases of `RuleAction` without their payloads, named as in JSON.
enum RuleActionCase: String, CaseIterable {
  case lookup, blackhole, unreachable, prohibit

  init(of action: RuleAction) {
    self =
      switch action {
      case .table: .lookup
      case .blackhole: .blackhole
      case .unreachable: .unreachable
      case .prohibit: .prohibit
      }
  }
}

/// The cases of `NetfilterMatch` without their payloads.
enum NetfilterMatchCase: String, CaseIterable {
  case family, input, output, source, destination, sourceIsLocal, destinationIsLocal, transport, sourcePort
  case destinationPort, icmp, icmpType, connectionState, destinationWasTranslated, limit

  init(of match: NetfilterMatch) {
    self =
      switch match {
      case .family: .family
      case .input: .input
      case .output: .output
      case .source: .source
      case .destination: .destination
      case .sourceIsLocal: .sourceIsLocal
      case .destinationIsLocal: .destinationIsLocal
      case .transport: .transport
      case .sourcePort: .sourcePort
      case .destinationPort: .destinationPort
      case .icmp: .icmp
      case .icmpType: .icmpType
      case .connectionState: .connectionState
      case .destinationWasTranslated: .destinationWasTranslated
      case .limit: .limit
      }
  }
}

/// The cases of `NetfilterVerdict` without their payloads.
enum NetfilterVerdictCase: String, CaseIterable {
  case accept, drop, reject, jump, `return`, dnat, snat, masquerade, redirect

  init(of verdict: NetfilterVerdict) {
    self =
      switch verdict {
      case .accept: .accept
      case .drop: .drop
      case .reject: .reject
      case .jump: .jump
      case .return: .return
      case .dnat: .dnat
      case .snat: .snat
      case .masquerade: .masquerade
      case .redirect: .redirect
      }
  }
}

/// The cases of `QdiscKind` without their payloads.
enum QdiscKindCase: String, CaseIterable {
  case netem, tbf

  init(of kind: QdiscKind) {
    self =
      switch kind {
      case .netem: .netem
      case .tbf: .tbf
      }
  }
}
