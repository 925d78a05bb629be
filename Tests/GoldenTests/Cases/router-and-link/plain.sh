apply() {

origin='service g-web (input.yaml:4)'
ip netns add g-web

origin='router g-edge (input.yaml:16)'
ip netns add g-edge

origin='router g-core (input.yaml:20)'
ip netns add g-core
record_namespaces

origin='service g-web (input.yaml:4)'
ip netns exec g-web sysctl -q -w 'net.ipv4.conf.all.rp_filter=1'

origin='router g-edge (input.yaml:16)'
ip netns exec g-edge sysctl -q -w 'net.ipv4.ip_forward=1'
ip netns exec g-edge sysctl -q -w 'net.ipv6.conf.all.forwarding=1'

origin='router g-core (input.yaml:20)'
ip netns exec g-core sysctl -q -w 'net.ipv4.ip_forward=1'
ip netns exec g-core sysctl -q -w 'net.ipv6.conf.all.forwarding=1'

origin='network lan (input.yaml:11)'
ip link add name br-g-lan mtu 1400 address 06:42:db:62:66:21 group 1309035200 type bridge forward_delay 0
ip address add fd00::1/64 nodad dev br-g-lan
ip link set dev br-g-lan up

origin='service g-web (input.yaml:4)'
ip link add name v-g-web-eth0 mtu 1400 group 1309035200 type veth peer name eth0 netns g-web mtu 1400 address 02:42:0a:00:00:07
ip link set dev v-g-web-eth0 master br-g-lan
ip link set dev v-g-web-eth0 up

origin='router g-edge (input.yaml:16)'
ip link add name v-g-edge-eth0 mtu 1400 group 1309035200 type veth peer name eth0 netns g-edge mtu 1400 address 02:42:0a:00:00:01
ip link set dev v-g-edge-eth0 master br-g-lan
ip link set dev v-g-edge-eth0 up

origin='link g-edge:wan to g-core:eth0 (input.yaml:23)'
ip link add name wan netns g-edge address 02:42:0a:09:00:01 type veth peer name eth0 netns g-core address 02:42:0a:09:00:02

origin='service g-web (input.yaml:4)'
ip -n g-web link set dev lo up
ip -n g-web address add 10.0.0.7/24 brd + dev eth0
ip -n g-web address add fd00::7/64 nodad dev eth0
ip -n g-web link set dev eth0 up
ip -n g-web route add default via 10.0.0.1 dev eth0
ip -n g-web route add ::/0 via fd00::1 dev eth0

origin='service g-web (input.yaml:7)'
ip -n g-web route add blackhole 192.0.2.0/24

origin='router g-edge (input.yaml:16)'
ip -n g-edge link set dev lo up
ip -n g-edge address add 10.0.0.1/24 brd + dev eth0
ip -n g-edge address add fd00::2/64 nodad dev eth0
ip -n g-edge link set dev eth0 up
ip -n g-edge link set dev wan addrgenmode none
ip -n g-edge address add 10.9.0.1/30 brd + dev wan
ip -n g-edge link set dev wan up

origin='router g-edge (input.yaml:19)'
ip -n g-edge route add default table 100 via 10.9.0.2

origin='router g-edge (input.yaml:18)'
ip -n g-edge rule add priority 1000 from 10.0.0.0/24 table 100

origin='router g-core (input.yaml:20)'
ip -n g-core link set dev lo up
ip -n g-core link set dev eth0 addrgenmode none
ip -n g-core address add 10.9.0.2/30 brd + dev eth0
ip -n g-core link set dev eth0 up

origin='router g-core (input.yaml:21)'
ip -n g-core route add 10.0.0.0/24 via 10.9.0.1

origin='router g-edge (input.yaml:16)'
tc -n g-edge qdisc add dev wan root tbf rate 10mbit burst 12500 latency 50ms

origin='router g-core (input.yaml:20)'
tc -n g-core qdisc add dev eth0 root tbf rate 10mbit burst 12500 latency 50ms

origin='service g-web (input.yaml:4)'
make_directories
cat >/etc/netns/g-web/hosts <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
10.0.0.7	web golden-web-1
fd00::7	web golden-web-1
10.0.0.1	edge golden-edge-1
fd00::2	edge golden-edge-1
END

origin='router g-edge (input.yaml:16)'
cat >/etc/netns/g-edge/hosts <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
10.0.0.7	web golden-web-1
fd00::7	web golden-web-1
10.0.0.1	edge golden-edge-1
fd00::2	edge golden-edge-1
10.9.0.2	core golden-core-1
END

origin='router g-core (input.yaml:20)'
cat >/etc/netns/g-core/hosts <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
10.9.0.1	edge golden-edge-1
10.9.0.2	core golden-core-1
END

origin='service g-web (input.yaml:4)'
cat >/etc/netns/g-web/resolv.conf <<'END'
nameserver 192.0.2.53
END

origin='router g-edge (input.yaml:16)'
cat >/etc/netns/g-edge/resolv.conf <<'END'
# No name server: the names that resolve are those in /etc/hosts.
END
cat >/etc/netns/g-core/resolv.conf <<'END'
# No name server: the names that resolve are those in /etc/hosts.
END
}
