import Foundation
import NetwrightTestSupport
import Testing

/// External networks that a snapshot of the machine has: in the plan, in the simulator and in the kernel.
@Suite struct ExternalNetworkTests {
  /// What a Docker Engine 20.10 said of two of its networks by `docker network inspect`, shortened.
  private static let inspected = """
    [
      { "Name": "proxy", "Id": "4f9d1c7e2a3b3c06e521e6dca0b3059e62b811715e33f27f6a5aa04be06f7258", "Driver": "bridge",
        "EnableIPv6": false, "Internal": false, "Options": {}, "Labels": {}, "ConfigFrom": { "Network": "" },
        "IPAM": { "Driver": "default", "Options": {}, "Config": [
          { "Subnet": "172.30.0.0/16", "AuxiliaryAddresses": { "printer": "172.30.0.2" } } ] },
        "Containers": { "7675e0cba9b775fa96859b2cef9f3301d2465ad81de8eae5fc6660c0eb37559a": {
          "Name": "gate", "EndpointID": "5147c367de0a", "MacAddress": "02:42:ac:1e:00:03",
          "IPv4Address": "172.30.0.3/16", "IPv6Address": "" } } },
      { "Name": "house", "Id": "6c073b19b8f21ef880ac02df04bbeaa2206443f69df23f124222947e3056a2e6", "Driver": "macvlan",
        "Internal": false, "Options": { "parent": "eth0" },
        "IPAM": { "Driver": "default", "Options": null, "Config": [
          { "Subnet": "192.168.7.0/24", "Gateway": "192.168.7.1" } ] }, "Containers": {} },
      { "Name": "host", "Id": "f9c351d81080", "Driver": "host", "IPAM": { "Config": [] } }
    ]
    """

  private static let file = """
    name: shop
    services:
      web: { networks: { lan: {}, proxy: {} }, ports: ["8080:80"] }
      dns: { networks: { house: { ipv4_address: 192.168.7.53 } } }
    networks:
      lan: { external: true, name: lan0 }
      proxy: { external: true }
      house: { external: true }
    """

  /// A machine with a bridge of somebody's that a neighbor is on, the bridge of Docker's network with its container,
  /// what a macvlan network stands on, and a `docker` that says what the engine said.
  private static let machine = """
    printf '#!/bin/sh\\ncase $2 in ls) echo one two three ;; inspect) cat "%s/inspect.json" ;; esac\\n' "$DIR" >"$DIR/docker"
    chmod +x "$DIR/docker"; PATH=$DIR:$PATH
    ip link set lo up
    ip link add lan0 type bridge; ip addr add 10.7.0.1/24 dev lan0; ip link set lan0 up
    ip netns add neighbor; ip link add p0 type veth peer name eth0 netns neighbor; ip link set p0 master lan0 up
    ip -n neighbor addr add 10.7.0.2/24 dev eth0; ip -n neighbor link set eth0 up
    ip link add br-4f9d1c7e2a3b type bridge; ip addr add 172.30.0.1/16 dev br-4f9d1c7e2a3b
    ip link set br-4f9d1c7e2a3b up
    ip netns add gate; ip link add p1 type veth peer name eth0 netns gate; ip link set p1 master br-4f9d1c7e2a3b up
    ip -n gate addr add 172.30.0.3/16 dev eth0; ip -n gate link set eth0 up
    ip link add eth0 type veth peer name far; ip link set eth0 up; ip link set far up
    ip addr add 192.168.7.1/24 dev far
    before=$(settled)
    "$NETWRIGHT" snapshot >host.json || exit 1

    """

  @Test func `what the snapshot has is used, in the simulator as in the kernel`() throws {
    let text =
      "NETWRIGHT='\(Command.path)'\n" + Self.machine + """
        "$NETWRIGHT" plan -f shop.yaml --host host.json
        for ping in 'web 10.7.0.2' 'web 172.30.0.3' 'dns 192.168.7.1' 'neighbor 10.7.0.3'; do
          check "simulated: $ping" "$NETWRIGHT" simulate -f shop.yaml --host host.json "ping $ping" >/dev/null
        done
        check up "$NETWRIGHT" up -f shop.yaml --host host.json >/dev/null
        for pair in 'web 10.7.0.2' 'web 172.30.0.3' 'dns 192.168.7.1' 'neighbor 10.7.0.3'; do
          check "in the kernel: $pair" ip netns exec "${pair% *}" ping -c 1 -W 3 "${pair#* }" >/dev/null
        done
        # Nothing that is others' is guarded: their traffic isn't known here.
        nft list ruleset | grep -E 'drop|masquerade' | grep -v -e loopback -e 'published ports'
        check down "$NETWRIGHT" down -f shop.yaml --host host.json >/dev/null
        same 'nothing stays' "$before" "$(settled)"
        echo "== snapshot"; cat host.json

        """
    let files = ["shop.yaml": Self.file, "inspect.json": Self.inspected]
    let outcome = try KernelSandbox.run(text, files: files)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    let parts = outcome.output.components(separatedBy: "== snapshot\n")
    try #require(parts.count == 2, "\(outcome.output)\(outcome.errors)")
    for line in [
      "lan: the network lan0 is the host's device lan0, and is not built.",
      "proxy: the network proxy is the host's device br-4f9d1c7e2a3b, and is not built.",
      "house: the network house is on the host's device eth0.",
      // The neighbor has .2; the printer .2, and gate .3.
      "10.7.0.3/24", "172.30.0.4/16", "192.168.7.53/24",
    ] {
      #expect(parts[0].contains(line), "\(line)\n\(parts[0])")
    }
    #expect(!parts[0].contains("drop") && !parts[0].contains("masquerade"), "\(parts[0])")
    let snapshot = parts[1].replacing("passed\n", with: "")
    let valid = try Command.validate(snapshot, by: "host-v1.schema.json")
    #expect(valid.status == 0, "\(valid.output)")
  }

  @Test func `an address that somebody there has is refused, and without a snapshot nobody knows`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-external-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let host = """
      {"version":1,"namespaces":[{"name":null,"devices":[
        {"ifindex":2,"ifname":"br-4f9d1c7e2a3b","flags":["UP"],"mtu":1500,"linkinfo":{"info_kind":"bridge"},
         "addr_info":[{"family":"inet","local":"172.30.0.1","prefixlen":16,"scope":"global"}]}]}],
       "docker":\(Self.inspected)}
      """
    try host.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let yaml = """
      services: { web: { networks: { proxy: { ipv4_address: 172.30.0.3 } } } }
      networks: { proxy: { external: true } }
      """
    let refused = try Command.run("validate -f - --host host.json", input: yaml, in: folder.path)
    #expect(refused.status == 1 && refused.output.contains("NW0304") && refused.output.contains("`gate` has it"))
    let assumed = try Command.run("plan -f -", input: yaml)
    let line = "proxy: somebody else makes the network proxy; br-proxy is built to stand in for it, as 172.30.0.0/24."
    #expect(assumed.status == 0 && assumed.output.contains(line), "\(assumed.output)\(assumed.errors)")
    // Docker that runs in a machine of its own: the block is known, the bridge isn't there.
    let elsewhere = host.replacing("br-4f9d1c7e2a3b", with: "br-000000000000")
    try elsewhere.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let dynamic = yaml.replacing("{ proxy: { ipv4_address: 172.30.0.3 } }", with: "[proxy]")
    let plan = try Command.run("plan -f - --host host.json", input: dynamic, in: folder.path)
    #expect(plan.output.contains("br-proxy is built to stand in for it, as 172.30.0.0/16."), "\(plan.output)")
    #expect(plan.output.contains("172.30.0.4/16"), "\(plan.output)")
  }
}
