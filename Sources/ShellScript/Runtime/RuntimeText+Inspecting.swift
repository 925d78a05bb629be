extension RuntimeText {
  /// `down`, `status`, and the choice among the verbs.
  static let inspecting = #"""
    down() {
      need awk cat find grep ls mv rm rmdir sed tail xargs
      if is_absent; then
        say "$name is not up"
        return
      fi
      need_root
      find_ip
      take_lock
      if ! [ -e "$journal" ]; then
        remove_leftovers
        say "$name is not up"
        return
      fi
      if is_elsewhere; then
        forget
        say "$name is not up"
        return
      fi
      need_to_undo
      trap '' INT TERM HUP
      undo || refuse "something could not be undone"
      say "$name is down"
    }

    # What taking this network away needs beside what is always needed.
    need_to_undo() {
      if grep -q '^table ' "$journal"; then need nft; fi
      for chains in $(journal_lines chains); do need "${chains%%:*}-save" "${chains%%:*}-restore"; done
      for tool in bridge tc; do
        if grep -q "^$tool " "$journal" && ! find_tool "$tool" >/dev/null; then
          refuse "'$tool' of iproute2 is needed and isn't installed"
        fi
      done
    }

    status() {
      need awk cat find grep ls sed
      is_absent || need_root
      find_ip
      if ! [ -e "$journal" ]; then
        say "$name is down"
        exit 3
      fi
      if is_elsewhere; then
        say "$name is up in another network namespace, of inode $there"
        exit 3
      fi
      # Without a plan there is nothing that it could be unlike.
      read -r _ _ running <"$journal"
      form=
      if [ "$running" != "${digest-$running}" ]; then form=other; fi
      compare | awk '
        { line[NR] = $0 }
        $1 == "missing" || $1 == "foreign" { lacking = 1 }
        END {
          print line[NR] != "whole" ? "unseen" : lacking ? "part" : "all"
          for (i = 1; i < NR; i++) print line[i]
        }' | {
        read -r extent
        if [ "$extent" = unseen ]; then refuse "can't see what there is of it"; fi
        [ -e "$state/ready" ] || extent=part
        case $extent in
          all) say "$name is up${form:+ in another form}" ;;
          *) say "$name is up in part" ;;
        esac
        while read -r verdict kind thing; do
          case $verdict in
            ours) say "  $(describe "$kind" "$thing")" ;;
            missing) say "  $(describe "$kind" "$thing"): missing" ;;
            foreign) say "  $(describe "$kind" "$thing"): replaced by another" ;;
            extra) say "  $(describe "$kind" "$thing"): not made by this network, but in its group" ;;
          esac
        done
        [ "$extent" = all ] && [ -z "$form" ]
      } || exit 3
    }
    """#
}
