import NetworkTypes

/// The document of a snapshot: what the programs of iproute2 print, as far as it is used.
struct HostDocument: Decodable, Sendable {
  let version: Int
  let kernel: String?
  let namespaces: [Space]
  let docker: [DockerNetwork]?

  struct Space: Decodable, Sendable {
    let name: String?
    let devices: [Device]
    let routes: [Route]?
    let routes6: [Route]?
    let rules: [Rule]?
    let rules6: [Rule]?
    let neighbors: [Neighbor]?
    let forwarding: [Forwarding]?
    let vlans: [PortVLANs]?
    let sysctls: [String: Int]?
  }

  /// Of `ip -j -d address`.
  struct Device: Decodable, Sendable {
    let ifindex: Int
    let ifname: String
    let flags: [String]
    let mtu: Int
    let link: String?
    let link_index: Int?
    let master: String?
    let group: String?
    let link_type: String?
    let address: String?
    let linkinfo: Info?
    let addr_info: [Address]?
  }

  struct Info: Decodable, Sendable {
    let info_kind: String?
    let info_data: InfoData?
  }

  /// The members that devices of several kinds have; each kind has some.
  struct InfoData: Decodable, Sendable {
    let stp_state: Int?
    let vlan_filtering: Int?
    let ageing_time: Int?
    let id: Int?
    let table: Int?
    let mode: String?
    let remote: String?
    let local: String?
    let port: Int?
    let link: String?

    private enum Key: String, CodingKey {
      case stp_state, vlan_filtering, ageing_time, id, table, mode, remote, remote6, local, local6, port, link
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      // A member of this name may mean something else for a kind that isn't used here.
      func number(_ key: Key) -> Int? { try? container.decodeIfPresent(Int.self, forKey: key) }
      func text(_ key: Key) -> String? { try? container.decodeIfPresent(String.self, forKey: key) }
      (stp_state, vlan_filtering, ageing_time) = (number(.stp_state), number(.vlan_filtering), number(.ageing_time))
      (id, table, port) = (number(.id), number(.table), number(.port))
      (mode, link) = (text(.mode), text(.link))
      (remote, local) = (text(.remote) ?? text(.remote6), text(.local) ?? text(.local6))
    }
  }

  struct Address: Decodable, Sendable {
    let local: String
    let prefixlen: Int
    let broadcast: String?
    let scope: String?
    let secondary: Bool?
    let tentative: Bool?
    let nodad: Bool?
  }

  /// Of `ip -j route show table all`.
  struct Route: Decodable, Sendable {
    let type: String?
    let dst: String
    let gateway: String?
    let dev: String?
    let table: String?
    let `protocol`: String?
    let scope: String?
    let prefsrc: String?
    let metric: Int?
    let flags: [String]?
    let nexthops: [NextHop]?
  }

  struct NextHop: Decodable, Sendable {
    let gateway: String?
    let dev: String?
    let weight: Int?
    let flags: [String]?
  }

  /// Of `ip -j rule`.
  struct Rule: Decodable, Sendable {
    let priority: Int
    let src: String?
    let srclen: Int?
    let dst: String?
    let dstlen: Int?
    let iif: String?
    let oif: String?
    let fwmark: String?
    let table: String?
    let action: String?
  }

  /// Of `bridge -j fdb`, which leaves out what an entry hasn't.
  struct Forwarding: Decodable, Sendable {
    let mac: String?
    let ifname: String?
    let vlan: Int?
    let master: String?
    let state: String?
  }

  /// Of `bridge -j vlan`.
  struct PortVLANs: Decodable, Sendable {
    let ifname: String
    let vlans: [VLAN]
  }

  struct VLAN: Decodable, Sendable {
    let vlan: Int
    let vlanEnd: Int?
    let flags: [String]?
  }

  /// Of `ip -j neighbor`.
  struct Neighbor: Decodable, Sendable {
    let dst: String
    let dev: String
    let lladdr: String?
  }
}
