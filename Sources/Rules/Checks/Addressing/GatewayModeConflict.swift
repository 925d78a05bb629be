import Diagnostics
import NetworkTypes
import ProjectFile

/// A gateway mode that the network can't have.
enum GatewayModeConflict: Rule {
  static let code = RuleCode.gatewayModeConflict
  static let name = "gateway-mode-conflict"
  static let summary = "A network that isn't internal has the gateway mode isolated."
  static let rationale =
    "The engine refuses it: «gateway mode 'isolated' can only be used for an internal network»."
  static let failing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        driver_opts:
          com.docker.network.bridge.gateway_mode_ipv4: isolated  # error: NW0319
    """
  static let passing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        internal: true
        driver_opts:
          com.docker.network.bridge.gateway_mode_ipv4: isolated
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.file.networks.filter { !($0.isInternal?.value ?? false) }.flatMap { network in
      [network.options.gatewayModeIPv4, network.options.gatewayModeIPv6].compactMap { $0 }
        .filter { $0.value == .isolated }.map { mode in
          finding(
            "`\(network.key.value)` isn't internal, and can't be isolated", at: mode.range,
            help: "add `internal: true`, or take the mode out")
        }
    }
  }
}
