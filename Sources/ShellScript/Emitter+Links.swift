import NetworkTypes
import Plan

/// The steps right after a device's creation that the creating message itself can carry.
private struct CreationExtras {
  /// The bridge, bond or VRF that it joins.
  var master: InterfaceName?
  /// How it makes its link-local address, which needs a message of its own.
  var mode: SetAddressGeneration.Mode?
  /// Whether it goes up.
  var isUp = false
}

extension CreationExtras: ShellWord {
  /// Appends what the creating message carries.
  func write(to text: inout TextBuffer) {
    if let master {
      text.append(" master ")
      master.write(to: &text)
    }
    if isUp && mode == nil { text.append(" up") }
  }
}

extension ShellText {
  /// Appends an end of a veth pair as `ip link add` names it in a place, under another name where one is given.
  fileprivate mutating func append(
    _ end: AddVethPair.End, named name: ShellText? = nil, in place: Place, mtu: Int?, group: UInt32
  ) {
    if let name { append("name ", name) } else { append("name ", end.link.name) }
    switch end.link.place {
    case .host: appendAttributes(mtu: mtu, address: end.address, group: group)
    case .namespace(let name):
      if end.link.place != place { append(" netns ", name) }
      appendAttributes(mtu: mtu, address: end.address, group: nil)
    }
  }

  /// Appends the attributes that every kind of device has.
  fileprivate mutating func appendAttributes(mtu: Int?, address: MACAddress?, group: UInt32?) {
    if let mtu { append(" mtu ", mtu) }
    if let address { append(" address ", address) }
    if let group { append(" group ", group) }
  }
}

extension Emitter {
  /// `ip link add … type KIND`.
  ///
  /// Linux before 6.15 refuses a name that the sender's namespace has, whichever the device is for (rtnl_newlink,
  /// net/core/rtnetlink.c): one that is made on a parent elsewhere gets its name in its own namespace.
  mutating func emit(_ operation: AddLink, absorbing steps: [Step], at next: inout Int) {
    noteVRFRule(before: operation)
    let parent = operation.kind.parent(in: operation.link.place)
    let place = parent?.place ?? operation.link.place
    let isRenamed = place != operation.link.place && !operation.link.place.isHost
    let extras =
      isRenamed ? CreationExtras() : absorb(after: operation.link, isVeth: false, steps, at: &next)
    // A name that isn't there in the parent's namespace can't name the host's: a process in it does.
    let isHostsAbroad = place != .host && operation.link.place.isHost
    var text: ShellText = "link add"
    if let parent { text += " link \(parent.name)" }
    text += " name \(isRenamed ? passingName(for: operation.link) : "\(operation.link.name)")"
    if isHostsAbroad {
      text.append(" netns \"$$\"")
    } else if case .namespace(let name) = operation.link.place, place != operation.link.place {
      text.append(" netns ", name)
    }
    text.appendAttributes(
      mtu: operation.mtu, address: operation.address, group: operation.link.place.isHost ? context.group : nil)
    text.append(extras, " type ", operation.kind.words)
    if isHostsAbroad {
      rename(in: place)
      body.addCall("\(Tool.ip.prefix(in: place))\(text)")
    } else {
      add(.ip, in: place, makes: .links(operation.link.place, operation.link.place)) { $0 += text }
    }
    finish(operation.link, extras)
  }

  /// A name for a device to be made under; it gets its own before anything else is done in its namespace.
  private mutating func passingName(for link: LinkReference) -> ShellText {
    passingCount += 1
    let name: ShellText = "netwright-\(passingCount)"
    renames[link.place] = (renames[link.place] ?? []) + ["link set dev \(name) name \(link.name)"]
    return name
  }

  /// Has the script look, before the first VRF of the host's, for the rule that comes with it.
  private mutating func noteVRFRule(before operation: AddLink) {
    guard case .vrf = operation.kind, operation.link.place.isHost, !hasNotedVRFRule else { return }
    hasNotedVRFRule = true
    body.use(.noteVRFRule)
    body.addCall("note_vrf_rule")
  }

  /// `ip link add … type veth peer …`, each end straight into its namespace.
  ///
  /// The kernel looks for the first end's name where the sender is, for the other's where that is to be. In the fast
  /// style all are made from the host, which takes the fewest processes, and a first end elsewhere gets its name there.
  mutating func emit(_ operation: AddVethPair, absorbing steps: [Step], at next: inout Int) {
    let isSecondMain = !operation.first.link.place.isHost && operation.second.link.place.isHost
    let (main, peer) = isSecondMain ? (operation.second, operation.first) : (operation.first, operation.second)
    let (mtu, group) = (operation.mtu, context.group)
    let isRenamed = body.style == .fast && !main.link.place.isHost
    let extras = isRenamed ? CreationExtras() : absorb(after: main.link, isVeth: true, steps, at: &next)
    let place = isRenamed ? .host : main.link.place
    let name = isRenamed ? passingName(for: main.link) : nil
    add(.ip, in: place, makes: .links(main.link.place, peer.link.place)) { line in
      line.append("link add ")
      line.append(main, named: name, in: place, mtu: mtu, group: group)
      line.append(extras, " type veth peer ")
      line.append(peer, in: place, mtu: mtu, group: group)
    }
    finish(main.link, extras)
  }

  /// Takes the following steps that concern only the new device, as far as the creating message can carry them.
  ///
  /// Nothing is taken in the plain style. A device with an address mode of its own goes up after that is set; only a
  /// veth end, which has no carrier while its peer is down, may have both in one message (the kernel acts on the flags
  /// first: `do_setlink`, net/core/rtnetlink.c).
  private func absorb(after link: LinkReference, isVeth: Bool, _ steps: [Step], at next: inout Int) -> CreationExtras {
    var extras = CreationExtras()
    guard body.style == .fast else { return extras }
    while next < steps.endIndex, !extras.isUp {
      switch steps[next].operation {
      case .setMaster(let operation) where operation.link == link && extras.master == nil:
        extras.master = operation.master
      case .setAddressGeneration(let operation) where operation.link == link && isVeth && extras.mode == nil:
        extras.mode = operation.mode
      case .setLinkUp(let operation) where operation.link == link && !mustJoinDown(link.place, extras.master):
        extras.isUp = true
      case .setMaster, .setHairpin, .setAddressGeneration, .setLinkUp, .addNamespace, .addLink, .addVethPair,
        .addBridgeVLAN,
        .addAddress, .addRoute, .addRule, .setSysctl, .loadRuleset, .addQdisc, .writeNamespaceFile:
        return extras
      }
      next += 1
    }
    return extras
  }

  /// Whether the creating message would set the device up before it joins a master that takes none that is up.
  private func mustJoinDown(_ place: Place, _ master: InterfaceName?) -> Bool {
    master.map { context.bonds.contains(LinkReference(place, $0)) } ?? false
  }

  /// What the creating message couldn't carry.
  private mutating func finish(_ link: LinkReference, _ extras: CreationExtras) {
    guard let mode = extras.mode else { return }
    let up = extras.isUp ? " up" : ""
    add(.ip, in: link.place) { $0.append("link set dev ", link.name, " addrgenmode ", mode.rawValue, up) }
  }

  /// `ip link set … master`.
  mutating func emit(_ operation: SetMaster) {
    let name = operation.link.name
    add(
      .ip, in: operation.link.place, "link set dev \(name) master \(operation.master)",
      undo: isForeign(operation.link) ? "link set dev \(name) nomaster" : nil)
  }

  /// `ip link set … type bridge_slave hairpin on`.
  mutating func emit(_ operation: SetHairpin) {
    let command = "link set dev \(operation.link.name.text) type bridge_slave hairpin"
    add(.ip, in: operation.link.place, "\(command) on", undo: isForeign(operation.link) ? "\(command) off" : nil)
  }

  /// `ip link set … addrgenmode`.
  mutating func emit(_ operation: SetAddressGeneration) {
    let name = operation.link.name
    add(
      .ip, in: operation.link.place,
      undo: isForeign(operation.link) ? "link set dev \(name) addrgenmode eui64" : nil
    ) { $0.append("link set dev ", name, " addrgenmode ", operation.mode.rawValue) }
  }

  /// `ip link set … up`; a device of the host's that was there before stays up.
  mutating func emit(_ operation: SetLinkUp) {
    add(.ip, in: operation.link.place) { $0.append("link set dev ", operation.link.name, " up") }
  }

  /// `bridge vlan add`.
  mutating func emit(_ operation: AddBridgeVLAN) {
    let target: ShellText = "dev \(operation.link.name)"
    let own = operation.isBridge ? " self" : ""
    let isRange = operation.first != operation.last
    let vlans = isRange ? "\(operation.first)-\(operation.last)" : "\(operation.first)"
    if operation.replacesDefault, operation.first.number > 1 {
      add(
        .bridge, in: operation.link.place, "vlan del \(target) vid 1\(own)",
        undo: isForeign(operation.link) ? "vlan add \(target) vid 1 pvid untagged\(own)" : nil)
    }
    let flags = (operation.isPVID ? " pvid" : "") + (operation.isUntagged ? " untagged" : "")
    add(
      .bridge, in: operation.link.place, "vlan add \(target) vid \(vlans)\(flags)\(own)",
      undo: isForeign(operation.link) ? "vlan del \(target) vid \(vlans)\(own)" : nil)
  }
}
