apply() {

origin='service one (input.yaml:3)'
ip netns add one

origin='service two (input.yaml:4)'
ip netns add two
record_namespaces

origin='network bridge (input.yaml:1)'
ip link add name docker0 address 02:42:ac:11:00:01 group 1313102541 type bridge forward_delay 0
ip address add 172.17.0.1/16 brd + dev docker0
ip link set dev docker0 up

origin='service one (input.yaml:3)'
ip link add name v-one-eth0 group 1313102541 type veth peer name eth0 netns one address 02:42:ac:11:00:02
ip link set dev v-one-eth0 master docker0
ip link set dev v-one-eth0 up

origin='service two (input.yaml:4)'
ip link add name v-two-eth0 group 1313102541 type veth peer name eth0 netns two address 02:42:ac:11:00:03
ip link set dev v-two-eth0 master docker0
ip link set dev v-two-eth0 up

origin='service one (input.yaml:3)'
ip -n one link set dev lo up
ip -n one link set dev eth0 addrgenmode none
ip -n one address add 172.17.0.2/16 brd + dev eth0
ip -n one link set dev eth0 up
ip -n one route add default via 172.17.0.1 dev eth0

origin='service two (input.yaml:4)'
ip -n two link set dev lo up
ip -n two link set dev eth0 addrgenmode none
ip -n two address add 172.17.0.3/16 brd + dev eth0
ip -n two link set dev eth0 up
ip -n two route add default via 172.17.0.1 dev eth0

origin='service one (input.yaml:3)'
make_directories
cat >/etc/netns/one/hosts <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
172.17.0.2	one pair-one-1
END

origin='service two (input.yaml:4)'
cat >/etc/netns/two/hosts <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
172.17.0.3	two pair-two-1
END

origin='service one (input.yaml:3)'
cat >/etc/netns/one/resolv.conf <<'END'
# No name server: the names that resolve are those in /etc/hosts.
END
cat >/etc/netns/two/resolv.conf <<'END'
# No name server: the names that resolve are those in /etc/hosts.
END
}
