/// The tables that have names (/etc/iproute2/rt_tables).
package enum RouteTableNumber {
  /// For whatever the others haven't.
  package static let `default`: UInt32 = 253
  /// Where routes are added that name no table.
  package static let main: UInt32 = 254
  /// The kernel's own, for its addresses.
  package static let local: UInt32 = 255
}
