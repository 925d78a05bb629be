import NetworkTypes

/// The kernel's answer to an operation that it doesn't carry out.
package struct KernelError: Error, Hashable, Sendable {
  /// The error number.
  package let errno: Errno
  /// What the kernel says beside (NLMSGERR_ATTR_MSG), where it does.
  package let detail: String?

  /// Creates an error.
  package init(_ errno: Errno, _ detail: String? = nil) {
    self.errno = errno
    self.detail = detail
  }

  /// What a shell says of a parameter that isn't there; each goes on in words of its own.
  static func noParameter(_ key: SysctlKey) -> Self {
    Self(.noSuchEntry, "cannot create /proc/sys/\(key.path)")
  }

  /// What a shell says of a parameter that can't be written.
  static func readOnlyParameter(_ key: SysctlKey) -> Self {
    Self(.accessDenied, "cannot create /proc/sys/\(key.path)")
  }

  /// What stands for the words of a shell whose value a parameter refuses: dash says "I/O error", bash the error
  /// number's.
  static func refusedValue(of key: SysctlKey) -> Self {
    Self(.invalidArgument, "cannot write /proc/sys/\(key.path): \(Errno.invalidArgument.text)")
  }

  /// What ip(8) prints: the kernel's own words where there are any, else the error number's.
  package var message: String {
    guard let detail else { return "RTNETLINK answers: \(errno.text)" }
    // What ip(8) says itself begins so; the kernel's own words never do.
    return detail.lowercased().hasPrefix("cannot ") ? detail : "Error: \(detail)."
  }
}

/// The error numbers that the simulated kernel answers with (errno(3)); the raw value is Linux's.
package enum Errno: Int32, Hashable, CaseIterable, Codable, Sendable {
  case notPermitted = 1
  case noSuchEntry = 2
  case noSuchProcess = 3
  case accessDenied = 13
  case busy = 16
  case exists = 17
  case noSuchDevice = 19
  case invalidArgument = 22
  case tooManyLinks = 31
  case outOfRange = 34
  case tooManyLevels = 40
  case exchangeFull = 54
  case messageTooLong = 90
  case protocolNotSupported = 93
  case notSupported = 95
  case familyNotSupported = 97
  case addressInUse = 98
  case addressNotAvailable = 99
  case networkDown = 100
  case networkUnreachable = 101
  case timedOut = 110
  case connectionRefused = 111
  case hostUnreachable = 113

  /// The text of strerror(3) in the C locale.
  package var text: String {
    switch self {
    case .notPermitted: "Operation not permitted"
    case .noSuchEntry: "No such file or directory"
    case .noSuchProcess: "No such process"
    case .accessDenied: "Permission denied"
    case .busy: "Device or resource busy"
    case .exists: "File exists"
    case .noSuchDevice: "No such device"
    case .invalidArgument: "Invalid argument"
    case .tooManyLinks: "Too many links"
    case .outOfRange: "Numerical result out of range"
    case .tooManyLevels: "Too many levels of symbolic links"
    case .exchangeFull: "Exchange full"
    case .messageTooLong: "Message too long"
    case .protocolNotSupported: "Protocol not supported"
    case .notSupported: "Operation not supported"
    case .familyNotSupported: "Address family not supported by protocol"
    case .addressInUse: "Address already in use"
    case .addressNotAvailable: "Cannot assign requested address"
    case .networkDown: "Network is down"
    case .networkUnreachable: "Network is unreachable"
    case .timedOut: "Connection timed out"
    case .connectionRefused: "Connection refused"
    case .hostUnreachable: "No route to host"
    }
  }
}
