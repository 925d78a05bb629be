/// Makes compose projects at random, from a seed: a file, one or two that override it, and an environment.
///
/// They are as people write them: fragments with anchors and merge keys, variables with and without defaults, short and
/// long forms, lists and mappings, replicas, aliases, modes. Most are right.
package struct ComposeGenerator {
  /// The dialects that files are made in.
  package enum Dialect: Sendable {
    /// What docker-compose 1.29 takes.
    case old
    /// What docker compose 2 takes: `!reset` and `!override`, `gw_priority`, `interface_name`, `enable_ipv4`,
    /// `profiles` and documents in one file besides.
    case new
  }

  /// A project.
  package struct Project: Sendable {
    /// The files' texts, in order.
    package var files: [String]
    /// The variables of the process.
    package var environment: [String: String]
    /// The active profiles.
    package var profiles: [String]
  }

  private var random: RandomNumbers
  private let dialect: Dialect
  private var lines: [String] = []
  private var services: [String] = []
  private var networks: [Net] = []
  private var environment: [String: String] = [:]

  private struct Net {
    let key: String
    /// The third octet of its 10.30.x.0/24; nil for an automatic subnet.
    let third: Int?
    let hasIPv6: Bool
    let isInternal: Bool
  }

  /// Starts from a seed.
  package init(seed: UInt64, dialect: Dialect = .new) {
    random = RandomNumbers(seed: seed)
    self.dialect = dialect
  }

  /// The project.
  package mutating func project() -> Project {
    environment = ["TAG": "latest", "DOMAIN": "example.org", "EMPTY": ""]
    services = (0..<(1 + random.below(6))).map { "s\($0)" }
    networks = (0..<random.below(4)).map { index in
      Net(
        key: "n\(index)", third: random.chance(70) ? index * 7 + random.below(3) : nil, hasIPv6: random.chance(20),
        isInternal: random.chance(20))
    }
    var files = [mainFile()]
    if random.chance(60) { files.append(overridingFile()) }
    if random.chance(20) { files.append(overridingFile()) }
    if dialect == .new, files.count > 1, random.chance(20) {
      files = [files.joined(separator: "---\n")]
    }
    let profiles = dialect == .new && random.chance(30) ? [random.pick(["debug", "*"])] : []
    return Project(files: files, environment: environment, profiles: profiles)
  }

  // MARK: The main file

  private mutating func mainFile() -> String {
    lines = []
    if dialect == .old { line("version: \"3.9\"") }
    let hasFragment = random.chance(50)
    if hasFragment {
      line("x-common: &common")
      line("  restart: unless-stopped")
      if random.chance(50) { line("  dns: 192.0.2.53") }
      if random.chance(50) { line("  extra_hosts: [\"gate:192.0.2.1\"]") }
      if random.chance(30) { line("  expose: [\"9100\"]") }
    }
    line("services:")
    for index in services.indices { addService(index, hasFragment) }
    guard !networks.isEmpty else { return text }
    line("networks:")
    for net in networks { addNetwork(net) }
    return text
  }

  private mutating func addService(_ index: Int, _ hasFragment: Bool) {
    line("  \(services[index]):")
    if hasFragment, random.chance(60) { line("    <<: *common") }
    line("    image: \(random.pick(["busybox", "\"busybox:${TAG}\"", "busybox:${VERSION:-1.36}"]))")
    let replicas = random.chance(15) ? 2 + random.below(3) : 1
    if replicas > 1 { line("    deploy: { replicas: \(replicas) }") }
    let isAlone = addMode(index)
    if !isAlone { addAttachments(index, replicas) }
    addNames(index, replicas, isAlone)
    if index > 0, random.chance(40) { addDependencies(index) }
    if index > 0, !isAlone, random.chance(15) { line("    links: [\"\(services[random.below(index)]):store\"]") }
    if !isAlone, random.chance(40) { addPorts(index, replicas) }
    if !isAlone, random.chance(25) {
      line("    sysctls: \(random.pick(["{ net.ipv4.ip_forward: 1 }", "[\"net.core.somaxconn=1024\"]"]))")
    }
    if dialect == .new, random.chance(10) { line("    profiles: [\(random.pick(["debug", "test"]))]") }
  }

  /// `network_mode`, now and then; whether the service has no network of the file's.
  private mutating func addMode(_ index: Int) -> Bool {
    guard random.chance(15) else { return false }
    switch random.below(index > 0 ? 3 : 2) {
    case 0: line("    network_mode: ${MODE:-none}")
    case 1: line("    network_mode: \"none\"")
    default: line("    network_mode: service:\(services[0])")
    }
    return true
  }

  private mutating func addAttachments(_ index: Int, _ replicas: Int) {
    let own = networks.filter { _ in random.chance(60) }
    guard !own.isEmpty else { return }
    if random.chance(40) {
      line("    networks: [\(own.map(\.key).joined(separator: ", "))]")
      return
    }
    line("    networks:")
    for net in own {
      var fields: [String] = []
      if let third = net.third, replicas == 1, random.chance(40) {
        fields.append("ipv4_address: \(random.chance(30) ? "${BASE:-10.30}" : "10.30").\(third).\(20 + index)")
      }
      if net.hasIPv6, dialect == .new, replicas == 1, random.chance(30) {
        fields.append("ipv6_address: \"fd00:30:\(net.key.dropFirst())::\(20 + index)\"")
      }
      if random.chance(30) { fields.append("aliases: [\(services[index])-\(net.key), \"${ALIAS:-shared}\"]") }
      if random.chance(20) { fields.append("priority: \(random.below(3))") }
      if dialect == .new, random.chance(20) { fields.append("gw_priority: \(random.below(3))") }
      if dialect == .new, random.chance(10) { fields.append("interface_name: if\(net.key)") }
      line(fields.isEmpty ? "      \(net.key):" : "      \(net.key): { \(fields.joined(separator: ", ")) }")
    }
  }

  private mutating func addNames(_ index: Int, _ replicas: Int, _ isAlone: Bool) {
    if replicas == 1, random.chance(20) { line("    container_name: box\(index)") }
    guard !isAlone else { return }
    if random.chance(25) { line("    hostname: \"h\(index)${EMPTY}\"") }
    if random.chance(15) { line("    domainname: ${DOMAIN}") }
    if random.chance(20) { line("    dns_search: \(random.pick(["example.org", "[a.example, b.example]"]))") }
    if random.chance(15) { line("    dns_opt: [\"ndots:1\", \"timeout:2\"]") }
  }

  private mutating func addDependencies(_ index: Int) {
    let on = services[random.below(index)]
    line(
      random.chance(50)
        ? "    depends_on: [\(on)]" : "    depends_on: { \(on): { condition: service_started } }")
  }

  private mutating func addPorts(_ index: Int, _ replicas: Int) {
    var entries: [String] = []
    let host = 8000 + 100 * index
    if replicas == 1, random.chance(60) { entries.append("\"\(host):80\"") }
    if replicas == 1, random.chance(30) { entries.append("\"127.0.0.1:\(host + 1)-\(host + 3):81-83/tcp\"") }
    if random.chance(30) {
      entries.append(replicas == 1 ? "{ target: 90, published: \(host + 9), protocol: udp }" : "{ target: 90 }")
    }
    if random.chance(30) { entries.append("\"53/udp\"") }
    if !entries.isEmpty { line("    ports: [\(entries.joined(separator: ", "))]") }
    if random.chance(40) { line("    expose: [\"\(9000 + index)\", 7000-7002]") }
  }

  private mutating func addNetwork(_ net: Net) {
    line("  \(net.key):")
    var isEmpty = true
    func field(_ text: String) {
      isEmpty = false
      line("    \(text)")
    }
    if net.isInternal { field("internal: true") }
    if net.hasIPv6, dialect == .new { field("enable_ipv6: ${IPV6:-true}") }
    if random.chance(20) { field("name: own_\(net.key)") }
    if random.chance(20) { field("driver: bridge") }
    if random.chance(15) { field("driver_opts: { com.docker.network.driver.mtu: \"1400\" }") }
    if random.chance(10) { field("labels: [\"a=b\"]") }
    if net.third != nil || net.hasIPv6 {
      field("ipam:")
      line("      config:")
      if let third = net.third { line("        - subnet: 10.30.\(third).0/24") }
      if net.hasIPv6, dialect == .new { line("        - subnet: \"fd00:30:\(net.key.dropFirst())::/64\"") }
      if net.third == nil, dialect == .old { line("        - subnet: 10.31.\(net.key.dropFirst()).0/24") }
    }
    if isEmpty, random.chance(50) { lines[lines.count - 1] += " {}" }
  }

  // MARK: Files that override

  private mutating func overridingFile() -> String {
    lines = []
    if dialect == .old { line("version: \"3.9\"") }
    line("services:")
    for index in services.indices where index == 0 || random.chance(40) { addOverride(index) }
    // 1.29 replaces a network that is written twice, instead of merging it.
    if dialect == .new, let net = networks.first, random.chance(30) {
      line("networks:")
      line("  \(net.key): { internal: \(random.pick(["true", "false"])) }")
    }
    return text
  }

  private mutating func addOverride(_ index: Int) {
    line("  \(services[index]):")
    line("    environment: [\"MODE=${MODE:-test}\"]")
    if random.chance(30) { line("    dns: [192.0.2.53, 192.0.2.54]") }
    if random.chance(20) { line("    expose: [\"9000\", \"9001\"]") }
    if random.chance(20) { line("    extra_hosts: { other: 192.0.2.7 }") }
    if random.chance(20) { line("    labels: { com.example.a: \"1\" }") }
    guard dialect == .new else { return }
    if random.chance(20) { line("    ports: !override [\"\(8050 + 100 * index):80\"]") }
    if random.chance(15) { line("    hostname: !reset null") }
    if random.chance(10) { line("    depends_on: !reset []") }
  }

  private var text: String { lines.joined(separator: "\n") + "\n" }

  private mutating func line(_ text: String) { lines.append(text) }
}
