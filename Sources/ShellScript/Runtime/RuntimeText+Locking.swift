extension RuntimeText {
  /// One script at a time.
  static let locking = #"""
    lock=/run/netwright/.lock
    locked=
    # Whose lock has been looked at, and how often.
    suspect=
    looks=0
    # How often in a row it could neither be made nor was there.
    denied=0

    # Takes the lock, which one script on a machine holds at a time; waits for at most a minute.
    #
    # The lock is a file that its holder made (the shell's noclobber makes that atomic) and keeps open as descriptor 9, as
    # do the programs that it starts. A lock that no program keeps open is a dead one's: at once where its process is gone,
    # and after some seconds where another has got that number, or where there was no room for one. Of a lock made in
    # another PID namespace (two containers that share /run) nothing can be seen from here: it is waited for.
    take_lock() {
      tries=0
      until make_lock; do
        tries=$((tries + 1))
        [ "$tries" -le 300 ] || refuse "another netwright script is still at work ($(lock_holder))"
        remove_dead_lock || sleep 0.2 2>/dev/null || sleep 1
      done
    }

    # Has signals wait, until it is noted how to undo what comes next.
    hold_signals() {
      pending=
      holding=yes
      trap 'pending=130' INT
      trap 'pending=143' TERM
      trap 'pending=129' HUP
    }

    release_signals() {
      holding=
      trap 'at_exit 130' INT
      trap 'at_exit 143' TERM
      trap 'at_exit 129' HUP
      if [ -n "$pending" ]; then at_exit "$pending"; fi
    }

    # Where there is no room left, its holder isn't named in it: taking a network away makes some.
    make_lock() {
      mkdir -p /run/netwright || refuse "can't make /run/netwright"
      # A lock that is made and not known of would be left by a signal.
      hold_signals
      if (trap '' INT TERM HUP && umask 077 && set -C && : >"$lock") 2>/dev/null; then locked=yes; fi
      release_signals
      if [ -z "$locked" ]; then
        # One that isn't there could have been made, unless it has gone in this moment.
        if [ -e "$lock" ]; then denied=0; else denied=$((denied + 1)); fi
        [ "$denied" -lt 5 ] || refuse "can't write to /run/netwright"
        return 1
      fi
      exec 9<"$lock"
      printf '%s %s\n' "$$" "$(own_namespace pid)" 2>/dev/null >"$lock" || :
    }

    # Who holds the lock, in words, and what to do where that can't be seen from here.
    lock_holder() {
      holder=
      read -r holder 2>/dev/null <"$lock" || :
      printf 'process %s' "${holder%% *}"
      if is_held_elsewhere "$holder"; then printf ' in another PID namespace; if it is gone, remove %s' "$lock"; fi
    }

    # Whether a lock's line was written in another PID namespace than this one.
    is_held_elsewhere() {
      here=$(own_namespace pid)
      case $1 in
        *' '?*) [ -n "$here" ] && [ "${1#* }" != "$here" ] ;;
        *) return 1 ;;
      esac
    }

    remove_dead_lock() {
      [ -e "$lock" ] || return 1
      holder=
      read -r holder 2>/dev/null <"$lock" || :
      [ "$holder" = "$suspect" ] || looks=0
      suspect=$holder
      looks=$((looks + 1))
      # Between making its lock and keeping it open its holder needs a moment.
      if { [ -z "$holder" ] || kill -0 "${holder%% *}" 2>/dev/null; } && [ $((looks % 25)) != 0 ]; then return 1; fi
      if is_held_elsewhere "$holder"; then return 1; fi
      if in_use "$lock"; then return 1; fi
      mv "$lock" "$lock.$$" 2>/dev/null || return 1
      # Between the look and the move another script may have done the same and made its own lock: give that back.
      read -r moved <"$lock.$$" || moved=
      [ "$moved" = "$holder" ] || ln "$lock.$$" "$lock" 2>/dev/null || :
      rm -f "$lock.$$"
    }

    # Whether any process has a file open.
    in_use() {
      find /proc/[0-9]*/fd/9 -prune -exec ls -l {} + 2>/dev/null | grep -q -F -e "-> $1"
    }

    release_lock() {
      if [ -n "$locked" ]; then
        locked=
        exec 9<&-
        rm -f "$lock"
      fi
      rmdir /run/netwright 2>/dev/null || :
    }
    """#
}
