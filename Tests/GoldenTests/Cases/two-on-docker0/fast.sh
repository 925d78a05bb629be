block_1() {
"$@" <<'END'
# service one (input.yaml:3)
netns add one
# service two (input.yaml:4)
netns add two
# network bridge (input.yaml:1)
link add name docker0 address 02:42:ac:11:00:01 group 1313102541 type bridge forward_delay 0
address add 172.17.0.1/16 brd + dev docker0
link set dev docker0 up
# service one (input.yaml:3)
link add name v-one-eth0 group 1313102541 master docker0 up type veth peer name eth0 netns one address 02:42:ac:11:00:02
# service two (input.yaml:4)
link add name v-two-eth0 group 1313102541 master docker0 up type veth peer name eth0 netns two address 02:42:ac:11:00:03
END
}
block_2() {
"$@" <<'END'
# service one (input.yaml:3)
link set dev lo up
link set dev eth0 addrgenmode none
address add 172.17.0.2/16 brd + dev eth0
link set dev eth0 up
route add default via 172.17.0.1 dev eth0
END
}
block_3() {
"$@" <<'END'
# service two (input.yaml:4)
link set dev lo up
link set dev eth0 addrgenmode none
address add 172.17.0.3/16 brd + dev eth0
link set dev eth0 up
route add default via 172.17.0.1 dev eth0
END
}
# service one (input.yaml:3)
block_4() {
write_files hosts one <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
172.17.0.2	one pair-one-1
END
}
# service two (input.yaml:4)
block_5() {
write_files hosts two <<'END'
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
172.17.0.3	two pair-two-1
END
}
# service one (input.yaml:3)
block_6() {
write_files resolv.conf one two <<'END'
# No name server: the names that resolve are those in /etc/hosts.
END
}

# Builds the network, in this order.
apply() {
block_1 ip -batch - || failed block_1 ip -batch -
record_namespaces
progress 45
block_2 ip -n one -batch - || failed block_2 ip -n one -batch -
progress 66
block_3 ip -n two -batch - || failed block_3 ip -n two -batch -
make_directories
origin='service one (input.yaml:3)'
block_4 || failed '' write_files hosts
origin='service two (input.yaml:4)'
block_5 || failed '' write_files hosts
origin='service one (input.yaml:3)'
block_6 || failed '' write_files resolv.conf
}
