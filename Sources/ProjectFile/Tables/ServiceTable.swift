import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == NodeEntry {
  /// A service, `services.NAME` (compose-spec, 05-services.md).
  static let service = KeyTable(
    "service", "A container: a namespace of its own, unless `network_mode` says otherwise.", takesExtensions: true,
    ignoring: ignoredServiceKeys, composeKeys + startKeys + nodeKeys)

  /// A router, `routers.NAME`.
  static let router = KeyTable(
    "router", "A namespace that forwards IPv4 and IPv6. With a network's gateway address it is that network's gateway.",
    takesExtensions: true, nodeKeys + [sysctlKey, hostnameKey])

  /// What a service and a router have in common.
  private static var nodeKeys: [Key<NodeEntry>] {
    [
      Key(
        "networks", .either([.list(.text("network")), .map(.mapping("service's network"))]), "The networks it is on."
      ) {
        node, entry, reader in
        node.networksRange = entry.key.range
        node.attachments += reader.attachments(entry.value)
      },
      Key("routes", .list(.mapping("route")), "Its static routes.", .netwright) { node, entry, reader in
        node.routes += reader.routes(entry.value)
      },
      Key("rules", .list(.mapping("rule")), "Its policy rules.", .netwright) { node, entry, reader in
        node.rules += reader.rules(entry.value)
      },
      Key("interfaces", .map(.mapping("interface")), "Devices of its own making, by name.", .netwright) {
        node, entry, reader in
        node.interfaces += reader.interfaces(entry.value)
      },
      Key("firewall", .mapping("firewall"), "What it lets in, on and out.", .netwright) { node, entry, reader in
        node.firewall = reader.firewall(entry)
      },
      Key("nat", .list(.mapping("translation")), "Which addresses it translates.", .netwright) { node, entry, reader in
        node.translations += reader.translations(entry.value)
      },
    ]
  }

  private static var hostnameKey: Key<NodeEntry> {
    Key("hostname", .hostName, "A further name that it has on its networks.") { $0.hostname = $1 }
  }

  private static var sysctlKey: Key<NodeEntry> {
    Key(
      "sysctls", .either([.map(.text("value")), .list(.text("KEY=VALUE"))]),
      "Kernel parameters of its namespace; those below net. are set."
    ) { node, entry, reader in
      node.sysctls += reader.sysctls(entry.value)
    }
  }

  private static var composeKeys: [Key<NodeEntry>] {
    [
      Key(
        "network_mode", .text("none, host, bridge, service:NAME, container:NAME or a network's name"),
        "Where its network comes from."
      ) {
        node, entry, reader in
        node.networkMode = reader.networkMode(entry.value)
      },
      hostnameKey, sysctlKey,
      Key("domainname", .hostName, "The domain after the host name.") { $0.domainname = $1 },
      Key("container_name", .hostName, "The container's name, which resolves too.") { $0.containerName = $1 },
      Key("mac_address", .macAddress, "The hardware address on its first network.") { $0.macAddress = $1 },
      Key(
        "extra_hosts", .either([.list(.text("HOST=IP")), .map(.either([.text("IP"), .list(.text("IP"))]))]),
        "Further lines of its /etc/hosts; host-gateway stands for the host."
      ) { node, entry, reader in
        node.extraHosts += reader.extraHosts(entry.value)
      },
      Key(oneOrMore: "dns", .address, "Name servers, in its /etc/resolv.conf.") { $0.dns.append($1) },
      Key(oneOrMore: "dns_search", .resolverWord, "Search domains, in its /etc/resolv.conf.") {
        $0.dnsSearch.append($1)
      },
      Key(oneOrMore: "dns_opt", .resolverWord, "Resolver options, in its /etc/resolv.conf.") {
        $0.dnsOptions.append($1)
      },
      Key("scale", .integer(0...100_000), "How many replicas there are; 1 without it.") { $0.scale = $1 },
      Key("deploy", .mapping("deploy"), "How it is deployed: `replicas` is taken.") { node, entry, reader in
        reader.read(entry.value, into: &node, by: .deploy)
      },
      Key("expose", .list(.either([.integer(1...65535), .text("PORT[-PORT][/PROTOCOL]")])), "Ports it listens on.") {
        node, entry, reader in
        node.expose = reader.exposedPorts(entry.value)
      },
      Key(
        "ports", .list(.either([.integer(0...65535), .text("[[IP:][HOST]:]CONTAINER[/PROTOCOL]"), .mapping("port")])),
        "Ports published on the host."
      ) { node, entry, reader in
        node.ports = reader.publishedPorts(entry.value)
      },
    ]
  }

  /// `deploy`: all but `replicas` concerns a swarm.
  static let deploy = KeyTable(
    "deploy", "How a service is deployed.", takesExtensions: true,
    ignoring: [
      "mode", "endpoint_mode", "labels", "update_config", "rollback_config", "resources", "restart_policy", "placement",
    ],
    [Key("replicas", .integer(0...100_000), "How many replicas there are; `scale` says the same.") { $0.replicas = $1 }]
  )

  /// Keys of compose's schema that have nothing to do with networks.
  private static var ignoredServiceKeys: [String] {
    [
      "annotations", "attach", "blkio_config", "build", "cap_add", "cap_drop", "cgroup_parent", "command",
      "configs", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares",
      "cpus", "cpuset", "credential_spec", "develop", "device_cgroup_rules", "devices", "entrypoint", "env_file",
      "environment", "external_links", "gpus", "group_add", "healthcheck", "image", "init",
      "isolation", "label_file", "labels", "logging", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit",
      "models", "oom_kill_disable", "oom_score_adj", "pids_limit", "platform", "post_start", "pre_start",
      "pre_stop", "privileged", "pull_policy", "pull_refresh_after", "read_only", "restart",
      "runtime", "secrets", "security_opt", "shm_size", "stdin_open", "stop_grace_period", "stop_signal", "storage_opt",
      "tmpfs", "tty", "ulimits", "use_api_socket", "user", "userns_mode", "volume_driver", "volumes",
      "working_dir",
    ]
  }
}
