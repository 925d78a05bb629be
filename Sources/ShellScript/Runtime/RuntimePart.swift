/// The functions that the commands of `apply` call; a script has those that it uses.
enum RuntimePart: CaseIterable {
  /// Fails the build because of a block.
  case failed
  /// Ends and waits for commands that run side by side.
  case lanes
  /// Notes what undoes a command.
  case record
  /// Notes which tables of rules are the network's.
  case recordTables
  /// Notes whether the rule for VRFs is there.
  case noteVRFRule
  /// Notes a kernel parameter's value.
  case saveSysctl
  /// Sees to it that the kernel can show bridged packets to netfilter.
  case loadBridgeNetfilter
  /// Keeps the routes that routers have advertised to the host.
  case keepAdvertisedRoutes
  /// Writes kernel parameters in the host's namespace.
  case writeSysctls
  /// Makes the directories under /etc/netns.
  case makeDirectories
  /// Writes a file of several namespaces.
  case writeFiles
  /// Links several namespaces to one file.
  case shareFile
  /// Shows how far the build is.
  case progress

  /// The functions that it calls in turn.
  var needs: [RuntimePart] {
    switch self {
    case .writeSysctls, .keepAdvertisedRoutes: [.saveSysctl]
    case .noteVRFRule: [.record]
    case .lanes: [.progress]
    case .failed, .record, .recordTables, .saveSysctl, .loadBridgeNetfilter, .makeDirectories, .writeFiles, .shareFile,
      .progress:
      []
    }
  }

  /// The function.
  var text: String {
    switch self {
    case .failed: Self.failedText
    case .lanes: Self.lanesText
    case .record: Self.recordText
    case .recordTables: Self.recordTablesText
    case .noteVRFRule: Self.noteVRFRuleText
    case .saveSysctl: Self.saveSysctlText
    case .loadBridgeNetfilter: Self.loadBridgeNetfilterText
    case .keepAdvertisedRoutes: Self.keepAdvertisedRoutesText
    case .writeSysctls: Self.writeSysctlsText
    case .makeDirectories: Self.makeDirectoriesText
    case .writeFiles: Self.writeFilesText
    case .shareFile: Self.shareFileText
    case .progress: Self.progressText
    }
  }
}

// MARK: - The texts

extension RuntimePart {
  private static let failedText = #"""
    # Which of several lines of work this shell is, if it is one.
    lane=

    # failed BLOCK COMMAND...: ends the script because a command failed. BLOCK prints its input; '' if it has none.
    failed() {
      failed_block=$1
      shift
      failed_command=$*
      if [ -n "$lane" ]; then
        printf '%s\n' "$failed_block" "$failed_command" "$origin" >"$state/failure.$lane"
      fi
      exit 3
    }
    """#

  private static let lanesText = #"""
    # Ends a lane when the script is about to undo everything.
    go_on() {
      [ ! -e "$state/stop" ] || exit 3
    }

    # Waits for the lanes, while the work goes on from one percentage to another; the first that failed ends the script,
    # which waits for the others before it undoes anything.
    wait_for_lanes() {
      count=0
      for entry in $lanes; do count=$((count + 1)); done
      ended=0
      for entry in $lanes; do
        progress "$(($1 + ($2 - $1) * ended / count))"
        ended=$((ended + 1))
        if wait "${entry#*:}"; then continue; fi
        entry=${entry%%:*}
        cat "$state/errors.$entry" >&2
        if [ -e "$state/failure.$entry" ]; then
          {
            read -r failed_block
            read -r failed_command
            read -r origin
          } <"$state/failure.$entry"
        fi
        exit 3
      done
      lanes=
    }
    """#

  private static let recordText = #"""
    # Notes in the journal how to undo the command before.
    record() {
      printf '%s\n' "$*" >>"$journal"
    }
    """#

  private static let recordTablesText = #"""
    # Notes the handles of the tables of rules, by which they are known again.
    record_tables() {
      present_tables | sed 's/^table/handle/' >>"$journal"
    }
    """#

  private static let noteVRFRuleText = #"""
    # With the first VRF the kernel adds a rule (1000: from all lookup [l3mdev-table]), which it leaves when the last goes.
    note_vrf_rule() {
      for family in 4 6; do
        if others_note "vrf-rule $family" || ! ip "-$family" rule show | grep -q l3mdev-table; then
          record "vrf-rule $family"
        fi
      done
    }
    """#

  private static let saveSysctlText = #"""
    # Notes the value that a kernel parameter has, or had before another network changed it; before it, so that it is put
    # back after it, what Linux changes along with it: with ip_forward the forwarding of every device and whether redirects
    # are taken, with conf/default of IPv4 what every device has that was given nothing of its own (inet_forward_change,
    # devinet_copy_dflt_conf, net/ipv4/devinet.c), with conf/all of IPv6 mostly what every device has (net/ipv6/addrconf.c).
    save_sysctl() (
      cd /proc/sys
      wide=$1
      case $1 in
        net/ipv4/ip_forward | net/ipv4/conf/all/forwarding)
          set -- net/ipv4/conf/*/forwarding net/ipv4/conf/default/forwarding net/ipv4/conf/all/accept_redirects "$1"
          ;;
        net/ipv4/conf/default/*) set -- net/ipv4/conf/*/"${1##*/}" "$1" ;;
        net/ipv6/conf/all/*) set -- net/ipv6/conf/*/"${1##*/}" "$1" ;;
      esac
      {
        cat /run/netwright/*/journal 2>/dev/null
        grep -s '' /dev/null "$@" | sed 's/:/ /; s/^/now /'
      } | awk -v wide="$wide" '
        $1 == "sysctl" && !($2 in noted) { noted[$2] = $0 }
        $1 == "now" && $2 in noted { print noted[$2] }
        $1 == "now" && !($2 in noted) && !(wide in noted) { print "sysctl" substr($0, 4) }
      ' >>"$journal"
    )
    """#

  private static let loadBridgeNetfilterText = #"""
    # The module shows netfilter what bridges pass on, from when it is loaded; before that nothing was shown.
    load_br_netfilter() {
      [ ! -d /proc/sys/net/bridge ] || return 0
      if ! modprobe br_netfilter || [ ! -d /proc/sys/net/bridge ]; then
        warn "the kernel has no br_netfilter, without which the nodes of a network can't be kept apart"
        return 1
      fi
      for rules in iptables ip6tables arptables; do
        echo 0 >"/proc/sys/net/bridge/bridge-nf-call-$rules"
      done
    }
    """#

  private static let keepAdvertisedRoutesText = #"""
    # When Linux begins to forward IPv6 it drops the default routes that routers have advertised, and heeds advertisements
    # no more, but for devices whose accept_ra is 2 (rt6_purge_dflt_routers, net/ipv6/route.c; ipv6_accept_ra,
    # include/net/ipv6.h). Devices that have such routes (RTF_ADDRCONF, include/uapi/linux/ipv6_route.h) get that before it.
    keep_advertised_routes() {
      awk '$9 ~ /^...[4-7c-f]/ && !seen[$10]++ { print $10 }' /proc/net/ipv6_route 2>/dev/null | while read -r device; do
        path=net/ipv6/conf/$device/accept_ra
        case $(cat "/proc/sys/$path" 2>/dev/null) in 0 | '') continue ;; esac
        save_sysctl "$path"
        echo 2 >"/proc/sys/$path"
      done
    }
    """#

  private static let writeSysctlsText = #"""
    # Writes kernel parameters in the host's namespace from lines `PATH VALUE`. Before that stand `own`, for a device of
    # the network's own, which takes its parameters along when it goes, and `optional`, for what not every kernel has.
    write_sysctls() {
      while read -r path value; do
        own=
        optional=
        while :; do
          case $path in
            own) own=yes ;;
            optional) optional=yes ;;
            *) break ;;
          esac
          path=${value%% *}
          value=${value#* }
        done
        case $path in '#'*) continue ;; esac
        [ -z "$optional" ] || [ -e "/proc/sys/$path" ] || continue
        [ -n "$own" ] || save_sysctl "$path" || return
        printf '%s\n' "$value" >"/proc/sys/$path" || return
      done
    }
    """#

  private static let makeDirectoriesText = #"""
    # A namespace's files are in a directory of the network's own, which a link under /etc/netns leads to. A link is made
    # together with what tells whose it is, and still tells it when /run has been emptied.
    make_directories() {
      origin='what puts files under /etc/netns'
      mkdir -p /etc/netns
      mkdir "$state/etc"
      journal_lines etc | sed "s,^,$state/etc/," >"$state/directories"
      xargs mkdir -- <"$state/directories"
      xargs sh -c 'exec ln -s -- "$@" /etc/netns' ln <"$state/directories"
    }
    """#

  private static let writeFilesText = #"""
    # Writes a text of any length. The printf of mksh is a program, which takes no more than 128 KiB (MAX_ARG_STRLEN,
    # include/uapi/linux/binfmts.h).
    if [ -n "${KSH_VERSION-}" ]; then
      eval 'put() { print -rn -- "$1"; }'
    else
      put() { printf '%s' "$1"; }
    fi

    # Writes its input as a file of each of some namespaces.
    write_files() {
      file=$1
      shift
      text=$(cat && printf .)
      for namespace do
        put "${text%.}" >"$state/etc/$namespace/$file" || return
      done
    }
    """#

  private static let shareFileText = #"""
    # Keeps its input once, and links to it as a file of each of some namespaces.
    share_file() {
      file=$1
      shift
      shared=$((${shared-0} + 1))
      cat >"$state/$file.$shared" || return
      for namespace do
        printf '%s %s\n' "$state/$file.$shared" "$state/etc/$namespace/$file"
      done | xargs -n 2 ln -s --
    }
    """#

  private static let progressText = #"""
    # One line that is written over, where somebody watches.
    progress() {
      [ -z "$watched" ] || printf '\r%s: %s %%' "$name" "$1" >&8 || :
    }
    """#
}
