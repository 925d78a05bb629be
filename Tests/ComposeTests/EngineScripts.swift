import Foundation

/// The shell and Python texts that run an engine, and look at what it made.
enum EngineScripts {
  /// Whether an engine and a compose that drives it are installed, and the comparison is asked for.
  static let isAsked =
    ProcessInfo.processInfo.environment["NETWRIGHT_DOCKER"] != nil
    && ["/usr/sbin/dockerd", "/usr/bin/docker-compose", "/usr/bin/docker"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    }

  /// Prints what a container or namespace has, a fact a line; busybox's programs alone are used.
  ///
  /// Its arguments are the names, the addresses and the ADDRESS,PORT pairs to try.
  static let facts = #"""
    exec 2>/dev/null
    names=$1 addresses=$2 ports=$3
    ip -o addr | awk '$3 ~ /^inet/ && $4 !~ /^(127\.|::1|fe80)/ { print $2, $4 }' | while read -r device address; do
      device=${device%%@*}
      echo "address $address $(cat "/sys/class/net/$device/address") $(cat "/sys/class/net/$device/mtu")"
    done
    ip route | awk '$1 == "default" { print "default", $3 }'
    ip -6 route 2>/dev/null | awk '$1 == "default" { print "default", $3 }'
    awk '!/^#/ { for (i = 2; i <= NF; i++) print "hosts", $1, tolower($i) }' /etc/hosts
    for key in net/ipv4/ip_forward net/core/somaxconn; do echo "sysctl $key $(cat /proc/sys/$key)"; done
    awk '$1 == "search" { print }' /etc/resolv.conf
    asks=$(grep -c 'nameserver 127.0.0.11' /etc/resolv.conf)
    # On a busy machine an answer may be late: nothing is believed to be missing that wasn't twice.
    answers() {
      timeout 5 nslookup "-type=$2" "$1" 127.0.0.11 2>/dev/null | awk '/^Name:/ { found = 1 } found && /^Address/ { print $NF }'
    }
    resolve() {
      found=$(awk -v name="$1" '{ for (i = 2; i <= NF; i++) if ($i == name) print $1 }' /etc/hosts | sort -u)
      for try in 1 2; do
        [ -z "$found" ] && [ "$asks" != 0 ] || break
        found=$({ answers "$1" a; answers "$1" aaaa; } | sort -u)
      done
      echo "name $1" $found
    }
    reach() {
      case $1 in *:*) ping=ping6 ;; *) ping=ping ;; esac
      for try in 1 2; do
        if $ping -c 1 -W 2 "$1" >/dev/null 2>&1; then echo "reaches $1"; return; fi
      done
      echo "misses $1"
    }
    connect() {
      for try in 1 2; do
        if nc -w 2 "${1%,*}" "${1#*,}" </dev/null >/dev/null 2>&1; then echo "connects $1"; return; fi
      done
      echo "fails $1"
    }
    for name in $names; do resolve "$name" & done
    for address in $addresses; do reach "$address" & done
    for pair in $ports; do connect "$pair" & done
    wait
    """#

  /// Waits until something listens on a TCP port, its argument.
  private static let listening = #"""
    awaited=$(printf ":%04X [0-9A-F]*:0000 0A" "$1")
    for try in $(seq 200); do grep -q "$awaited" /proc/net/tcp /proc/net/tcp6 && break; sleep 0.1; done
    """#

  /// Reduces what `docker-compose config` prints to what concerns networks, every image a busybox that sleeps.
  static let reduction = #"""
    import os, sys, yaml
    model = yaml.safe_load(sys.stdin)
    kept = {'networks', 'network_mode', 'hostname', 'domainname', 'container_name', 'extra_hosts', 'dns', 'dns_search',
            'dns_opt', 'links', 'expose', 'ports', 'mac_address', 'scale', 'sysctls'}
    def short(port):
        if not isinstance(port, dict):
            return str(port)
        start = ''.join(f'{port[key]}:' for key in ('host_ip', 'published') if key in port)
        return f"{start}{port['target']}/{port.get('protocol', 'tcp')}"
    services = {}
    for name, service in (model.get('services') or {}).items():
        replicas = (service.get('deploy') or {}).get('replicas')
        service = {key: value for key, value in service.items() if key in kept}
        service['scale'] = service.get('scale', replicas if replicas is not None else 1)
        service.update(image='busybox', command='sleep 3600', stop_signal='KILL')
        service['expose'] = [str(port) for port in service.get('expose', [])]
        service['ports'] = [short(port) for port in service.get('ports', [])]
        if isinstance(service.get('sysctls'), list):
            service['sysctls'] = dict(item.split('=', 1) for item in service['sysctls'])
        if 'sysctls' in service:
            service['sysctls'] = {k: v for k, v in service['sysctls'].items() if k.startswith('net.')}
        services[name] = service
    networks = {}
    for name, network in (model.get('networks') or {}).items():
        networks[name] = {k: v for k, v in (network or {}).items() if k != 'labels'}
    order = os.environ['order'].split()
    for name in order:
        networks.setdefault(name, {})
    with open('docker-compose.yml', 'w') as file:
        yaml.safe_dump({'version': '2.4', 'services': services, 'networks': networks}, file)
    # One that is on the networks in an order: 1.29 makes them in that.
    first = {'image': 'busybox', 'command': 'true', 'networks': {name: {} for name in order}}
    with open('networks.yml', 'w') as file:
        yaml.safe_dump({'version': '2.4', 'services': {'first': first}, 'networks': networks}, file, sort_keys=False)
    """#

  /// Gives the host an uplink, `eth0`, and a machine at its other end, which is no name server and says so at once.
  static let uplink = #"""
    ip link set lo up
    ip netns add outside
    ip link add eth0 type veth peer name eth0 netns outside
    ip addr add 203.0.113.2/24 dev eth0 && ip link set eth0 up
    ip -n outside addr add 203.0.113.1/24 dev eth0 && ip -n outside link set eth0 up && ip -n outside link set lo up
    ip route add default via 203.0.113.1
    echo 'nameserver 203.0.113.1' > /etc/resolv.conf
    # Whom the host, and who is beyond it, reaches at which ADDRESS,PORT.
    connect() {
      for try in 1 2; do
        if "$@" busybox nc -w 2 "${pair%,*}" "${pair#*,}" </dev/null >/dev/null 2>&1; then echo connects; return; fi
      done
      echo fails
    }
    published() {
      trying=
      for pair in $host_ports; do echo "host $(connect env) $pair" & trying+=" $!"; done
      for pair in $outside_ports; do echo "outside $(connect ip netns exec outside) $pair" & trying+=" $!"; done
      if [ -n "$trying" ]; then wait $trying; fi
    }

    """#

  /// Starts an engine in the sandbox, with a busybox image.
  static let engine = #"""
    export DOCKER_HOST=unix:///run/engine.sock
    mount -t tmpfs tmpfs /sys/fs/cgroup && mkdir /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup
    mkdir -p /run/image/bin /run/image/etc
    cp "$(command -v busybox)" /run/image/bin/busybox
    for applet in $(busybox --list | grep -vx busybox); do ln -sf busybox "/run/image/bin/$applet"; done
    /usr/sbin/dockerd -H "$DOCKER_HOST" --data-root /run/data --exec-root /run/exec --pidfile /run/engine.pid \
      --storage-driver vfs >/run/engine.log 2>&1 &
    for try in $(seq 300); do /usr/bin/docker version >/dev/null 2>&1 && break; sleep 0.2; done
    tar -C /run/image -c . | /usr/bin/docker import - busybox:latest >/dev/null || { tail -5 /run/engine.log >&2; exit 98; }

    """#

  /// Has docker-compose resolve the files of `$folder` in a copy, in which what they miss beside them is made: folders
  /// to build from, and environment files.
  static let resolution = #"""
    resolve_compose() {
      rm -rf /run/project && cp -r "$folder" /run/project && chmod -R u+w /run/project && cd /run/project || exit
      for try in $(seq 40); do
        # shellcheck disable=SC2046
        /usr/bin/docker-compose $(printf ' -f %s' $given) config >/run/full.yaml 2>/run/errors && return
        missing=$(sed -n "s/^Couldn't find env file: //p" /run/errors)
        if [ -n "$missing" ]; then mkdir -p "$(dirname "$missing")"; touch "$missing"; continue; fi
        missing=$(sed -n 's/^build path \(.*\) either does not exist.*/\1/p' /run/errors)
        [ -n "$missing" ] || break
        mkdir -p "$missing"
      done
      echo refused
      return 1
    }

    """#

  /// Brings files up and prints the facts of each of their containers.
  ///
  /// `$folder` and `$given` are the files, `$project` is the project's name; `$order` has SERVICE=COUNT pairs in the
  /// order to start them, `$nodes` a NAMESPACE=CONTAINER pair each; `$listeners` NAMESPACE,PORT pairs.
  static let engineCase =
    "listening='\(listening)'\n" + #"""
      resolve_compose || exit 0
      mkdir -p "/run/cases/$project" && cd "/run/cases/$project"
      order=$allocated /usr/bin/python3 "$DIR/reduction.py" </run/full.yaml
      for external in $externals; do
        IFS== read -r name subnet gateway <<<"$external"
        /usr/bin/docker network create --subnet "$subnet" --gateway "$gateway" "$name" >/dev/null
      done
      # Which automatic block a network gets depends on when it is made: 1.29 makes them as services name them.
      if [ -n "$allocated" ]; then
        /usr/bin/docker-compose -p "$project" -f networks.yml up --no-start >errors 2>&1 || echo "failed $(cat errors)"
        /usr/bin/docker-compose -p "$project" -f networks.yml rm -f >errors 2>&1 || echo "failed $(cat errors)"
      fi
      # One after the other, replicas too: docker-compose would start them in parallel, and addresses go by that.
      for pair in $order; do
        for count in $(seq "${pair#*=}"); do
          /usr/bin/docker-compose -p "$project" up -d --no-deps --scale "${pair%=*}=$count" "${pair%=*}" >errors 2>&1 ||
            echo "failed $(cat errors)"
        done
      done
      /usr/bin/docker ps --format 'host container {{.Names}}'
      /usr/bin/docker network ls --filter "label=com.docker.compose.project=$project" --format '{{.Name}}' |
        while read -r name; do
          /usr/bin/docker network inspect --format 'host network {{.Name}} {{.Driver}} {{.Internal}}' "$name"
        done
      container() { for pair in $nodes; do [ "${pair%%=*}" != "$1" ] || echo "${pair#*=}"; done; }
      for pair in $listeners; do
        /usr/bin/docker exec -d "$(container "${pair%,*}")" nc -ll -p "${pair#*,}" -e true
      done
      awaiting=
      for pair in $listeners; do
        /usr/bin/docker exec "$(container "${pair%,*}")" sh -c "$listening" listening "${pair#*,}" & awaiting+=" $!"
      done
      [ -z "$awaiting" ] || wait $awaiting
      # Ports of bridges forward, and addresses of IPv6 are checked for duplicates, after a moment.
      sleep "$settling"
      ip -o addr show type bridge | awk '$2 != "docker0" && $4 !~ /^fe80/ { print "host bridge", $4 }'
      probing=
      for pair in $nodes; do
        /usr/bin/docker exec "${pair#*=}" sh -c "$(cat "$DIR/facts.sh")" facts "$names" "$addresses" "$ports" 2>&1 |
          sed "s/^/${pair%%=*} /" >"/run/facts-${pair%%=*}" &
        probing+=" $!"
      done
      wait $probing
      cat /run/facts-*
      published
      /usr/bin/docker-compose -p "$project" down -t 0 >/dev/null 2>&1
      """#

  /// Builds the same with Netwright's script, and prints the same facts.
  static let kernelCase =
    "listening='\(listening)'\n" + #"""
      mkdir -p /run/image/bin
      cp "$(command -v busybox)" /run/image/bin/busybox
      for applet in $(busybox --list | grep -vx busybox); do ln -sf busybox "/run/image/bin/$applet"; done
      sh "$DIR/up.sh" >/run/up.log 2>&1 || { cat /run/up.log; exit 1; }
      ip=$(command -v ip) started= probing=
      within() { PATH=/run/image/bin:$PATH "$ip" netns exec "$@"; }
      for pair in $listeners; do within "${pair%,*}" busybox nc -ll -p "${pair#*,}" -e true & started+=" $!"; done
      awaiting=
      for pair in $listeners; do
        within "${pair%,*}" busybox sh -c "$listening" listening "${pair#*,}" & awaiting+=" $!"
      done
      [ -z "$awaiting" ] || wait $awaiting
      sleep "$settling"
      ip -o addr show type bridge | awk '$2 != "docker0" && $4 !~ /^fe80/ { print "host bridge", $4 }'
      for pair in $nodes; do
        name=${pair%%=*}
        within "$name" /run/image/bin/sh "$DIR/facts.sh" "$names" "$addresses" "$ports" 2>&1 |
          sed "s/^/$name /" >"/run/facts-$name" &
        probing+=" $!"
      done
      wait $probing
      cat /run/facts-*
      published
      kill $started 2>/dev/null
      sh "$DIR/up.sh" down >/dev/null 2>&1
      """#
}

extension EngineScripts {
  /// Prints where two resolved files, docker-compose's and Netwright's, say different things of services and networks.
  ///
  /// Its arguments are the two files. Left out is what only one of them resolves: addresses that were given out, names
  /// of images and folders, and services that nothing starts.
  static let comparison = #"""
    import sys, yaml

    def keyed(value):
        if isinstance(value, list):
            return {key: {} for key in value}
        return {key: entry or {} for key, entry in (value or {}).items()}

    def span(text):
        first, _, last = text.partition('-')
        return [str(port) for port in range(int(first), int(last or first) + 1)]

    def ports(entries):
        result = set()
        for entry in entries or []:
            if isinstance(entry, dict):
                host = '' if entry.get('published') is None else str(entry['published'])
                result.add((entry.get('host_ip', ''), host, str(entry['target']), entry.get('protocol', 'tcp')))
                continue
            text, _, protocol = str(entry).partition('/')
            *address, host, target = [''] * (2 - text.count(':')) + text.rsplit(':', 2)
            targets, hosts = span(target), span(host) if host else ['']
            if len(targets) == 1 and len(hosts) > 1:
                hosts = [host]
            for pair in zip(hosts * len(targets) if hosts == [''] else hosts, targets):
                result.add((address[0].strip('[]') if address else '', *pair, protocol or 'tcp'))
        return sorted(result)

    def several(value):
        # docker-compose 2 has each item once.
        return [value] if isinstance(value, str) else list(dict.fromkeys(value or []))

    def facts(model):
        result = {}
        services = {k: v for k, v in (model.get('services') or {}).items()}
        used = set()
        for name, service in services.items():
            count = service.get('scale', (service.get('deploy') or {}).get('replicas', 1))
            if count == 0:
                continue
            result[name, 'scale'] = count
            result[name, 'network_mode'] = service.get('network_mode')
            if not service.get('network_mode'):
                networks = keyed(service.get('networks')) or {'default': {}}
                used.update(networks)
                result[name, 'networks'] = sorted(networks)
                for network, entry in networks.items():
                    result[name, network, 'aliases'] = sorted(entry.get('aliases') or [])
                    for key in ('ipv4_address', 'ipv6_address'):
                        result[name, network, key] = entry.get(key)
            for key in ('container_name', 'hostname', 'domainname'):
                result[name, key] = service.get(key)
            for key in ('dns', 'dns_search', 'dns_opt'):
                result[name, key] = several(service.get(key))
            result[name, 'ports'] = ports(service.get('ports'))
            result[name, 'expose'] = sorted(str(port).replace('/tcp', '') for port in service.get('expose') or [])
            # docker-compose 2 makes dependencies of links and shared networks, 1.29 starts them first without saying so.
            linked = {str(link).partition(':')[0] for link in service.get('links') or []}
            linked.add(str(service.get('network_mode')).removeprefix('service:'))
            result[name, 'depends_on'] = sorted(set(service.get('depends_on') or []) - linked)
        networks = model.get('networks') or {}
        result['networks'] = sorted(used)
        for key in used:
            network = networks.get(key) or {}
            if network.get('external'):
                # A stand-in says what it is made of; compose says nothing of it.
                result['network', key] = ('external', network.get('name', key))
                continue
            result['network', key] = (network.get('driver') or 'bridge', bool(network.get('internal')), network.get('name'))
            pools = (network.get('ipam') or {}).get('config') or []
            result['network', key, 'subnets'] = [pool['subnet'] for pool in pools if 'subnet' in pool]
        return result

    with open(sys.argv[1]) as one, open(sys.argv[2]) as other:
        theirs, ours = facts(yaml.safe_load(one)), facts(yaml.safe_load(other))
    for fact in sorted(set(theirs) | set(ours), key=str):
        # What the file leaves open is resolved here, and not there.
        isOpen = theirs.get(fact) in (None, [])
        if theirs.get(fact) != ours.get(fact) and not (isOpen and fact[-1] in ('ipv4_address', 'ipv6_address', 'subnets')):
            print(fact, 'docker-compose:', theirs.get(fact), 'netwright:', ours.get(fact))
    """#

  /// Prints for each of so many cases whether docker-compose 1.29 makes the same of the first file with the second over
  /// it as of the third: `same`, `differs`, or `refuses` where it doesn't read one of them.
  static let merging = #"""
    import sys, yaml
    from compose.config.config import ConfigDetails, ConfigFile, load
    from compose.config.environment import Environment
    from compose.config.errors import ConfigurationError
    from compose.config.serialize import serialize_config

    def clean(value, key=''):
        """The same for what says the same: nothing for what is empty, lists of hosts and ports in order."""
        if isinstance(value, dict):
            value = {k: clean(v, k) for k, v in value.items()}
            if key == 'extra_hosts':
                return sorted(f'{k}:{v}' for k, v in value.items())
            return {k: v for k, v in value.items() if v not in (None, {}, [])}
        if isinstance(value, list):
            value = [clean(item) for item in value]
            return sorted(value, key=str) if key in ('ports', 'extra_hosts') else value
        return value

    def resolved(*names):
        files = [ConfigFile(name, yaml.safe_load(open(name))) for name in names]
        return clean(yaml.safe_load(serialize_config(load(ConfigDetails('.', files, Environment())))))

    for index in range(int(sys.argv[1])):
        try:
            both = resolved(f'{index}-base.yaml', f'{index}-over.yaml')
            print('same' if both == resolved(f'{index}-result.yaml') else 'differs')
        except (ConfigurationError, yaml.YAMLError):
            print('refuses')
    """#
}
