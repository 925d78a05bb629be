/// The bounds of single numbers.
extension KernelParameters {
  /// The bounds of the parameters that have any, by their keys without `net.` and with `*` for a device.
  package static let bounds = Dictionary(
    groups.flatMap { group in group.names.split(whereSeparator: \.isWhitespace).map { ($0, group.bounds) } },
    uniquingKeysWith: { first, _ in first })

  /// Found by trying values on Linux 6.18 and 6.1: what both refuse.
  ///
  /// What hangs on the machine's clock, its memory or other parameters is left out. Of milliseconds the kernel takes
  /// the last 32 bits alone (proc_dointvec_ms_jiffies), so that 4294967296 is 0 to it: that counts as refused here.
  private static let groups: [(bounds: ClosedRange<Int>, names: String)] = [
    (
      Int(Int32.min)...Int(Int32.max),
      """
      core.optmem_max ipv4.conf.*.accept_local ipv4.conf.*.accept_redirects ipv4.conf.*.accept_source_route
      ipv4.conf.*.arp_accept ipv4.conf.*.arp_announce ipv4.conf.*.arp_evict_nocarrier ipv4.conf.*.arp_filter
      ipv4.conf.*.arp_ignore ipv4.conf.*.arp_notify ipv4.conf.*.bc_forwarding ipv4.conf.*.bootp_relay
      ipv4.conf.*.disable_policy ipv4.conf.*.drop_gratuitous_arp ipv4.conf.*.drop_unicast_in_l2_multicast
      ipv4.conf.*.force_igmp_version ipv4.conf.*.forwarding ipv4.conf.*.igmpv2_unsolicited_report_interval
      ipv4.conf.*.igmpv3_unsolicited_report_interval ipv4.conf.*.ignore_routes_with_linkdown
      ipv4.conf.*.log_martians ipv4.conf.*.medium_id ipv4.conf.*.promote_secondaries ipv4.conf.*.proxy_arp
      ipv4.conf.*.proxy_arp_pvlan ipv4.conf.*.route_localnet ipv4.conf.*.rp_filter ipv4.conf.*.secure_redirects
      ipv4.conf.*.send_redirects ipv4.conf.*.shared_media ipv4.conf.*.src_valid_mark ipv4.conf.*.tag
      ipv4.icmp_ratemask ipv4.igmp_max_memberships ipv4.igmp_max_msf ipv4.ip_forward ipv4.ipfrag_time
      ipv4.route.min_adv_mss ipv4.route.mtu_expires ipv4.tcp_base_mss ipv4.tcp_challenge_ack_limit
      ipv4.tcp_fastopen ipv4.tcp_fin_timeout ipv4.tcp_keepalive_intvl ipv4.tcp_keepalive_time
      ipv4.tcp_limit_output_bytes ipv4.tcp_max_reordering ipv4.tcp_max_syn_backlog ipv4.tcp_max_tw_buckets
      ipv4.tcp_probe_threshold ipv4.tcp_reordering ipv6.conf.*.accept_dad ipv6.conf.*.accept_ra
      ipv6.conf.*.accept_ra_defrtr ipv6.conf.*.accept_ra_from_local ipv6.conf.*.accept_ra_min_hop_limit
      ipv6.conf.*.accept_ra_min_lft ipv6.conf.*.accept_ra_mtu ipv6.conf.*.accept_ra_pinfo
      ipv6.conf.*.accept_ra_rt_info_max_plen ipv6.conf.*.accept_ra_rt_info_min_plen
      ipv6.conf.*.accept_ra_rtr_pref ipv6.conf.*.accept_redirects ipv6.conf.*.accept_source_route
      ipv6.conf.*.autoconf ipv6.conf.*.dad_transmits ipv6.conf.*.disable_ipv6 ipv6.conf.*.disable_policy
      ipv6.conf.*.drop_unicast_in_l2_multicast ipv6.conf.*.drop_unsolicited_na ipv6.conf.*.enhanced_dad
      ipv6.conf.*.force_mld_version ipv6.conf.*.force_tllao ipv6.conf.*.forwarding
      ipv6.conf.*.ignore_routes_with_linkdown ipv6.conf.*.keep_addr_on_down ipv6.conf.*.max_addresses
      ipv6.conf.*.max_desync_factor ipv6.conf.*.ndisc_notify ipv6.conf.*.optimistic_dad ipv6.conf.*.proxy_ndp
      ipv6.conf.*.regen_max_retry ipv6.conf.*.regen_min_advance ipv6.conf.*.router_probe_interval
      ipv6.conf.*.router_solicitation_delay ipv6.conf.*.router_solicitation_interval
      ipv6.conf.*.router_solicitation_max_interval ipv6.conf.*.seg6_enabled ipv6.conf.*.seg6_require_hmac
      ipv6.conf.*.suppress_frag_ndisc ipv6.conf.*.temp_prefered_lft ipv6.conf.*.temp_valid_lft
      ipv6.conf.*.use_oif_addrs_only ipv6.conf.*.use_optimistic ipv6.conf.*.use_tempaddr ipv6.idgen_delay
      ipv6.idgen_retries ipv6.ip6frag_time ipv6.max_dst_opts_length ipv6.max_dst_opts_number ipv6.max_hbh_length
      ipv6.max_hbh_opts_number ipv6.route.gc_elasticity ipv6.route.gc_interval ipv6.route.gc_min_interval
      ipv6.route.gc_thresh ipv6.route.gc_timeout ipv6.route.max_size ipv6.route.min_adv_mss
      ipv6.route.mtu_expires ipv6.seg6_flowlabel unix.max_dgram_qlen
      """
    ),
    (
      0...255,
      """
      ipv4.fwmark_reflect ipv4.igmp_link_local_mcast_reports ipv4.ip_dynaddr ipv4.ip_early_demux
      ipv4.ip_forward_use_pmtu ipv4.ip_no_pmtu_disc ipv4.ip_nonlocal_bind ipv4.tcp_abort_on_overflow
      ipv4.tcp_comp_sack_nr ipv4.tcp_dsack ipv4.tcp_early_demux ipv4.tcp_fack ipv4.tcp_frto
      ipv4.tcp_fwmark_accept ipv4.tcp_keepalive_probes ipv4.tcp_moderate_rcvbuf ipv4.tcp_mtu_probing
      ipv4.tcp_no_metrics_save ipv4.tcp_orphan_retries ipv4.tcp_plb_suspend_rto_sec ipv4.tcp_recovery
      ipv4.tcp_retrans_collapse ipv4.tcp_retries1 ipv4.tcp_retries2 ipv4.tcp_rfc1337 ipv4.tcp_sack
      ipv4.tcp_slow_start_after_idle ipv4.tcp_stdurg ipv4.tcp_synack_retries ipv4.tcp_syncookies
      ipv4.tcp_thin_linear_timeouts ipv4.tcp_timestamps ipv4.tcp_tso_rtt_log ipv4.tcp_tso_win_divisor
      ipv4.tcp_window_scaling ipv4.tcp_workaround_signed_windows ipv4.udp_early_demux
      ipv6.anycast_src_echo_reply ipv6.bindv6only ipv6.conf.*.ndisc_tclass ipv6.flowlabel_consistency
      ipv6.flowlabel_state_ranges ipv6.fwmark_reflect ipv6.icmp.echo_ignore_all ipv6.icmp.echo_ignore_anycast
      ipv6.icmp.echo_ignore_multicast ipv6.ip_nonlocal_bind
      """
    ),
    (
      0...1,
      """
      core.tstamp_allow_data core.txrehash ipv4.fib_multipath_use_neigh ipv4.icmp_echo_enable_probe
      ipv4.icmp_echo_ignore_all ipv4.icmp_echo_ignore_broadcasts ipv4.icmp_errors_use_inbound_ifaddr
      ipv4.icmp_ignore_bogus_error_responses ipv4.ip_autobind_reuse ipv4.ip_forward_update_priority
      ipv4.nexthop_compat_mode ipv4.raw_l3mdev_accept ipv4.tcp_autocorking ipv4.tcp_backlog_ack_defer
      ipv4.tcp_ecn_fallback ipv4.tcp_l3mdev_accept ipv4.tcp_migrate_req ipv4.tcp_no_ssthresh_metrics_save
      ipv4.tcp_plb_enabled ipv4.tcp_reflect_tos ipv4.tcp_shrink_window ipv4.udp_l3mdev_accept
      ipv6.conf.*.force_forwarding ipv6.conf.*.ioam6_enabled ipv6.conf.*.ndisc_evict_nocarrier
      ipv6.conf.*.ra_honor_pio_life ipv6.conf.*.ra_honor_pio_pflag ipv6.conf.*.rpl_seg_enabled
      ipv6.icmp.error_anycast_as_unicast ipv6.route.skip_notify_on_dev_down vrf.strict_mode
      """
    ),
    (
      0...Int.max,
      """
      ipv4.tcp_comp_sack_delay_ns ipv4.tcp_comp_sack_slack_ns ipv6.ioam6_id_wide
      """
    ),
    (
      0...Int(Int32.max),
      """
      core.somaxconn ipv4.icmp_msgs_burst ipv4.icmp_msgs_per_sec ipv4.icmp_ratelimit ipv4.ipfrag_max_dist
      ipv4.tcp_fastopen_blackhole_timeout_sec ipv4.tcp_invalid_ratelimit ipv4.tcp_probe_interval
      ipv6.conf.*.mldv1_unsolicited_report_interval ipv6.conf.*.mldv2_unsolicited_report_interval
      ipv6.icmp.ratelimit ipv6.route.gc_min_interval_ms
      """
    ),
    (
      0...2,
      """
      ipv4.fib_notify_on_flag_change ipv4.tcp_ecn ipv4.tcp_ecn_option ipv4.tcp_tw_reuse
      ipv6.conf.*.accept_untracked_na ipv6.fib_notify_on_flag_change
      """
    ),
    (
      0...3,
      """
      ipv4.fib_multipath_hash_policy ipv4.tcp_ecn_option_beacon ipv6.auto_flowlabels ipv6.conf.*.addr_gen_mode
      ipv6.fib_multipath_hash_policy
      """
    ),
    (1...255, "ipv4.ip_default_ttl ipv4.tcp_min_tso_segs ipv4.tcp_pingpong_thresh ipv6.conf.*.hop_limit"),
    (1...Int(Int32.max), "ipv4.igmp_qrv ipv4.tcp_rto_min_us ipv4.udp_rmem_min ipv4.udp_wmem_min"),
    (0...31, "ipv4.tcp_app_win ipv4.tcp_plb_idle_rehash_rounds ipv4.tcp_plb_rehash_rounds"),
    (0...1000, "ipv4.tcp_pacing_ca_ratio ipv4.tcp_pacing_ss_ratio"),
    (0...65_535, "ipv4.ip_unprivileged_port_start ipv6.conf.*.ioam6_id"),
    (0...Int(UInt32.max), "ipv4.tcp_notsent_lowat ipv6.conf.*.ioam6_id_wide"),
    (48...65_535, "ipv4.tcp_min_snd_mss ipv4.tcp_mtu_probe_floor"),
    (
      0...Int(Int32.max),
      neighborNames(
        """
        app_solicit base_reachable_time_ms mcast_resolicit mcast_solicit proxy_qlen retrans_time_ms ucast_solicit
        unres_qlen unres_qlen_bytes
        """)
    ),
    // Seconds that have to fit into an int as jiffies (proc_dointvec_jiffies), of which no kernel has fewer than 100.
    (-21_474_836...21_474_836, neighborNames("base_reachable_time delay_first_probe_time gc_stale_time")),
    (1...Int(Int32.max), neighborNames("interval_probe_time_ms")),
    (-31...31, "ipv4.tcp_adv_win_scale"),
    (-1...Int(Int32.max), "ipv6.conf.*.router_solicitations"),
    (0...4, "ipv4.tcp_early_retrans"),
    (0...7, "ipv6.flowlabel_reflect"),
    (0...127, "ipv4.tcp_syn_linear_timeouts"),
    (0...256, "ipv4.tcp_plb_cong_thresh"),
    (0...65_536, "ipv4.udp_child_hash_entries"),
    (0...86_400, "ipv4.tcp_min_rtt_wlen"),
    (0...16_777_215, "ipv6.ioam6_id"),
    (0...16_777_216, "ipv4.tcp_child_ehash_entries"),
    (1...127, "ipv4.tcp_syn_retries"),
    (1...60_000, "ipv4.tcp_tw_reuse_delay"),
    (1...Int(UInt32.max), "ipv6.conf.*.ra_defrtr_metric"),
    (68...Int(Int32.max), "ipv4.route.min_pmtu"),
    (AddressFamily.ipv6MinimumMTU...Int(Int32.max), "ipv6.conf.*.mtu"),
    (1000...120_000, "ipv4.tcp_rto_max_ms"),
  ]

  /// The keys of what each device has for its neighbors of either family.
  private static func neighborNames(_ names: String) -> String {
    names.split(whereSeparator: \.isWhitespace).map { "ipv4.neigh.*.\($0) ipv6.neigh.*.\($0)" }.joined(separator: " ")
  }

  /// The parameters that take several numbers, how many, and the bounds of each; with fewer the last stay as they are.
  package static let rows: [Substring: (count: Int, bounds: ClosedRange<Int>)] = [
    "ipv4.ip_local_port_range": (2, 1...65_535),
    "ipv4.ping_group_range": (2, 0...Int(UInt32.max) - 1),
    "ipv4.tcp_rmem": (3, 1...Int(Int32.max)),
    "ipv4.tcp_wmem": (3, 1...Int(Int32.max)),
  ]
}
