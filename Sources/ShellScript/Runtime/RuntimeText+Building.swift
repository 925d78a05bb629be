extension RuntimeText {
  /// Building a network: what is looked at first, what is noted, what happens when it fails.
  ///
  /// - Parameters:
  ///   - looksAtFirewalls: Whether anything passes the host's forward hook, where rules of others can be in the way.
  ///   - looksAtNeighbors: Whether the machine's table of neighbors may be too small.
  ///   - looksAtSubnets: Whether the host is connected to any subnet.
  /// - Returns: The functions.
  static func building(looksAtFirewalls: Bool, looksAtNeighbors: Bool, looksAtSubnets: Bool) -> String {
    let looks =
      (looksAtSubnets ? "\n  look_at_subnets" : "") + (looksAtFirewalls ? "\n  look_at_firewalls" : "")
      + (looksAtNeighbors ? "\n  look_at_neighbors" : "")
    return building(looks: looks)
  }

  private static func building(looks: String) -> String {
    #"""
    up() {
      need_root
      need_tools
      take_lock
      if [ -e "$journal" ] && is_elsewhere; then forget; fi
      if [ -e "$state/ready" ]; then
        stay_up
        return
      fi
      if [ -e "$journal" ]; then
        warn "undoing what an interrupted run has left"
        undo || refuse "what an interrupted run has left could not be undone"
      fi
      # What a script that was killed while it removed it has left.
      rm -rf "$state"
      mkdir -p "$state"
      look_before\#(looks)
      {
        printf 'netwright 1 %s\n' "$digest"
        printf 'within %s\n' "$(own_namespace net)"
        note_directory /run/netns
        note_directory /etc/netns
        cat "$state/wanted"
      } >"$state/journal.new"
      unfinished=yes
      mv "$state/journal.new" "$journal"
      build
      # From here on it is up, and says so.
      trap '' INT TERM HUP
      : >"$state/ready"
      unfinished=
      progress_end
      say "$name is up: $summary"
    }

    # Notes that a directory wasn't there before this network, or before another that is up: the last to go removes it.
    note_directory() {
      if [ ! -d "$1" ] || grep -q -F -x -e "made $1" /run/netwright/*/journal 2>/dev/null; then
        printf 'made %s\n' "$1"
      fi
    }

    # Whether what is up is what this script would build, and whole.
    stay_up() {
      read -r _ _ running <"$journal"
      [ "$running" = "$digest" ] || refuse "is up in another form: take that down first ('down'), then up again"
      look || refuse "is up, but can't be seen whole"
      while read -r verdict kind thing; do
        case $verdict in
          missing) warn "missing: $(describe "$kind" "$thing")" ;;
          foreign) warn "replaced by another: $(describe "$kind" "$thing")" ;;
        esac
      done <"$state/found"
      if grep -q -e '^missing ' -e '^foreign ' "$state/found"; then
        refuse "is up, but not whole: take it down ('down'), then up again"
      fi
      say "$name is already up: $summary"
    }

    # Refuses before anything is changed when a name that the network needs is taken.
    look_before() {
      manifest cat >"$state/wanted"
      present >"$state/present" || refuse "can't see what there is"
      awk -v state="$state" '$1 != "etc" || $3 != state "/etc/" $2' "$state/present" >"$state/found"
      awk '
        pass == 1 { there[$1 " " $2] = 1; next }
        ($1 " " $2) in there { print $1, $2 }' pass=1 "$state/found" pass=2 "$state/wanted" >"$state/taken"
      if [ ! -s "$state/taken" ]; then
        rm "$state/taken"
        remove_leftovers
        return
      fi
      while read -r kind thing; do
        warn "$(describe "$kind" "$thing") is there already, and is $(owner "$kind $thing")"
      done <"$state/taken"
      refuse "nothing was changed; with a word in front of all names (--prefix) the two live side by side"
    }

    # Whose something is, by the journals of the networks that are up.
    owner() {
      for other in /run/netwright/*/journal; do
        if [ -e "$other" ] && grep -q -F -x -e "$1" "$other"; then
          other=${other%/journal}
          printf "the network %s's" "${other##*/}"
          return
        fi
      done
      printf "not netwright's"
    }

    # Runs the commands of `apply`, whose messages are kept until it is known which of them count.
    build() {
      exec 8>&2 2>"$state/errors"
      redirected=yes
      apply
      exec 2>&8 8>&-
      redirected=
      cat "$state/errors" >&2 || :
    }
    """#
  }
}
