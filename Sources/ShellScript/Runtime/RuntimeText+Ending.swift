extension RuntimeText {
  /// What happens when a script ends, well or not.
  static let ending = #"""
    # Set while there is something to undo when the script ends.
    unfinished=
    # Set while messages go to a file and descriptor 8 is the terminal, or whatever standard error was.
    redirected=
    # What failed, and where in the file it comes from.
    failed_block=
    failed_command=
    origin=
    # The lines of work that were started side by side: `1:PROCESS 2:PROCESS`.
    lanes=
    # Set when somebody watches.
    watched=
    if [ -t 2 ]; then watched=yes; fi

    # The end of a script, however it comes about, with a status or that of the last command: nothing half-made stays.
    at_exit() {
      status=${1-$?}
      trap '' INT TERM HUP
      trap - EXIT
      set +e
      if [ -n "$unfinished" ]; then
        if [ -n "$lanes" ]; then
          : >"$state/stop"
          wait
        fi
        if [ -n "$redirected" ]; then
          exec 2>&8
          progress_end
          explain
        fi
        if [ -e "$journal" ]; then
          warn "undoing what was done"
          undo || warn "something could not be undone; try 'down'"
        fi
        [ "$status" -gt 128 ] || status=3
      fi
      # Shells end with a status of their own where they can't write.
      case $status in
        0 | 3) ;;
        2) [ -z "$locked" ] || status=3 ;;
        *) [ "$status" -gt 128 ] || status=3 ;;
      esac
      # What refused before the journal was written.
      if [ -n "$locked" ] && [ -d "$state" ] && ! [ -e "$journal" ]; then rm -rf "$state"; fi
      release_lock
      exit "$status"
    }

    # Says what failed: the messages, and the line with where it comes from.
    explain() {
      if [ "$status" -gt 128 ]; then
        warn "interrupted"
        return
      fi
      # `Command failed -:17` of iproute2, `sh: 17: …` or `sh: line 17: …` of a shell.
      line=$(sed -n -e 's/^Command failed [^:]*:\([0-9][0-9]*\)$/\1/p' \
        -e 's/^sh: \(line \)*\([0-9][0-9]*\): .*/\2/p' "$state/errors" | tail -n 1)
      grep -v '^Command failed ' "$state/errors" | tail -n 5 | while read -r message; do
        warn "$message"
      done
      if [ -n "$line" ] && [ -n "$failed_block" ]; then
        "$failed_block" cat >"$state/block"
        # A line of a batch is the rest of a command; one of a shell a command of its own.
        command=$failed_command
        case $command in
        *-batch\ -) command=${command%-batch -} ;;
        *) command="$command: " ;;
        esac
        awk -v last="$line" -v command="$command" '
          NR > last { exit }
          /^# / { where = substr($0, 3) }
          NR == last { printf "failed: %s%s, from %s\n", command, $0, where }' "$state/block" | while read -r message; do
          warn "$message"
        done
      elif [ -n "$failed_command" ]; then
        # A batch that ended without saying at which line: it is one of the block.
        if [ -n "$failed_block" ]; then origin=$("$failed_block" cat | sed -n -e '/^# /{' -e 's///p' -e q -e '}'); fi
        warn "failed: $failed_command, from $origin"
      elif [ -n "$origin" ]; then
        warn "failed: a command from $origin"
      elif [ ! -s "$state/errors" ]; then
        warn "failed, and no message could be kept: there may be no room under /run"
      fi
    }

    progress_end() {
      [ -z "$watched" ] || printf '\r\033[K' >&2 || :
    }
    """#
}
