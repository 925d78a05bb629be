extension RuntimeText {
  /// `down`, `status`, and the choice among the verbs.
  static let inspecting = #"""
    down() {
      need_root
      need awk grep sed xargs find ls rm
      find_ip
      if ! [ -e "$state" ] && ! [ -e "$lock" ] && [ -z "$(leftovers)" ]; then
        say "$name is not up"
        return
      fi
      take_lock
      if ! [ -e "$journal" ]; then
        remove_leftovers
        say "$name is not up"
        return
      fi
      trap '' INT TERM HUP
      undo || refuse "something could not be undone"
      say "$name is down"
    }

    status() {
      need_root
      need awk grep find ls
      find_ip
      if ! [ -e "$journal" ]; then
        say "$name is down"
        exit 3
      fi
      found=$(compare)
      if [ -e "$state/ready" ] && ! printf '%s\n' "$found" | grep -q -e '^missing ' -e '^foreign '; then
        say "$name is up"
        whole=0
      else
        say "$name is up in part"
        whole=3
      fi
      printf '%s\n' "$found" | while read -r verdict kind thing; do
        case $verdict in
          ours) say "  $(describe "$kind" "$thing")" ;;
          missing) say "  $(describe "$kind" "$thing"): missing" ;;
          foreign) say "  $(describe "$kind" "$thing"): replaced by another" ;;
          extra) say "  $(describe "$kind" "$thing"): not made by this network, but in its group" ;;
        esac
      done
      [ "$whole" = 0 ] || exit 3
    }
    """#
}
