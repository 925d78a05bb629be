package import Diagnostics

/// What can be wrong with a file as a project: its keys and the grammar of its values.
package enum FileCode: String, DiagnosticCode {
  case unknownKey = "NW0101"
  case wrongType = "NW0102"
  case invalidValue = "NW0103"
  case missingKey = "NW0104"
  case invalidName = "NW0105"
  case malformedAddress = "NW0106"
  case malformedPrefix = "NW0107"
  case hostBitsSet = "NW0108"
  case misplacedIPAMKey = "NW0109"
  case splitIPAMConfig = "NW0110"
  case malformedMACAddress = "NW0111"
  case invalidInterfaceName = "NW0112"
  case malformedPort = "NW0113"
  // NW0114 said of a key that it wasn't compiled yet. It isn't given again.
  case unsupportedDriver = "NW0115"
  case repeatedItem = "NW0116"
  case emptyFile = "NW0117"
  case conflictingKeys = "NW0118"
  case unsetVariable = "NW0119"
  case malformedInterpolation = "NW0120"
  case incompatibleMerge = "NW0121"
  case malformedEnvironmentFile = "NW0122"
  case unreadableFile = "NW0123"
  case includeCycle = "NW0124"
  case extendsCycle = "NW0125"
  case undefinedBase = "NW0126"
  case dependencyCycle = "NW0127"
  case disabledService = "NW0128"
  case nothingToBuild = "NW0129"
  case ineffectiveKey = "NW0130"
  case unknownDriverOption = "NW0131"

  package var name: String {
    switch self {
    case .unknownKey: "unknown-key"
    case .wrongType: "wrong-type"
    case .invalidValue: "invalid-value"
    case .missingKey: "missing-key"
    case .invalidName: "invalid-name"
    case .malformedAddress: "malformed-address"
    case .malformedPrefix: "malformed-prefix"
    case .hostBitsSet: "host-bits-set"
    case .misplacedIPAMKey: "misplaced-ipam-key"
    case .splitIPAMConfig: "split-ipam-config"
    case .malformedMACAddress: "malformed-mac-address"
    case .invalidInterfaceName: "invalid-interface-name"
    case .malformedPort: "malformed-port"
    case .unsupportedDriver: "unsupported-driver"
    case .repeatedItem: "repeated-item"
    case .emptyFile: "empty-file"
    case .conflictingKeys: "conflicting-keys"
    case .unsetVariable: "unset-variable"
    case .malformedInterpolation: "malformed-interpolation"
    case .incompatibleMerge: "incompatible-merge"
    case .malformedEnvironmentFile: "malformed-environment-file"
    case .unreadableFile: "unreadable-file"
    case .includeCycle: "include-cycle"
    case .extendsCycle: "extends-cycle"
    case .undefinedBase: "undefined-base"
    case .dependencyCycle: "dependency-cycle"
    case .disabledService: "disabled-service"
    case .nothingToBuild: "nothing-to-build"
    case .ineffectiveKey: "ineffective-key"
    case .unknownDriverOption: "unknown-driver-option"
    }
  }

  package var severity: Severity {
    switch self {
    case .unsetVariable, .nothingToBuild, .ineffectiveKey, .unknownDriverOption: .warning
    case .unknownKey, .wrongType, .invalidValue, .missingKey, .invalidName, .malformedAddress, .malformedPrefix,
      .hostBitsSet, .misplacedIPAMKey, .splitIPAMConfig, .malformedMACAddress, .invalidInterfaceName, .malformedPort,
      .unsupportedDriver, .repeatedItem, .emptyFile, .conflictingKeys, .malformedInterpolation,
      .incompatibleMerge, .malformedEnvironmentFile, .unreadableFile, .includeCycle, .extendsCycle, .undefinedBase,
      .dependencyCycle, .disabledService:
      .error
    }
  }

  package var summary: String {
    switch self {
    case .unknownKey: "A key that neither compose nor Netwright knows in its place."
    case .wrongType: "A value of another type than its key takes: a list for a mapping, text for a number."
    case .invalidValue: "A value that its key doesn't take."
    case .missingKey: "A mapping without a key that it needs."
    case .invalidName: "A name with characters that it can't have."
    case .malformedAddress: "A text that is no IP address, or one of the other family."
    case .malformedPrefix: "A text that is no prefix in the form ADDRESS/LENGTH."
    case .hostBitsSet: "A prefix whose address is not the first of its block."
    case .misplacedIPAMKey: "A subnet, gateway or range directly under a network instead of under ipam.config."
    case .splitIPAMConfig: "A subnet and its gateway written as two items of ipam.config."
    case .malformedMACAddress: "A text that is no hardware address."
    case .invalidInterfaceName: "A device name that the kernel refuses: longer than 15 bytes, or with odd characters."
    case .malformedPort: "A port, a range of ports or a published port that can't be read."
    case .unsupportedDriver: "A network driver that can't be built with a plain kernel."
    case .repeatedItem: "The same item twice in a list of different ones."
    case .emptyFile: "A file that says nothing."
    case .conflictingKeys: "A key both in a mapping and in its x-netwright, or beside another that it can't stand with."
    case .unsetVariable: "A ${VARIABLE} that isn't set, which stands for nothing."
    case .malformedInterpolation:
      "A $ that starts no variable, or a variable that the file requires and that isn't set."
    case .incompatibleMerge: "A later file that gives a key a value of another type."
    case .malformedEnvironmentFile: "A line of an environment file that sets no variable."
    case .unreadableFile: "A file that include, extends or env_file names, and that can't be read."
    case .includeCycle: "A file that includes itself, perhaps by way of others."
    case .extendsCycle: "A service that extends itself, perhaps by way of others."
    case .undefinedBase: "A service that extends one that isn't there."
    case .dependencyCycle: "Services that wait for each other in a circle."
    case .disabledService: "A reference to a service that no active profile has."
    case .nothingToBuild: "A file whose services all wait for a profile, or that has volumes and the like alone."
    case .ineffectiveKey: "A key that has no effect beside another."
    case .unknownDriverOption: "A driver option that the engine ignores, and that is near to one that it knows."
    }
  }
}
