import Diagnostics
import NetworkTypes
import ProjectFile
import Testing

/// Every code of the file, at its line.
@Suite struct FindingTests {
  @Test func `unknown keys`() {
    check(
      """
      services:
        web:
          netwroks: [lan]  # error: NW0101
          image: nginx
          x-anything: goes
          networks:
            lan: { ipv4_adress: 10.0.0.2 }  # error: NW0101
      networks:
        lan: {}
      volums: {}  # error: NW0101
      """)
  }

  @Test func `values of another type`() {
    check(
      """
      services:
        web: [nginx]  # error: NW0102
        db:
          routes: { to: default }  # error: NW0102
          networks: 5  # error: NW0102
      """)
  }

  /// Both generations of compose refuse them; a key of a mapping of one's own, a network's name, may be without.
  @Test func `keys without a value`() {
    check(
      """
      services:
        web:
          ports:  # error: NW0102
          environment:  # error: NW0102
          hostname: ~  # error: NW0102
          command:
          deploy:
          networks: { lan: , wan: { aliases: } }  # error: NW0102
      networks:
        lan:
        wan: { name: null, ipam: { driver: null } }  # error: NW0102
      volumes:  # error: NW0102
      """)
  }

  @Test func `values that a key doesn't take`() {
    check(
      """
      services:
        web:
          scale: many  # error: NW0103
          network_mode: "service:"  # error: NW0103
          extra_hosts: ["somewhere"]  # error: NW0103
          routes:
            - { to: default, via: 10.0.0.1, type: unicats }  # error: NW0103
            - { to: default, via: 10.0.0.1, table: 0 }  # error: NW0103
          networks:
            lan: { vlan: 4095 }  # error: NW0103
      networks:
        lan:
          mtu: 20  # error: NW0103
          internal: maybe  # error: NW0103
      links:
        - endpoints: [web, web]
          impairment: { delay: 10 }  # error: NW0103
      """)
  }

  @Test func `missing keys`() {
    check(
      """
      services:
        web:
          routes:
            - via: 10.0.0.1  # error: NW0104
          rules:
            - from: 10.0.0.0/8  # error: NW0104
          interfaces:
            v0: { parent: eth0 }  # error: NW0104
            v1: { type: vlan, id: 5 }  # error: NW0104
          ports:
            - published: 80  # error: NW0104
      links:
        - mtu: 1500  # error: NW0104
      """)
  }

  @Test func `names`() {
    check(
      """
      services:
        "we b": {}  # error: NW0105
        web: { hostname: "a b" }  # error: NW0105
      """)
  }

  @Test(arguments: ["10.0.0.300", "10.0.0", "010.0.0.1", "10.0.0.2/24", "fd00::1", "host"])
  func `malformed IPv4 addresses`(_ text: String) {
    check(
      """
      services:
        web:
          networks:
            lan:
              ipv4_address: "\(text)"  # error: NW0106
      """)
  }

  @Test(arguments: ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0/24", "fd00::/129", "lan"])
  func `malformed prefixes`(_ text: String) {
    check(
      """
      networks:
        lan:
          ipam:
            config:
              - subnet: "\(text)"  # error: NW0107
      """)
  }

  @Test func `host bits, and how it goes on`() {
    let file = check(
      """
      networks:
        lan:
          ipam:
            config:
              - subnet: 10.0.0.5/24  # error: NW0108
      """)
    #expect(file.networks.first?.pools.first?.subnet?.value.description == "10.0.0.0/24")
  }

  @Test func `the two slips that many make`() {
    let file = check(
      """
      networks:
        a:
          subnet: 10.0.0.0/24  # error: NW0109
        b:
          ipam:
            config:
              - subnet: 10.0.1.0/24
              - gateway: 10.0.1.9  # error: NW0110
      """)
    #expect(file.networks.last?.pools.count == 1)
    #expect(file.networks.last?.pools.first?.gateway?.value.description == "10.0.1.9")
  }

  @Test func `what belongs to a subnet, without one`() {
    check(
      """
      networks:
        a: { ipam: { config: [{ gateway: 10.0.0.1 }] } }  # error: NW0104
        b: { ipam: { config: [{ ip_range: 10.0.1.0/28 }] } }  # error: NW0104
        c: { ipam: { config: [{ aux_addresses: { printer: 10.0.2.9 } }] } }  # error: NW0104
        d: { ipam: { config: [{ subnet: 10.0.3.0/24, gateway: 10.0.3.1 }, { gateway: 10.0.3.2 }] } }  # error: NW0104
        e: { ipam: { config: [{ subnet: 10.0.4.0/24 }, { aux_addresses: { printer: 10.0.4.9 } }] } }  # error: NW0110
        f: { ipam: { config: [{}] } }
      """)
  }

  @Test func `hardware addresses, device names, ports`() {
    check(
      """
      services:
        web:
          mac_address: 02:42:ac:11:00  # error: NW0111
          networks:
            lan: { interface_name: a-name-that-is-too-long }  # error: NW0112
          expose: ["http"]  # error: NW0113
          ports:
            - "80-82:8080-8081"  # error: NW0113
            - "1.2.3:80:80"  # error: NW0106
            - "80:80/icmp"  # error: NW0113
            - "80:"  # error: NW0113
      """)
  }

  /// Port 0 is any that is free, and so is no end of a range; and no number has a sign.
  @Test func `ports and numbers as they aren't written`() {
    check(
      """
      services:
        web:
          expose: ["+80"]  # error: NW0113
          ports:
            - "0:80"
            - "0-1:80-81"  # error: NW0113
            - "0-9:80"  # error: NW0113
            - "+8080:80"  # error: NW0113
            - "8080:+80"  # error: NW0113
            - "0-0:80"
            - { target: 80, published: "0-9" }  # error: NW0113
            - { target: 80, published: 0 }
          networks: { lan: { trunk: ["+10-20"] } }  # error: NW0103
          firewall: { input: { rules: [{ limit: "+10/second", action: accept }] } }  # error: NW0103
      """)
  }

  @Test func `what no packet is one of`() {
    check(
      """
      routers:
        r:
          networks: [lan]
          firewall:
            sets: { nobody: [] }
            input:
              rules:
                - { from: [], action: drop }  # error: NW0103
                - { to: , action: drop }  # error: NW0102
                - { protocol: tcp, ports: [], action: drop }  # error: NW0103
                - { protocol: tcp, source_ports: [], action: drop }  # error: NW0103
                - { icmp: [], action: drop }  # error: NW0103
                - { state: [], action: drop }  # error: NW0103
                - { from: nobody, action: drop }
          nat: [{ from: [], redirect: 80 }]  # error: NW0103
      networks: { lan: }
      """)
  }

  @Test func `addresses that packets leave a network with`() {
    check(
      """
      networks:
        a: { driver_opts: { com.docker.network.host_ipv4: "fd00::1" } }  # error: NW0106
        b: { driver_opts: { com.docker.network.host_ipv6: 192.0.2.1 } }  # error: NW0106
        c: { driver_opts: { com.docker.network.host_ipv4: 192.0.2.1, com.docker.network.host_ipv6: "fd00::1" } }
      """)
  }

  /// Every name is the start and a number.
  @Test func `what device names start with`() {
    check(
      """
      networks:
        a: { driver_opts: { com.docker.network.container_iface_prefix: abcdefghijklmno } }  # error: NW0112
        b: { driver_opts: { com.docker.network.container_iface_prefix: "a b" } }  # error: NW0112
        c: { driver_opts: { com.docker.network.container_iface_prefix: abcdefghijklmn } }
        d: { driver_opts: { com.docker.network.container_iface_prefix: "" } }
      """)
  }

  @Test func drivers() {
    check(
      """
      networks:
        lan: { driver: overlay }  # error: NW0115
      """)
  }

  @Test func `items twice and empty files`() {
    check(
      """
      services:
        web:
          networks:
            - lan
            - lan  # error: NW0116
      """)
    check("version: '3'  # error: NW0117")
    check("{}  # error: NW0117")
    check("models: { m: { model: some/thing } }  # warning: NW0129")
    check("services: {}  # warning: NW0129")
  }

  @Test func `whom the target sees matters where something reaches it`() {
    check(
      """
      services: { web: {}, db: {} }
      checks:
        - { from: web, to: db, expect: reachable, as: web }
        - { from: web, to: db, expect: filtered, as: web }  # error: NW0118
      """)
  }

  @Test func `x-netwright is merged, and conflicts are found`() {
    let file = check(
      """
      services:
        web:
          x-netwright:
            routes: [{ to: 10.0.0.0/8, type: blackhole }]
            scale: 2  # error: NW0118
          scale: 1
      x-netwright:
        routers:
          edge: {}
      """)
    #expect(file.nodes.map(\.name.value) == ["web", "edge"])
    #expect(file.nodes.first?.routes.count == 1)
  }

  @Test func `variables`() {
    let file = check(
      """
      services:
        web:
          networks:
            lan: { ipv4_address: "${HOST:-10.0.0.7}" }
          expose:
            - "${PORT}"
            - "${NONE}80"  # warning: NW0119
          hostname: "${"  # error: NW0120
          domainname: "${NEEDED:?say where}"  # error: NW0120
          command: echo $ {} ${  # error: NW0120
          # Compose refuses and warns wherever it is; each variable once here, where no network depends on it.
          environment:
            PASSWORD: "${NEEDED:?anywhere}"  # error: NW0120
            WORD: "$WORD"  # warning: NW0119
            AGAIN: "$WORD ${NONE}"
            PRICE: $5
      """, environment: ["PORT": "8080"])
    #expect(file.nodes.first?.attachments.first?.ipv4Address?.value.description == "10.0.0.7")
    #expect(file.nodes.first?.expose.map(\.ports.value.description) == ["8080", "80"])
  }

  @Test func `a later file of another type`() {
    check(
      "networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }",
      "networks: { lan: [] }  # error: NW0121")
  }

  /// The engine ignores what it doesn't know; its booleans are Go's.
  @Test func `driver options`() {
    let file = check(
      """
      services: { web: {} }
      networks:
        lan:
          driver_opts:
            com.docker.network.bridge.nmae: br0  # warning: NW0131
            mtu: 1400  # warning: NW0131
            com.example.tag: any
            com.docker.network.driver.mtu: 0
            com.docker.network.bridge.enable_icc: "yes"  # error: NW0103
            com.docker.network.bridge.enable_ip_masquerade: f
            com.docker.network.enable_ipv4: "0"
            com.docker.network.enable_ipv6: "TRUE"
        wan:
          enable_ipv6: false
          driver_opts: { com.docker.network.enable_ipv6: "true", com.docker.network.driver.mtu: 67 }  # error: NW0103
        one: { driver: ipvlan, driver_opts: { ipvlan_flag: bridge } }
        two: { driver: ipvlan, driver_opts: { ipvlan_flag: private } }  # error: NW0103
      """)
    let (lan, wan) = (file.networks[0], file.networks[1])
    #expect(lan.options.mtu == nil && lan.options.masquerades?.value == false)
    #expect(lan.enableIPv4?.value == false && lan.enableIPv6?.value == true)
    #expect(wan.enableIPv6?.value == false)
  }

  @Test func `kernel parameters`() {
    let file = check(
      """
      services:
        web:
          sysctls: [net.core.somaxconn=1, net.core.somaxconn=2, "net.ipv4.tcp_rmem=4096\\t131072\\t6291456"]
          networks:
            lan: { driver_opts: { com.docker.network.endpoint.sysctls: "net.ipv4.conf.IFNAME.forwarding=1\\nEND" } }  # error: NW0103
      networks: { lan: {} }
      """)
    #expect(file.nodes[0].sysctls.map(\.value.value) == ["2", "4096 131072 6291456"])
  }

  /// The slips that people make most: one finding each, where the line is that has to move.
  @Test func `lines that aren't indented`() {
    check(
      """
      services:
        a:
          networks:
          lan:  # error: NW0101
            ipv4_address: 10.0.0.3
        b:
          networks:
            lan:
            ipv4_address: 10.0.0.4  # error: NW0101
            aliases: [x]  # error: NW0101
        c:
        image: nginx  # error: NW0101
        ports: [80]
        d: { image: nginx }
      networks: { lan: {} }
      """)
    check(
      """
      services:
      web:  # error: NW0101
        image: nginx
      networks: { lan: {} }
      """)
  }

  @Test func `hyphens too many and too few`() {
    check(
      """
      services:
        a:
          networks:
            - lan:  # error: NW0102
                ipv4_address: 10.0.0.3
          depends_on: [{ b: { condition: service_started } }]  # error: NW0102
          extra_hosts: [{ printer: 10.0.0.9 }]  # error: NW0102
        b: { networks: [lan] }
      networks:
        lan:
          ipam:
            config:
              -subnet: 10.0.0.0/24  # error: NW0102
        wan: { ipam: { config: { subnet: 10.1.0.0/24 } } }  # error: NW0102
      """)
  }
}
