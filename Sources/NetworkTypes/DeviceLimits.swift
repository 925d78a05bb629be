/// How many devices the kernel lets stand on each other or join.
package enum DeviceLimits {
  /// The ports that a bridge has (BR_MAX_PORTS, net/bridge/br_private.h, of which 0 is none).
  package static let bridgePorts = 1023
  /// How many devices may stand on each other, the lowest counted (MAX_NEST_DEV, include/linux/netdevice.h).
  package static let nesting = 8
}
