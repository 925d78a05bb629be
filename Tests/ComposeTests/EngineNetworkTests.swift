import NetwrightTestSupport
import Testing

/// Services on a network that a real engine made, as its machine's snapshot has it.
@Suite(.serialized, .enabled(if: EngineScripts.isAsked)) struct EngineNetworkTests {
  private static let file = """
    services: { web: { networks: [proxy], ports: ["8080:80"] } }
    networks: { proxy: { external: true } }
    """

  @Test func `an external network is the engine's`() throws {
    let text =
      "NETWRIGHT='\(try Products.path("netwright"))' PATH=/usr/bin:$PATH\n" + EngineScripts.uplink
      + EngineScripts.engine
        + #"""
        cd "$DIR" || exit
        /usr/bin/docker network create proxy --subnet 172.30.0.0/16 >/dev/null
        /usr/bin/docker run -d --name gate --network proxy busybox sleep 100 >/dev/null
        "$NETWRIGHT" snapshot >host.json || exit
        "$NETWRIGHT" plan -f shop.yaml --host host.json | sed -n 's/br-[0-9a-f]*/BRIDGE/; /^proxy: /p; /^web .*v-web/p'
        check up "$NETWRIGHT" up -f shop.yaml --host host.json >/dev/null
        check 'to the container' ip netns exec web ping -c 1 -W 3 172.30.0.2 >/dev/null
        check 'from the container' /usr/bin/docker exec gate ping -c 1 -W 3 172.30.0.3 >/dev/null
        check 'to the world, masqueraded by the engine' ip netns exec web ping -c 1 -W 3 203.0.113.1 >/dev/null
        ip netns exec web busybox nc -ll -p 80 -e true & listener=$!
        sleep 1
        check 'published, from the host' busybox nc -w 2 203.0.113.2 8080 </dev/null
        # The engine's rules drop what they don't know: docs/compose.md says so.
        ip netns exec outside busybox nc -w 2 203.0.113.2 8080 </dev/null 2>/dev/null && echo 'published, from beyond'
        kill "$listener"
        check down "$NETWRIGHT" down -f shop.yaml --host host.json >/dev/null
        check 'the container goes on' /usr/bin/docker exec gate ping -c 1 -W 3 203.0.113.1 >/dev/null

        """#
    let outcome = try KernelSandbox.run(text, files: ["shop.yaml": Self.file], seconds: 400)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      lines == [
        "web eth0 proxy 172.30.0.3/16 02:42:ac:1e:00:03 v-web-eth0",
        "proxy: the network proxy is the host's device BRIDGE, and is not built.", "passed",
      ], "\(outcome.output)\(outcome.errors)")
  }
}
