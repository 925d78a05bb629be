/// Failures of iproute2's programs, at will.
package enum StandIn {
  /// A program that stands in for `ip`, `tc` or `bridge`: it hands everything on to the real one until it is told to
  /// fail.
  ///
  /// While `$DIR/fail-at` holds a number N, the Nth command (a line of a batch counts as one) fails, after those before
  /// it were carried out; that disarms it. While `$DIR/slow` is there, it waits before and after its work.
  package static let program = #"""
    #!/bin/bash
    name=${0##*/}
    real=/usr/sbin/$name
    [ -x "$real" ] || real=/sbin/$name
    [ -e "$DIR/slow" ] && [ "$*" != -V ] && sleep 0.15
    run() {
      "$real" "$@"
      local status=$?
      [ -e "$DIR/slow" ] && sleep 0.15
      return "$status"
    }
    case "$*" in
      -V | *-force* | *' show'* | 'link del group'*) run "$@"; exit ;;
    esac
    [ -e "$DIR/fail-at" ] || { run "$@"; exit; }
    left=$(cat "$DIR/fail-at")
    case "$*" in
      *'-batch -')
        number=0
        done=
        while IFS= read -r line; do
          number=$((number + 1))
          case $line in '#'*) ;; *) left=$((left - 1)) ;; esac
          if [ "$left" = 0 ]; then
            rm "$DIR/fail-at"
            printf '%s' "$done" | run "$@"
            echo 'RTNETLINK answers: Injected failure' >&2
            echo "Command failed -:$number" >&2
            exit 1
          fi
          done=$done$line$'\n'
        done
        echo "$left" >"$DIR/fail-at"
        printf '%s' "$done" | run "$@"
        ;;
      *)
        left=$((left - 1))
        if [ "$left" = 0 ]; then
          rm "$DIR/fail-at"
          echo 'RTNETLINK answers: Injected failure' >&2
          exit 1
        fi
        echo "$left" >"$DIR/fail-at"
        run "$@"
        ;;
    esac

    """#

  /// Puts the stand-ins before the real programs.
  package static let use = #"""
    mkdir "$DIR/bin"
    for tool in ip tc bridge; do cp "$DIR/stand-in" "$DIR/bin/$tool" && chmod +x "$DIR/bin/$tool"; done
    # The script under test finds them; the checks around it use the real ones.
    script() { PATH="$DIR/bin:$PATH" "$@"; }

    """#
}
