extension RuntimeText {
  /// Messages, progress, and the paths of what is recorded.
  static let common = #"""
    state=/run/netwright/$name
    journal=$state/journal

    say() {
      printf '%s\n' "$*" 2>/dev/null || :
    }

    warn() {
      printf 'netwright: %s: %s\n' "$name" "$*" >&2 2>/dev/null || :
    }

    # Ends the script because the system, or the state it is in, doesn't allow what was asked.
    refuse() {
      warn "$@"
      exit 3
    }

    usage_error() {
      warn "$@"
      warn "try 'help'"
      exit 2
    }

    need() {
      for program do
        command -v "$program" >/dev/null || refuse "'$program' is needed and isn't installed"
      done
    }

    # The file of one of iproute2's programs (its `bridge` has a name of its own). busybox's own of the same name is passed
    # over: it knows no batches, and its shell prefers it to one found in PATH.
    find_tool() {
      folders=$PATH:
      while [ -n "$folders" ]; do
        candidate=${folders%%:*}/$1
        folders=${folders#*:}
        if [ -f "$candidate" ] && [ -x "$candidate" ] && "$candidate" -V 2>/dev/null | grep -q -e iproute2 -e '^bridge utility'; then
          printf '%s' "$candidate"
          return
        fi
      done
      return 1
    }

    # `ip -n NAME` gives itself a copy of the table of mounts, in which every namespace has a line: where there are many,
    # that takes more time than all the rest. nsenter, where there is one, enters the namespace and nothing else.
    ip() {
      if [ -z "$has_ipv6" ]; then without_ipv6 "$@"; else run_ip "$@"; fi
    }

    run_ip() {
      if [ "$1" = -n ] && [ -n "$nsenter" ]; then
        namespace=$2
        shift 2
        nsenter --net="/run/netns/$namespace" "$ip_path" "$@"
      else
        run "$ip_path" "$@"
      fi
    }

    # Set while signals wait until it is noted how to undo a command.
    holding=

    # Runs a program, out of reach of the signals that wait: a Ctrl-C goes to programs too, and one that has done its work
    # would seem to have failed.
    run() {
      if [ -n "$holding" ]; then (trap '' INT TERM HUP && exec "$@"); else "$@"; fi
    }

    # A kernel without IPv6 doesn't know how link-local addresses are made, and makes none.
    without_ipv6() {
      case "$*" in
        *'-batch -') sed 's/ addrgenmode [a-z0-9_]*//' | run_ip "$@" ;;
        *' addrgenmode '*) ;;
        *) run_ip "$@" ;;
      esac
    }

    find_ip() {
      has_ipv6=
      if [ -e /proc/sys/net/ipv6 ]; then has_ipv6=yes; fi
      ip_path=$(find_tool ip) || refuse "'ip' of iproute2 is needed and isn't installed"
      nsenter=$(command -v nsenter) || nsenter=
    }

    need_root() {
      need id
      [ "$(id -u)" = 0 ] || refuse "must be run by root, or in a user namespace of one's own"
    }

    # Whether there is nothing of this network, which anybody may see unless /run/netwright is root's alone.
    is_absent() {
      if [ -e /run/netwright ] && ! [ -x /run/netwright ]; then return 1; fi
      ! [ -e "$state" ] && ! [ -e "$lock" ] && [ -z "$(leftovers)" ]
    }

    # The journal's lines of one kind, without their first word.
    journal_lines() {
      awk -v kind="$1" '$1 == kind { sub(/^[^ ]+ /, ""); print }' "$journal"
    }

    # The namespace of a kind that this runs in, by its inode; nothing where that can't be seen.
    own_namespace() {
      find "/proc/self/ns/$1" -exec ls -Lid {} + 2>/dev/null | awk '{ print $1 }'
    }

    # Whether what is recorded was built in another network namespace than this one.
    is_elsewhere() {
      there=$(journal_lines within)
      here=$(own_namespace net)
      [ -n "$there" ] && [ -n "$here" ] && [ "$there" != "$here" ]
    }

    # What there is now, as lines like the journal's: `netns NAME INODE`, `link NAME GROUP`, `etc NAME TARGET`,
    # `table FAMILY:NAME HANDLE`, `chains PROGRAM:PREFIX`; at the end `whole`, unless something kept it from being seen.
    present() {
      present_namespaces && present_tables && present_chains && present_links && present_directories && echo whole
    }

    present_links() {
      { ip -o link show 2>/dev/null || echo failed; } | awk '$1 == "failed" { exit 1 } {
        device = $2
        sub(/:$/, "", device)
        sub(/@.*/, "", device)
        group = "default"
        for (i = 3; i < NF; i++) if ($i == "group") group = $(i + 1)
        print "link", device, group
      }'
    }

    # What is under /etc/netns; the target of what isn't a link is `-`.
    present_directories() {
      if [ -d /etc/netns ]; then
        { find /etc/netns/. ! -name . -prune -exec ls -ld -- {} + || echo failed; } | awk '$1 == "failed" { exit 1 } {
          start = index($0, "/etc/netns/./")
          path = substr($0, start + 13)
          arrow = /^l/ ? index(path, " -> ") : 0
          target = arrow ? substr(path, arrow + 4) : "-"
          if (arrow) path = substr(path, 1, arrow - 1)
          if (start && path !~ / /) print "etc", path, target
        }'
      fi
    }

    # The links of this network under /etc/netns when it isn't up: a reboot empties /run, but not /etc.
    leftovers() {
      present_directories | awk -v state="$state" '$3 == state "/etc/" $2 { print "/etc/netns/" $2 }'
    }

    # Where a namespace is gone, after a reboot that /run outlived, the file is left that it was mounted on, without any
    # permission: its inode is `dead`.
    present_namespaces() {
      if [ -d /run/netns ]; then
        { find /run/netns/. ! -name . -prune -exec ls -nid -- {} + || echo failed; } | awk '$1 == "failed" { exit 1 } {
          start = index($0, "/run/netns/./")
          name = substr($0, start + 13)
          if (start && name !~ / /) print "netns", name, $2 ~ /^----------/ ? "dead" : $1
        }'
      fi
    }

    # Of nftables' tables those alone that bear the names of this network's.
    present_tables() {
      recorded_tables=$(recorded table) || return 1
      for table in $recorded_tables; do
        listed=$({ nft list tables 2>/dev/null || echo failed; } | awk -v line="table ${table%%:*} ${table#*:}" '
          $0 == "failed" || $0 == line { found = $0 }
          END { print found }')
        case $listed in
          '') continue ;;
          failed) return 1 ;;
        esac
        handle=$(nft -a list table "${table%%:*}" "${table#*:}" 2>/dev/null | sed -n '1s/.*# handle \([0-9]*\)$/\1/p')
        [ -n "$handle" ] || return 1
        printf 'table %s %s\n' "$table" "$handle"
      done
    }

    # Of the chains of iptables those alone whose names begin as this network's.
    present_chains() {
      recorded_chains=$(recorded chains) || return 1
      for chains in $recorded_chains; do
        listed=$({ "${chains%%:*}-save" 2>/dev/null || echo failed; } | awk -v start=":${chains#*:}" '
          $0 == "failed" || index($0, start) == 1 { found = $1 }
          END { print found }')
        case $listed in
          '') ;;
          failed) return 1 ;;
          *) printf 'chains %s\n' "$chains" ;;
        esac
      done
    }

    # What this network has, or is about to make, of one kind.
    recorded() {
      cat "$journal" "$state/wanted" 2>/dev/null | awk -v kind="$1" '$1 == kind && !seen[$2]++ { print $2 }'
    }

    # Notes the inodes, by which they are known again, of the namespaces that have been made: those up to the first that
    # isn't there or that somebody else had made in the meantime. Told `last`, also that the others were never made.
    record_namespaces() {
      taken=$(sed -n 's,^Cannot create namespace file ".*/\([^/]*\)": .*,\1,p' "$state/errors" 2>/dev/null) || taken=
      present_namespaces | awk -v taken="$taken" -v last="${1-}" '
        pass == 1 && $1 == "netns" { order[++count] = $2 }
        pass == 1 && $1 == "inode" { known[$2] = 1 }
        pass == 2 { inode[$2] = $3 }
        END {
          for (i = 1; i <= count; i++) {
            if (order[i] in known) continue
            if (order[i] == taken || !(order[i] in inode)) stopped = 1
            if (!stopped) print "inode", order[i], inode[order[i]]
            else if (last) print "inode", order[i], "none"
          }
        }' pass=1 "$journal" pass=2 - >"$state/inodes.new"
      if [ -s "$state/inodes.new" ]; then
        cat "$state/inodes.new" >>"$journal"
        mv "$state/inodes.new" "$state/inodes"
      fi
    }

    # Compares what the journal names with what there is. Prints `VERDICT KIND NAME`, the verdict one of
    #   ours     it is there and this network's
    #   foreign  something of that name is there, but not what this network made
    #   missing  it isn't there
    #   extra    a device of this network's group that the journal doesn't name
    # and `whole` at the end, unless something kept it from being seen.
    compare() {
      {
        # The kernel uses inode numbers again, but a later namespace is younger than the record of the first.
        if [ -d /run/netns ] && [ -e "$state/inodes" ]; then
          find /run/netns/. ! -name . -prune -newer "$state/inodes" | sed -n 's,^.*/\([^ /]*\)$,younger \1,p'
        fi
        present
      } | awk -v group="$group" -v state="$state" '
        pass == 1 && $1 == "inode" { inode[$2] = $3; next }
        pass == 1 && $1 == "handle" { handle[$2] = $3; next }
        pass == 1 {
          if ($1 == "netns" || $1 == "link" || $1 == "etc" || $1 == "table" || $1 == "chains") { named[$1 " " $2] = ++count; order[count] = $1 " " $2 }
          next
        }
        $1 == "younger" { younger[$2] = 1; next }
        $1 == "whole" { whole = 1; next }
        {
          key = $1 " " $2
          if (!(key in named)) {
            if ($1 == "link" && $3 == group) print "extra", key
            next
          }
          seen[key] = 1
          if ($1 == "netns" && $3 != "dead" && $2 in inode && (inode[$2] != $3 || $2 in younger)) verdict = "foreign"
          else if ($1 == "link" && $3 != group) verdict = "foreign"
          else if ($1 == "table" && $2 in handle && handle[$2] != $3) verdict = "foreign"
          else if ($1 == "etc" && $3 != state "/etc/" $2) verdict = "foreign"
          else verdict = "ours"
          print verdict, key
        }
        END {
          for (i = 1; i <= count; i++) if (!(order[i] in seen)) print "missing", order[i]
          if (whole) print "whole"
        }
      ' pass=1 "$journal" pass=2 -
    }

    # Compares, into a file; fails where not all could be seen, or written down.
    look() {
      compare >"$state/found" && [ "$(tail -n 1 "$state/found")" = whole ]
    }

    # `namespace web` for `netns web`, and so on.
    describe() {
      case $1 in
        netns) printf 'namespace %s' "$2" ;;
        link) printf 'device %s' "$2" ;;
        etc) printf '/etc/netns/%s' "$2" ;;
        chains) printf 'the chains %s… of %s' "${2#*:}" "${2%%:*}" ;;
        table) printf 'table %s %s of nftables' "${2%%:*}" "${2#*:}" ;;
      esac
    }
    """#
}
