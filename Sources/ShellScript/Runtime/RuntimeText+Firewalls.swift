extension RuntimeText {
  /// What is said before a network is built where the machine's own rules will be in its way.
  static let firewalls = #"""
    # Says which chains of others will drop what these networks send, and how to let it through. No reason to refuse: such
    # a chain may have rules that let some of it through.
    look_at_firewalls() {
      iptables=$(command -v iptables) || :
      shows4=${shows_ipv4:-$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || :)}
      shows6=${shows_ipv6:-$(cat /proc/sys/net/bridge/bridge-nf-call-ip6tables 2>/dev/null || :)}
      list_rules 2>/dev/null | awk -v own="netwright-$name" -v chains_too="$own_chains" -v iptables="$iptables" \
        -v forwarded4="$forwarded_ipv4" -v forwarded6="$forwarded_ipv6" \
        -v bridged4="$bridged_ipv4" -v bridged6="$bridged_ipv6" -v shows4="$shows4" -v shows6="$shows6" '
        function drops(chain) {
          if (table == own || (family != "ip" && family != "ip6" && family != "inet")) return
          count++
          families[count] = family
          tables[count] = table
          chains[count] = chain
          programs[count] = program
        }
        # Takes those of some devices that no rule of the table accepts all of, in both directions.
        function take(list, key,   device, i, n, taken) {
          n = split(list, device, " ")
          for (i = 1; i <= n; i++) {
            if ((key " -i " device[i]) in accepted && (key " -o " device[i]) in accepted) continue
            taken = 1
            if (!(device[i] in chosen)) {
              chosen[device[i]] = 1
              devices = devices (devices == "" ? "" : " ") device[i]
            }
          }
          return taken
        }
        # Whether the chain is one that the own chains of iptables are called from.
        function beside_own(i) {
          return chains_too == 1 && tables[i] == "filter" && chains[i] == "FORWARD"
        }
        # A rule goes to the end of a chain that own ones are called from, or they would not be asked any more.
        function remedy(i, key, device, way,   chain, first) {
          chain = (key " DOCKER-USER") in there ? "DOCKER-USER" : chains[i]
          first = chain == "DOCKER-USER" || !beside_own(i)
          if (programs[i] != "" || (chain == "DOCKER-USER" && iptables != "")) {
            return (programs[i] != "" ? programs[i] : families[i] "tables") (first ? " -I " : " -A ") chain \
              " " way " " device " -j ACCEPT"
          }
          return "nft " (first ? "insert" : "add") " rule " families[i] " " tables[i] " " chain \
            (way == "-i" ? " iifname " : " oifname ") "\\\"" device "\\\" accept"
        }
        $1 == "save" { program = $2; family = $3; next }
        program == "" && $1 == "table" { family = $2; table = $3; next }
        program == "" && $1 == "chain" { chain = $2; there[family " " table " " chain] = 1; next }
        program == "" && $1 == "type" && / hook forward / && /policy drop;/ { drops(chain); next }
        program == "" && /^[ \t]*[io]ifname / {
          sub(/counter packets [0-9]+ bytes [0-9]+ /, "")
          gsub(/"/, "")
          if ($3 == "accept") accepted[family " " table ($1 == "iifname" ? " -i " : " -o ") $2] = 1
        }
        program != "" && /^\*/ { table = substr($1, 2) }
        program != "" && /^:/ { there[family " " table " " substr($1, 2)] = 1 }
        program != "" && table == "filter" && $1 == ":FORWARD" && $2 == "DROP" { drops("FORWARD") }
        program != "" && $1 == "-A" && NF == 6 && $6 == "ACCEPT" { accepted[family " " table " " $3 " " $4] = 1 }
        END {
          for (i = 1; i <= count; i++) {
            key = families[i] " " tables[i]
            split("", chosen)
            devices = between = within = ""
            if (families[i] != "ip6" && take(forwarded4, key)) between = 1
            if (families[i] != "ip" && take(forwarded6, key)) between = 1
            # What the own chains of iptables accept within it, this one is not asked any more.
            if (!beside_own(i)) {
              if (families[i] != "ip" && shows6 == 1 && take(bridged6, key)) within = "ip6tables"
              if (families[i] != "ip6" && shows4 == 1 && take(bridged4, key)) within = "iptables"
            }
            if (devices == "") continue
            text = programs[i] != "" ? "chain " chains[i] " of " programs[i] \
              : "chain " chains[i] " of the table " key " of nftables"
            text = text " drops, unless a rule of its own accepts it,"
            if (between) text = text " what goes between these networks and to and from outside"
            if (between && within != "") text = text ", and"
            if (within != "") text = text " what stays within one (net.bridge.bridge-nf-call-" within " is 1)"
            print text "; to let it through:"
            device = devices
            if (index(devices, " ")) device = "$d"
            text = remedy(i, key, device, "-i") "; " remedy(i, key, device, "-o")
            print "  " (device == "$d" ? "for d in " devices "; do " text "; done" : text)
          }
        }' | while IFS= read -r line; do
        warn "$line"
      done
    }

    # The rules that nft shows, and those of iptables that it doesn't, these after a line `save PROGRAM FAMILY`.
    list_rules() {
      nft=$(command -v nft) || nft=
      [ -z "$nft" ] || nft -t list ruleset || :
      for family in ip ip6; do
        program=${family}tables
        if [ -n "$nft" ]; then
          grep -q -x filter "/proc/net/${family}_tables_names" || continue
          program=$program-legacy
        fi
        command -v "$program-save" >/dev/null || continue
        printf 'save %s %s\n' "$program" "$family"
        "$program-save" || :
      done
    }
    """#
}
