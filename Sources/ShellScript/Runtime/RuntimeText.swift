/// The part of a script that is the same for every network, by topic.
///
/// It keeps to POSIX XCU, so that dash, busybox ash, bash and mksh run it alike, and passes shellcheck as it stands.
enum RuntimeText {
  /// The choice among the verbs, and the last line of a script.
  static func main(verbs: [String], standard: String) -> String {
    let list = verbs.joined(separator: " | ")
    return """
      main() {
        set -eu
        # What the caller has set otherwise, by options or in the environment, and these commands or these programs go by.
        set +f +C
        option=pipefail
        if (set +o "$option") 2>/dev/null; then set +o "$option"; fi
        unset QUOTING_STYLE TIME_STYLE FIND_BLOCK_SIZE
        umask 022
        # find goes back to the folder that it was started in, which may be one that root can't enter.
        cd /
        # A shell that reads this script from its standard input has it all by now; nothing else is to read from there.
        exec </dev/null
        [ ! -d /proc/self/fd ] || [ -e /proc/self/fd/2 ] || exec 2>/dev/null
        LC_ALL=C
        PATH=$PATH:/usr/sbin:/sbin
        export LC_ALL PATH
        [ $# -le 1 ] || usage_error "one argument at most"
        trap at_exit EXIT
        # An exit from here doesn't run the trap of EXIT in mksh and posh.
        trap 'at_exit 130' INT
        trap 'at_exit 143' TERM
        trap 'at_exit 129' HUP
        # A reader that goes away must not end the script half-way.
        trap '' PIPE
        case ${1-\(standard)} in
      \(verbs.map { "    \($0)) \($0) ;;" }.joined(separator: "\n"))
          help | -h | --help) help ;;
          *) usage_error "there is no '$1'" ;;
        esac
        at_exit
      }

      help() {
        say "usage: sh SCRIPT [\(list) | help]   (\(standard) when nothing is said)"
        say ""
      \(verbs.map { "  say \"  \(explanation(of: $0))\"" }.joined(separator: "\n"))
        say ""
        say "exit status: 0 good, 2 a wrong argument, 3 the system refused, or (status) the network isn't wholly up"
      }

      main "$@"
      }

      """
  }

  private static func explanation(of verb: String) -> String {
    switch verb {
    case "up": "up      builds the network; harmless when it is up"
    case "down": "down    takes it away and puts back what was changed"
    default: "status  tells what of it there is"
    }
  }
}
