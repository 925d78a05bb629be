block_1() {
"$@" <<'END'
# service g-web (input.yaml:4)
netns add g-web
# router g-edge (input.yaml:16)
netns add g-edge
# router g-core (input.yaml:20)
netns add g-core
END
}
block_2() {
"$@" <<'END'
# service g-web (input.yaml:4)
printf '%s\n' '1' >/proc/sys/net/ipv4/conf/all/rp_filter
END
}
block_3() {
"$@" <<'END'
# router g-edge (input.yaml:16)
printf '%s\n' '1' >/proc/sys/net/ipv4/ip_forward
printf '%s\n' '1' >/proc/sys/net/ipv6/conf/all/forwarding
END
}
block_4() {
"$@" <<'END'
# router g-core (input.yaml:20)
printf '%s\n' '1' >/proc/sys/net/ipv4/ip_forward
printf '%s\n' '1' >/proc/sys/net/ipv6/conf/all/forwarding
END
}
block_5() {
"$@" <<'END'
# network lan (input.yaml:11)
link add name br-g-lan mtu 1400 address 06:42:db:62:66:21 group 1309035200 type bridge forward_delay 0
address add fd00::1/64 nodad dev br-g-lan
link set dev br-g-lan up
# service g-web (input.yaml:4)
link add name v-g-web-eth0 mtu 1400 group 1309035200 master br-g-lan up type veth peer name eth0 netns g-web mtu 1400 address 02:42:0a:00:00:07
# router g-edge (input.yaml:16)
link add name v-g-edge-eth0 mtu 1400 group 1309035200 master br-g-lan up type veth peer name eth0 netns g-edge mtu 1400 address 02:42:0a:00:00:01
# link g-edge:wan to g-core:eth0 (input.yaml:23)
link add name wan netns g-edge address 02:42:0a:09:00:01 type veth peer name eth0 netns g-core address 02:42:0a:09:00:02
END
}
block_6() {
"$@" <<'END'
# service g-web (input.yaml:4)
link set dev lo up
address add 10.0.0.7/24 brd + dev eth0
address add fd00::7/64 nodad dev eth0
link set dev eth0 up
route add default via 10.0.0.1 dev eth0
route add ::/0 via fd00::1 dev eth0
# service g-web (input.yaml:7)
route add blackhole 192.0.2.0/24
END
}
block_7() {
"$@" <<'END'
# router g-edge (input.yaml:16)
link set dev lo up
address add 10.0.0.1/24 brd + dev eth0
address add fd00::2/64 nodad dev eth0
link set dev eth0 up
link set dev wan addrgenmode none
address add 10.9.0.1/30 brd + dev wan
link set dev wan up
# router g-edge (input.yaml:19)
route add default table 100 via 10.9.0.2
# router g-edge (input.yaml:18)
rule add priority 1000 from 10.0.0.0/24 table 100
END
}
block_8() {
"$@" <<'END'
# router g-core (input.yaml:20)
link set dev lo up
link set dev eth0 addrgenmode none
address add 10.9.0.2/30 brd + dev eth0
link set dev eth0 up
# router g-core (input.yaml:21)
route add 10.0.0.0/24 via 10.9.0.1
END
}
block_9() {
"$@" <<'END'
# router g-edge (input.yaml:16)
qdisc add dev wan root tbf rate 10mbit burst 12500 latency 50ms
END
}
block_10() {
"$@" <<'END'
# router g-core (input.yaml:20)
qdisc add dev eth0 root tbf rate 10mbit burst 12500 latency 50ms
END
}
# service g-web (input.yaml:4)
block_11() {
write_files hosts g-web <<'END'
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
}
# router g-edge (input.yaml:16)
block_12() {
write_files hosts g-edge <<'END'
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
}
# router g-core (input.yaml:20)
block_13() {
write_files hosts g-core <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
10.9.0.1	edge golden-edge-1
10.9.0.2	core golden-core-1
END
}
# service g-web (input.yaml:4)
block_14() {
write_files resolv.conf g-web <<'END'
nameserver 192.0.2.53
END
}
# router g-edge (input.yaml:16)
block_15() {
write_files resolv.conf g-edge g-core <<'END'
# No name server: the names that resolve are those in /etc/hosts.
END
}

# Builds the network, in this order.
apply() {
block_1 ip -batch - || failed block_1 ip -batch -
record_namespaces
progress 6
origin='service g-web (input.yaml:4)'
block_2 ip netns exec g-web sh -e || failed block_2 ip netns exec g-web sh -e
origin='router g-edge (input.yaml:16)'
block_3 ip netns exec g-edge sh -e || failed block_3 ip netns exec g-edge sh -e
progress 13
origin='router g-core (input.yaml:20)'
block_4 ip netns exec g-core sh -e || failed block_4 ip netns exec g-core sh -e
block_5 ip -batch - || failed block_5 ip -batch -
progress 39
block_6 ip -n g-web -batch - || failed block_6 ip -n g-web -batch -
progress 54
block_7 ip -n g-edge -batch - || failed block_7 ip -n g-edge -batch -
progress 73
block_8 ip -n g-core -batch - || failed block_8 ip -n g-core -batch -
progress 84
block_9 tc -n g-edge -batch - || failed block_9 tc -n g-edge -batch -
block_10 tc -n g-core -batch - || failed block_10 tc -n g-core -batch -
make_directories
origin='service g-web (input.yaml:4)'
block_11 || failed '' write_files hosts
origin='router g-edge (input.yaml:16)'
block_12 || failed '' write_files hosts
origin='router g-core (input.yaml:20)'
block_13 || failed '' write_files hosts
origin='service g-web (input.yaml:4)'
block_14 || failed '' write_files resolv.conf
origin='router g-edge (input.yaml:16)'
block_15 || failed '' write_files resolv.conf
}
