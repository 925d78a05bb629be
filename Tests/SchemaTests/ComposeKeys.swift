/// The keys that the Compose Specification has, by the mapping that they stand in: the names of the properties in its
/// JSON schema (compose-spec/compose-spec 170098b, schema/compose-spec.json).
enum ComposeKeys {
  static let all: [(mapping: String, keys: [String])] = [
    ("file", keys("configs include models name networks secrets services version volumes")),
    (
      "service",
      keys(
        """
        annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs \
        container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus \
        cpuset credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search \
        domainname entrypoint env_file environment expose extends external_links extra_hosts gpus group_add \
        healthcheck hostname image init ipc isolation label_file labels links logging mac_address mem_limit \
        mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj \
        pid pids_limit platform ports post_start pre_stop privileged profiles provider pull_policy \
        pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open \
        stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts \
        volumes volumes_from working_dir
        """)
    ),
    (
      "service's network",
      keys(
        """
        aliases driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips mac_address \
        priority
        """)
    ),
    ("port", keys("app_protocol host_ip mode name protocol published target")),
    ("dependency", keys("condition required restart")),
    ("extends", keys("file service")),
    ("include", keys("env_file path project_directory")),
    (
      "deploy",
      keys("endpoint_mode labels mode placement replicas resources restart_policy rollback_config update_config")
    ),
    ("network", keys("attachable driver driver_opts enable_ipv4 enable_ipv6 external internal ipam labels name")),
    ("ipam", keys("config driver options")),
    ("pool", keys("aux_addresses gateway ip_range subnet")),
  ]

  private static func keys(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
