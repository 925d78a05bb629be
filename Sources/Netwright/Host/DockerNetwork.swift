/// A network as `docker network inspect` prints it (moby, api/types/network): the members that are used.
///
/// What is missing or of another type is nil: each release of the engine has members of its own, and none of them is
/// worth refusing a whole snapshot for.
struct DockerNetwork: Decodable, Sendable {
  let name: String?
  let identifier: String?
  let driver: String?
  let isInternal: Bool?
  let blocks: [Block]
  let options: [String: String]
  let containers: [Container]

  /// Of `IPAM.Config`.
  struct Block: Decodable, Sendable {
    let subnet: String?
    let range: String?
    let gateway: String?
    let auxiliary: [String: String]

    private enum Key: String, CodingKey {
      case subnet = "Subnet"
      case range = "IPRange"
      case gateway = "Gateway"
      case auxiliary = "AuxiliaryAddresses"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      subnet = try? container.decodeIfPresent(String.self, forKey: .subnet)
      range = try? container.decodeIfPresent(String.self, forKey: .range)
      gateway = try? container.decodeIfPresent(String.self, forKey: .gateway)
      auxiliary = (try? container.decodeIfPresent([String: String].self, forKey: .auxiliary)) ?? [:]
    }
  }

  /// Of `Containers`: one that runs.
  struct Container: Decodable, Sendable {
    let name: String?
    /// With the length of its block: `172.18.0.2/16`.
    let ipv4Address: String?
    let ipv6Address: String?

    private enum CodingKeys: String, CodingKey {
      case name = "Name"
      case ipv4Address = "IPv4Address"
      case ipv6Address = "IPv6Address"
    }
  }

  private enum Key: String, CodingKey {
    case name = "Name"
    case identifier = "Id"
    case driver = "Driver"
    case isInternal = "Internal"
    case management = "IPAM"
    case options = "Options"
    case containers = "Containers"
  }

  private struct Management: Decodable {
    let config: [Block]?

    private enum CodingKeys: String, CodingKey { case config = "Config" }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try? container.decodeIfPresent(String.self, forKey: .name)
    identifier = try? container.decodeIfPresent(String.self, forKey: .identifier)
    driver = try? container.decodeIfPresent(String.self, forKey: .driver)
    isInternal = try? container.decodeIfPresent(Bool.self, forKey: .isInternal)
    blocks = (try? container.decodeIfPresent(Management.self, forKey: .management))?.config ?? []
    options = (try? container.decodeIfPresent([String: String].self, forKey: .options)) ?? [:]
    let running = (try? container.decodeIfPresent([String: Container].self, forKey: .containers)) ?? [:]
    containers = running.sorted { $0.key < $1.key }.map(\.value)
  }
}
