/// The parameters of IPv4, IPv6 and sockets that Linux has below /proc/sys/net, as of 6.18
/// (Documentation/networking/ip-sysctl.rst, Documentation/admin-guide/sysctl/net.rst, and what such a kernel lists in
/// its first network namespace and in another).
package enum KernelParameters {
  /// Where a parameter can be set.
  package enum Standing: Hashable, Sendable {
    /// In every namespace.
    case everywhere
    /// In the first namespace alone: it holds for the whole machine.
    case firstNamespace
    /// Nowhere: it only tells something.
    case readOnly
    /// Nowhere: there is none of that name.
    case nowhere
    /// It is of another part of the kernel, whose parameters hang on how that was built and what is loaded.
    case unlisted
  }

  /// Where a parameter can be set.
  package static func standing(of key: SysctlKey) -> Standing {
    guard let (folder, name) = split(key) else { return .unlisted }
    if folder.everywhere.contains(name) { return .everywhere }
    if folder.firstNamespace.contains(name) { return .firstNamespace }
    if folder.readOnly.contains(name) { return .readOnly }
    return folder.isWhole ? .nowhere : .unlisted
  }

  /// The keys that lie in the folder of one, for the same device if it is of one.
  package static func keys(beside key: SysctlKey) -> [String] {
    guard let (folder, name) = split(key) else { return [] }
    let start = key.text.dropLast(name.count)
    return folder.everywhere.sorted().map { "\(start)\($0)" }
  }

  /// The key that one is meant to be whose device has dots in its name: there they are slashes (sysctl(8)); nil where
  /// Linux has none of that name either.
  package static func dotted(_ key: SysctlKey) -> SysctlKey? {
    let parts = key.text.split(separator: ".")
    guard key.deviceName != nil, parts.count > 5, let name = parts.last else { return nil }
    let start = parts[..<3].joined(separator: ".")
    let other = SysctlKey("\(start).\(parts[3..<(parts.count - 1)].joined(separator: "/")).\(name)")
    return other.flatMap { standing(of: $0) == .nowhere ? nil : $0 }
  }

  /// The parameters of one folder.
  private struct Folder {
    let everywhere: Set<Substring>
    let firstNamespace: Set<Substring>
    let readOnly: Set<Substring>
    /// Whether it has no others.
    let isWhole: Bool

    init(_ everywhere: String, firstNamespace: String = "", readOnly: String = "", isWhole: Bool = true) {
      self.everywhere = Set(everywhere.split(whereSeparator: \.isWhitespace))
      self.firstNamespace = Set(firstNamespace.split(whereSeparator: \.isWhitespace))
      self.readOnly = Set(readOnly.split(whereSeparator: \.isWhitespace))
      self.isWhole = isWhole
    }
  }

  /// The folder of a key, and its name there; nil where the folder isn't listed here.
  private static func split(_ key: SysctlKey) -> (Folder, Substring)? {
    let parts = key.text.split(separator: ".", maxSplits: 4)
    guard parts.count > 2, parts[0] == "net" else { return nil }
    switch parts[1] {
    case "ipv4", "ipv6": break
    case "core": return (ofCore, key.text.dropFirst("net.core.".count))
    case "netfilter": return (ofNetfilter, key.text.dropFirst("net.netfilter.".count))
    default: return nil
    }
    let isIPv4 = parts[1] == "ipv4"
    switch parts[2] {
    case "conf": return parts.count == 5 ? (isIPv4 ? ofIPv4Devices : ofIPv6Devices, parts[4]) : nil
    case "neigh":
      guard parts.count == 5 else { return nil }
      // There is no `all` as there is among `conf`.
      return (parts[3] == "default" ? ofAllNeighbors : parts[3] == "all" ? Folder("") : ofNeighbors, parts[4])
    default: return (isIPv4 ? ofIPv4 : ofIPv6, key.text.dropFirst("net.ipv4.".count))
    }
  }

  private static let ofIPv4 = Folder(
    """
    fib_multipath_hash_fields fib_multipath_hash_policy fib_multipath_hash_seed fib_multipath_use_neigh
    fib_notify_on_flag_change fwmark_reflect icmp_echo_enable_probe icmp_echo_ignore_all icmp_echo_ignore_broadcasts
    icmp_errors_use_inbound_ifaddr icmp_ignore_bogus_error_responses icmp_msgs_burst icmp_msgs_per_sec icmp_ratelimit
    icmp_ratemask igmp_link_local_mcast_reports igmp_max_memberships igmp_max_msf igmp_qrv ip_autobind_reuse
    ip_default_ttl ip_dynaddr ip_early_demux ip_forward ip_forward_update_priority ip_forward_use_pmtu
    ip_local_port_range ip_local_reserved_ports ip_no_pmtu_disc ip_nonlocal_bind ip_unprivileged_port_start
    ipfrag_high_thresh ipfrag_low_thresh ipfrag_max_dist ipfrag_time nexthop_compat_mode ping_group_range
    raw_l3mdev_accept route.flush route.min_adv_mss route.min_pmtu route.mtu_expires tcp_abort_on_overflow
    tcp_adv_win_scale tcp_app_win tcp_autocorking tcp_backlog_ack_defer tcp_base_mss tcp_challenge_ack_limit
    tcp_child_ehash_entries tcp_comp_sack_delay_ns tcp_comp_sack_nr tcp_comp_sack_slack_ns tcp_congestion_control
    tcp_dsack tcp_early_demux tcp_early_retrans tcp_ecn tcp_ecn_fallback tcp_ecn_option tcp_ecn_option_beacon tcp_fack
    tcp_fastopen tcp_fastopen_blackhole_timeout_sec tcp_fastopen_key tcp_fin_timeout tcp_frto tcp_fwmark_accept
    tcp_invalid_ratelimit tcp_keepalive_intvl tcp_keepalive_probes tcp_keepalive_time tcp_l3mdev_accept
    tcp_limit_output_bytes tcp_max_reordering tcp_max_syn_backlog tcp_max_tw_buckets tcp_migrate_req tcp_min_rtt_wlen
    tcp_min_snd_mss tcp_min_tso_segs tcp_moderate_rcvbuf tcp_mtu_probe_floor tcp_mtu_probing tcp_no_metrics_save
    tcp_no_ssthresh_metrics_save tcp_notsent_lowat tcp_orphan_retries tcp_pacing_ca_ratio tcp_pacing_ss_ratio
    tcp_pingpong_thresh tcp_plb_cong_thresh tcp_plb_enabled tcp_plb_idle_rehash_rounds tcp_plb_rehash_rounds
    tcp_plb_suspend_rto_sec tcp_probe_interval tcp_probe_threshold tcp_recovery tcp_reflect_tos tcp_reordering
    tcp_retrans_collapse tcp_retries1 tcp_retries2 tcp_rfc1337 tcp_rmem tcp_rto_max_ms tcp_rto_min_us tcp_sack
    tcp_shrink_window tcp_slow_start_after_idle tcp_stdurg tcp_syn_linear_timeouts tcp_syn_retries tcp_synack_retries
    tcp_syncookies tcp_thin_linear_timeouts tcp_timestamps tcp_tso_rtt_log tcp_tso_win_divisor tcp_tw_reuse
    tcp_tw_reuse_delay tcp_window_scaling tcp_wmem tcp_workaround_signed_windows udp_child_hash_entries udp_early_demux
    udp_l3mdev_accept udp_rmem_min udp_wmem_min xfrm4_gc_thresh
    """,
    firstNamespace: """
      cipso_cache_bucket_size cipso_cache_enable cipso_rbm_optfmt cipso_rbm_strictvalid fib_sync_mem inet_peer_maxttl
      inet_peer_minttl inet_peer_threshold ipfrag_secret_interval route.error_burst route.error_cost
      route.gc_elasticity route.gc_interval route.gc_min_interval route.gc_min_interval_ms route.gc_thresh
      route.gc_timeout route.max_size route.redirect_load route.redirect_number route.redirect_silence
      tcp_allowed_congestion_control tcp_low_latency tcp_max_orphans tcp_mem udp_mem
      """,
    readOnly: "tcp_available_congestion_control tcp_available_ulp tcp_ehash_entries udp_hash_entries")

  private static let ofIPv6 = Folder(
    """
    anycast_src_echo_reply auto_flowlabels bindv6only fib_multipath_hash_fields fib_multipath_hash_policy
    fib_notify_on_flag_change flowlabel_consistency flowlabel_reflect flowlabel_state_ranges fwmark_reflect
    icmp.echo_ignore_all icmp.echo_ignore_anycast icmp.echo_ignore_multicast icmp.error_anycast_as_unicast
    icmp.ratelimit icmp.ratemask idgen_delay idgen_retries ioam6_id ioam6_id_wide ip6frag_high_thresh
    ip6frag_low_thresh ip6frag_time ip_nonlocal_bind max_dst_opts_length max_dst_opts_number max_hbh_length
    max_hbh_opts_number route.flush route.gc_elasticity route.gc_interval route.gc_min_interval
    route.gc_min_interval_ms route.gc_thresh route.gc_timeout route.max_size route.min_adv_mss route.mtu_expires
    route.skip_notify_on_dev_down seg6_flowlabel xfrm6_gc_thresh
    """,
    firstNamespace: """
      calipso_cache_bucket_size calipso_cache_enable ip6frag_secret_interval mld_max_msf mld_qrv
      """)

  private static let ofIPv4Devices = Folder(
    """
    accept_local accept_redirects accept_source_route arp_accept arp_announce arp_evict_nocarrier arp_filter
    arp_ignore arp_notify bc_forwarding bootp_relay disable_policy disable_xfrm drop_gratuitous_arp
    drop_unicast_in_l2_multicast force_igmp_version forwarding igmpv2_unsolicited_report_interval
    igmpv3_unsolicited_report_interval ignore_routes_with_linkdown log_martians medium_id
    promote_secondaries proxy_arp proxy_arp_pvlan route_localnet rp_filter secure_redirects send_redirects
    shared_media src_valid_mark tag
    """, readOnly: "mc_forwarding")

  private static let ofIPv6Devices = Folder(
    """
    accept_dad accept_ra accept_ra_defrtr accept_ra_from_local accept_ra_min_hop_limit accept_ra_min_lft
    accept_ra_mtu accept_ra_pinfo accept_ra_rt_info_max_plen accept_ra_rt_info_min_plen accept_ra_rtr_pref
    accept_redirects accept_source_route accept_untracked_na addr_gen_mode autoconf dad_transmits disable_ipv6
    disable_policy drop_unicast_in_l2_multicast drop_unsolicited_na enhanced_dad force_forwarding force_mld_version
    force_tllao forwarding hop_limit ignore_routes_with_linkdown ioam6_enabled ioam6_id ioam6_id_wide
    keep_addr_on_down max_addresses max_desync_factor mldv1_unsolicited_report_interval
    mldv2_unsolicited_report_interval mtu ndisc_evict_nocarrier ndisc_notify ndisc_tclass optimistic_dad proxy_ndp
    ra_defrtr_metric ra_honor_pio_life ra_honor_pio_pflag regen_max_retry regen_min_advance router_probe_interval
    router_solicitation_delay router_solicitation_interval router_solicitation_max_interval router_solicitations
    rpl_seg_enabled seg6_enabled seg6_require_hmac stable_secret suppress_frag_ndisc temp_prefered_lft
    temp_valid_lft use_oif_addrs_only use_optimistic use_tempaddr
    """, readOnly: "mc_forwarding")

  private static let namesOfNeighbors = """
    anycast_delay app_solicit base_reachable_time base_reachable_time_ms delay_first_probe_time gc_stale_time
    interval_probe_time_ms locktime mcast_resolicit mcast_solicit proxy_delay proxy_qlen retrans_time
    retrans_time_ms ucast_solicit unres_qlen unres_qlen_bytes
    """

  private static let ofNeighbors = Folder(namesOfNeighbors)

  /// `default`: other namespaces haven't even that (neigh_sysctl_register).
  private static let ofAllNeighbors = Folder(
    "", firstNamespace: namesOfNeighbors + " gc_interval gc_thresh1 gc_thresh2 gc_thresh3")

  /// Those of sockets and devices as such; where a namespace sees the default sizes of buffers, it can't set them.
  private static let ofCore = Folder(
    """
    optmem_max rps_default_mask somaxconn tstamp_allow_data txrehash xfrm_acq_expires xfrm_aevent_etime
    xfrm_aevent_rseqth xfrm_larval_drop
    """,
    firstNamespace: """
      bpf_jit_enable bpf_jit_harden bpf_jit_kallsyms bpf_jit_limit busy_poll busy_read default_qdisc dev_weight
      dev_weight_rx_bias dev_weight_tx_bias devconf_inherit_init_net fb_tunnels_only_for_init_net
      flow_limit_cpu_bitmap flow_limit_table_len gro_normal_batch high_order_alloc_disable max_skb_frags
      mem_pcpu_rsv message_burst message_cost netdev_budget netdev_budget_usecs netdev_max_backlog
      netdev_tstamp_prequeue netdev_unregister_timeout_secs rmem_default rmem_max rps_sock_flow_entries
      skb_defer_max warnings wmem_default wmem_max
      """,
    readOnly: "netdev_rss_key")

  /// Of connection tracking's, those that hold for the whole machine (nf_conntrack_standalone_init_sysctl,
  /// net/netfilter/nf_conntrack_standalone.c); which others there are hangs on how the kernel was built.
  private static let ofNetfilter = Folder(
    "", firstNamespace: "nf_conntrack_buckets nf_conntrack_expect_max nf_conntrack_max",
    readOnly: "nf_conntrack_count", isWhole: false)
}
