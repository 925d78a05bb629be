import Diagnostics
import NetworkTypes
import ProjectFile

/// A device that is a member of two others, or of itself.
enum MembershipConflict: Rule {
  static let code = RuleCode.membershipConflict
  static let summary = "A device is a member of two bridges, bonds or VRFs, of itself, or in a circle."
  static let rationale =
    "A device has one master; the kernel answers «Device or resource busy» or «Too many levels of symbolic links»."
  static let failing = """
    routers:
      a:
        networks: [lan]
        interfaces:
          br0: { type: bridge, members: [eth0] }
          br1: { type: bridge, members: [eth0] }  # error: NW0407
    networks:
      lan: {}
    """
  static let passing = """
    routers:
      a:
        networks: [lan, wan]
        interfaces:
          br0: { type: bridge, members: [eth0] }
          br1: { type: bridge, members: [eth1] }
    networks:
      lan: {}
      wan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.flatMap { node -> [Diagnostic] in
      var masters: [InterfaceName: Located<InterfaceName>] = [:]
      var result: [Diagnostic] = []
      for interface in node.interfaces {
        for member in interface.members {
          if let other = masters[member.value] {
            result.append(
              finding(
                "`\(member.value)` is a member of `\(other.value)` already", at: member.range,
                labels: [.init(other.range, "here")], help: "take it out of one of them"))
          } else {
            masters[member.value] = Located(interface.name.value, at: member.range)
          }
        }
      }
      return result + circles(masters)
    }
  }

  private static func circles(_ masters: [InterfaceName: Located<InterfaceName>]) -> [Diagnostic] {
    var reported: Set<InterfaceName> = []
    return masters.keys.sorted().compactMap { start in
      var seen: Set<InterfaceName> = [start]
      var current = start
      while let next = masters[current]?.value {
        if next == start {
          guard reported.isDisjoint(with: seen) else { return nil }
          reported.formUnion(seen)
          return finding("`\(start)` is a member of itself", at: masters[start]?.range, help: "take it out")
        }
        guard seen.insert(next).inserted else { return nil }
        current = next
      }
      return nil
    }
  }
}
