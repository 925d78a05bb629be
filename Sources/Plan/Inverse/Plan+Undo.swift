import NetworkTypes

extension Plan {
  /// The shortest list that takes everything back, in an order that works.
  ///
  /// Left out is what goes with something that is in the list: all that is in a namespace which the plan adds; all that
  /// hangs on a device which the plan adds. A device of the plan in the host's namespace is in the list though its peer
  /// may be in a namespace that goes: the kernel dismantles that later, and not before the last process in it has
  /// ended.
  ///
  /// The order is that of the steps backwards, by stages, which are those of a script's `down`: what is on a device
  /// goes before the device is set down (which takes IPv6 addresses with it: `addrconf_ifdown`, net/ipv6/addrconf.c) or
  /// deleted. Netfilter rules stay until there is nothing left that they guard. Namespaces follow, and their files.
  /// Parameters are last, those that set others too in front: writing `ip_forward` writes `forwarding` of every device
  /// (`inet_forward_change`, net/ipv4/devinet.c).
  package var undo: [Inverse] {
    let fates = Fates(of: self)
    var seen: Set<Inverse> = []
    // Of two that are equal, the one for the earlier step stays: what was before that is what is to be put back.
    let inverses = steps.flatMap { fates.inverses(of: $0.operation) }.filter { seen.insert($0).inserted }
    return UndoStage.allCases.flatMap { stage in inverses.filter { UndoStage(of: $0) == stage }.reversed() }
  }
}

/// The stages of undoing, first to last.
private enum UndoStage: CaseIterable {
  case configuration, state, links, rulesets, vrfRules, namespaces, files, widestSysctls, defaultSysctls, sysctls

  init(of inverse: Inverse) {
    self =
      switch inverse {
      case .clearMaster, .clearHairpin, .deleteBridgeVLAN, .deleteAddress, .deleteRoute, .deleteRule, .deleteQdisc:
        .configuration
      case .removeNamespaceFile: .files
      case .setLinkDown, .restoreAddressGeneration: .state
      case .deleteLink: .links
      case .deleteRuleset: .rulesets
      case .restoreVRFRules: .vrfRules
      case .restoreSysctl(_, let key):
        key.text == "net.ipv4.ip_forward" || key.deviceName == "all"
          ? .widestSysctls : key.deviceName == "default" ? .defaultSysctls : .sysctls
      case .deleteNamespace: .namespaces
      }
  }
}
