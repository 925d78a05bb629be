extension RuntimeText {
  /// Taking a network away: the one way for `down`, for a failure and for what a crash has left.
  static let undoing = #"""
    # Undoes what the journal names, last things first. Whatever is missing is taken for undone; what has the name but isn't
    # what this network made is left alone. Returns 1, and keeps the journal, when something could not be undone.
    undo() {
      # Where there is no room left, this makes some: what follows takes less.
      rm -rf "${state:?}/etc" "$state/wanted" "$state/present"
      record_namespaces last
      undo_commands ip6 ip -6 -force -batch -
      undo_commands tc tc -force -batch -
      undo_commands bridge bridge -force -batch -
      undo_commands ip ip -force -batch -
      if ! look; then
        warn "can't see what there is of it"
        return 1
      fi
      undo_devices
      undo_tables
      undo_chains
      undo_vrf_rules
      undo_namespaces
      undo_files
      unrestored=
      undo_sysctls || unrestored=yes
      while read -r verdict kind thing; do
        case $verdict in
          foreign) warn "left alone, because it isn't this network's: $(describe "$kind" "$thing")" ;;
          extra) warn "left alone, though it is in this network's group: $(describe "$kind" "$thing")" ;;
        esac
      done <"$state/found"
      if ! look; then
        warn "can't see what is left of it"
        return 1
      fi
      while read -r verdict kind thing; do
        [ "$verdict" != ours ] || warn "still there: $(describe "$kind" "$thing")"
      done <"$state/found"
      if [ -n "$unrestored" ] || grep -q '^ours ' "$state/found"; then return 1; fi
      undo_directories
      rm -rf "$state"
    }

    # Forgets a network that was built in a network namespace that is gone, after a restart that /run outlived; refuses
    # where it isn't gone.
    forget() {
      if present_namespaces | awk '
        pass == 1 { if ($1 == "netns") named[$2] = 1; next }
        $2 in named && $3 != "dead" { found = 1 }
        END { exit !found }' pass=1 "$journal" pass=2 -; then
        refuse "is up in another network namespace, of inode $there: it is taken down there"
      fi
      warn "the network namespace that it was built in is gone, or can't be seen from here"
      look || refuse "can't see what there is of it"
      undo_namespaces
      undo_files
      undo_directories
      rm -rf "$state"
    }

    # Feeds the recorded commands of one kind, last first, to the program that carries them out.
    undo_commands() {
      wanted=$1
      grep -q "^$wanted " "$journal" || return 0
      program=$(find_tool "$2") || return 0
      shift 2
      journal_lines "$wanted" | awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' | "$program" "$@" >/dev/null 2>&1 || :
    }

    # The found things of a verdict and a kind, one name a line after a prefix.
    found() {
      awk -v verdict="$1" -v kind="$2" -v prefix="$3" '$1 == verdict && $2 == kind { print prefix $3 }' "$state/found"
    }

    # A veth's other end goes at once with this one, while a namespace's devices go some time after it.
    undo_devices() {
      grep -q '^ours link ' "$state/found" || return 0
      if grep -q '^extra ' "$state/found" || ! ip link del group "$group" 2>/dev/null; then
        found ours link 'link del dev ' | ip -force -batch - >/dev/null 2>&1 || :
      fi
    }

    undo_tables() {
      found ours table '' | while read -r table; do
        nft delete table "${table%%:*}" "${table#*:}" || :
      done
    }

    # Takes the jumps to the network's chains from all others, and then its chains.
    undo_chains() {
      found ours chains '' | while read -r chains; do
        "${chains%%:*}-save" 2>/dev/null | awk -v prefix="${chains#*:}" '
          /^\*/ { print; next }
          /^COMMIT/ {
            for (i = 1; i <= jumps; i++) print jump[i]
            for (i = 1; i <= count; i++) print "-F " chain[i]
            for (i = 1; i <= count; i++) print "-X " chain[i]
            print
            jumps = count = 0
            next
          }
          /^:/ && index($1, ":" prefix) == 1 { chain[++count] = substr($1, 2) }
          $1 == "-A" && index($2, prefix) != 1 && index($NF, prefix) == 1 { jump[++jumps] = "-D" substr($0, 3) }
        ' | "${chains%%:*}-restore" --noflush || :
      done
    }

    undo_vrf_rules() {
      journal_lines vrf-rule | while read -r family; do
        if others_note "vrf-rule $family"; then continue; fi
        ip "-$family" rule del priority 1000 l3mdev 2>/dev/null || :
      done
    }

    # Whether a line is in the journal of another network that is up.
    others_note() {
      for other in /run/netwright/*/journal; do
        if [ "$other" != "$journal" ] && grep -q -F -x -e "$1" "$other" 2>/dev/null; then return 0; fi
      done
      return 1
    }

    undo_namespaces() {
      grep -q '^ours netns ' "$state/found" || return 0
      found ours netns 'netns del ' | ip -force -batch - || :
    }

    undo_files() {
      grep -q '^ours etc ' "$state/found" || return 0
      found ours etc /etc/netns/ | xargs rm -f --
    }

    remove_leftovers() {
      if [ -n "$(leftovers)" ]; then leftovers | xargs rm -f --; fi
    }

    # Puts back values of the host's, last first, unless another network that is up has changed the same one: the last puts
    # it back. Those that write to others too come first. What has its value by then isn't written, because a device whose
    # own parameter has been written follows conf/default no more (devinet_copy_dflt_conf, net/ipv4/devinet.c).
    undo_sysctls() {
      {
        for other in /run/netwright/*/journal; do
          [ "$other" = "$journal" ] || sed -n 's/^sysctl /other /p' "$other" 2>/dev/null
        done
        sed -n 's/^sysctl /own /p' "$journal"
      } | awk '
        $1 == "other" { kept[$2] = 1; next }
        $2 in kept { next }
        $2 ~ /ip_forward$|\/conf\/all\// { widest[++count] = substr($0, 5); next }
        { rest[NR] = substr($0, 5) }
        END {
          for (i = count; i > 0; i--) print widest[i]
          for (i = NR; i > 0; i--) if (i in rest) print rest[i]
        }
      ' | {
        kept=
        while read -r path value; do
          if now=$(cat "/proc/sys/$path" 2>/dev/null) && [ "$now" != "$value" ]; then
            printf '%s\n' "$value" 2>/dev/null >"/proc/sys/$path" || kept="$kept $path=$value"
          fi
        done
        [ -z "$kept" ] || warn "could not be put back:$kept"
        [ -z "$kept" ]
      }
    }

    # Directories that weren't there before go when nothing else is in them.
    undo_directories() {
      journal_lines made | while read -r directory; do
        case $directory in
          /run/netns) rmdir_netns ;;
          *) rmdir "$directory" 2>/dev/null || : ;;
        esac
      done
    }

    # iproute2 mounts /run/netns on itself the first time that it makes a namespace.
    rmdir_netns() {
      for entry in /run/netns/* /run/netns/.[!.]*; do
        if [ -e "$entry" ]; then return 0; fi
      done
      umount /run/netns 2>/dev/null || :
      rmdir /run/netns 2>/dev/null || :
    }
    """#
}
