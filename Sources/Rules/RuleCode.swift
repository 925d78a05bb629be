package import Diagnostics

/// The codes of the rules: a number that never changes its meaning, a name, and the rule behind it.
///
/// A rule can't be without a code, nor a code without a rule: the switch below is exhaustive.
package enum RuleCode: String, DiagnosticCode {
  case undefinedNetwork = "NW0201"
  case unusedNetwork = "NW0202"
  case undefinedService = "NW0203"
  case networkModeCycle = "NW0204"
  case undefinedLinkEndpoint = "NW0205"
  case unusableLinkEndpoint = "NW0206"
  case undefinedCheckTarget = "NW0207"
  case undefinedDevice = "NW0208"
  case duplicateInterfaceName = "NW0209"
  case namespaceNameCollision = "NW0210"
  case hostDeviceCollision = "NW0211"
  case containerNameCollision = "NW0212"
  case replicaCountConflict = "NW0213"
  case namespaceNameTooLong = "NW0214"
  case networkNameCollision = "NW0215"
  case undefinedRuleName = "NW0216"
  case unknownParameter = "NW0217"
  case refusedParameterValue = "NW0218"
  case addressOutsideSubnet = "NW0301"
  case unassignableAddress = "NW0302"
  case gatewayAddressTaken = "NW0303"
  case duplicateAddress = "NW0304"
  case missingSubnet = "NW0305"
  case poolMemberOutsideSubnet = "NW0306"
  case poolMemberConflict = "NW0307"
  case severalPools = "NW0308"
  case overlappingSubnets = "NW0309"
  case reservedOverlap = "NW0310"
  case exhaustedPool = "NW0311"
  case unusableAddress = "NW0312"
  case duplicateMACAddress = "NW0313"
  case unusableMACAddress = "NW0314"
  case replicatedStaticAddress = "NW0315"
  case disabledFamilySubnet = "NW0316"
  case disjointLinkAddresses = "NW0317"
  case noAddressFamily = "NW0318"
  case gatewayModeConflict = "NW0319"
  case addressOfDisabledFamily = "NW0320"
  case bridgeLoop = "NW0401"
  case mtuBelowIPv6 = "NW0402"
  case mtuAboveUnderlay = "NW0403"
  case vlanWithoutFiltering = "NW0404"
  case vlanConflict = "NW0405"
  case duplicateVirtualNetwork = "NW0406"
  case membershipConflict = "NW0407"
  case parentConflict = "NW0408"
  case jitterWithoutDelay = "NW0409"
  case tooManyPorts = "NW0410"
  case unusableParent = "NW0411"
  case deepNesting = "NW0412"
  case tunnelPortConflict = "NW0413"
  case unreachableNextHop = "NW0501"
  case ownNextHop = "NW0502"
  case routeFamilyMismatch = "NW0503"
  case duplicateRoute = "NW0504"
  case routeKindConflict = "NW0505"
  case duplicatePolicyRule = "NW0506"
  case foreignSource = "NW0507"
  case networkModeConflict = "NW0601"
  case borrowedNamespaceSettings = "NW0602"
  case sharedNamespaceConflict = "NW0603"
  case discardedPorts = "NW0604"
  case publishedPortTaken = "NW0605"
  case predefinedNetworkConflict = "NW0606"
  case undefinedNetworkMode = "NW0607"
  case unpublishablePorts = "NW0608"
  case hostPortTaken = "NW0609"
  case portsWithoutProtocol = "NW0701"
  case ruleNeverMatches = "NW0702"
  case ruleOfVRFMember = "NW0703"
  case ruleOfPort = "NW0704"
  case unpairedPorts = "NW0705"

  /// The rule behind the code.
  package var rule: any Rule.Type {
    switch self {
    case .undefinedNetwork: UndefinedNetwork.self
    case .unusedNetwork: UnusedNetwork.self
    case .undefinedService: UndefinedService.self
    case .networkModeCycle: NetworkModeCycle.self
    case .undefinedLinkEndpoint: UndefinedLinkEndpoint.self
    case .unusableLinkEndpoint: UnusableLinkEndpoint.self
    case .undefinedCheckTarget: UndefinedCheckTarget.self
    case .undefinedDevice: UndefinedDevice.self
    case .duplicateInterfaceName: DuplicateInterfaceName.self
    case .namespaceNameCollision: NamespaceNameCollision.self
    case .hostDeviceCollision: HostDeviceCollision.self
    case .containerNameCollision: ContainerNameCollision.self
    case .replicaCountConflict: ReplicaCountConflict.self
    case .namespaceNameTooLong: NamespaceNameTooLong.self
    case .networkNameCollision: NetworkNameCollision.self
    case .undefinedRuleName: UndefinedRuleName.self
    case .unknownParameter: UnknownParameter.self
    case .refusedParameterValue: RefusedParameterValue.self
    case .gatewayModeConflict: GatewayModeConflict.self
    case .addressOfDisabledFamily: AddressOfDisabledFamily.self
    case .unpublishablePorts: UnpublishablePorts.self
    case .hostPortTaken: HostPortTaken.self
    case .portsWithoutProtocol: PortsWithoutProtocol.self
    case .ruleNeverMatches: RuleNeverMatches.self
    case .ruleOfVRFMember: RuleOfVRFMember.self
    case .ruleOfPort: RuleOfPort.self
    case .unpairedPorts: UnpairedPorts.self
    case .addressOutsideSubnet: AddressOutsideSubnet.self
    case .unassignableAddress: UnassignableAddress.self
    case .gatewayAddressTaken: GatewayAddressTaken.self
    case .duplicateAddress: DuplicateAddress.self
    case .missingSubnet: MissingSubnet.self
    case .poolMemberOutsideSubnet: PoolMemberOutsideSubnet.self
    case .poolMemberConflict: PoolMemberConflict.self
    case .severalPools: SeveralPools.self
    case .overlappingSubnets: OverlappingSubnets.self
    case .reservedOverlap: ReservedOverlap.self
    case .exhaustedPool: ExhaustedPool.self
    case .unusableAddress: UnusableAddress.self
    case .duplicateMACAddress: DuplicateMACAddress.self
    case .unusableMACAddress: UnusableMACAddress.self
    case .replicatedStaticAddress: ReplicatedStaticAddress.self
    case .noAddressFamily: NoAddressFamily.self
    case .disabledFamilySubnet: DisabledFamilySubnet.self
    case .disjointLinkAddresses: DisjointLinkAddresses.self
    case .bridgeLoop: BridgeLoop.self
    case .mtuBelowIPv6: MTUBelowIPv6.self
    case .mtuAboveUnderlay: MTUAboveUnderlay.self
    case .vlanWithoutFiltering: VLANWithoutFiltering.self
    case .vlanConflict: VLANConflict.self
    case .duplicateVirtualNetwork: DuplicateVirtualNetwork.self
    case .membershipConflict: MembershipConflict.self
    case .parentConflict: ParentConflict.self
    case .jitterWithoutDelay: JitterWithoutDelay.self
    case .tooManyPorts: TooManyPorts.self
    case .unusableParent: UnusableParent.self
    case .deepNesting: DeepNesting.self
    case .tunnelPortConflict: TunnelPortConflict.self
    case .unreachableNextHop: UnreachableNextHop.self
    case .ownNextHop: OwnNextHop.self
    case .routeFamilyMismatch: RouteFamilyMismatch.self
    case .duplicateRoute: DuplicateRoute.self
    case .routeKindConflict: RouteKindConflict.self
    case .duplicatePolicyRule: DuplicatePolicyRule.self
    case .foreignSource: ForeignSource.self
    case .networkModeConflict: NetworkModeConflict.self
    case .borrowedNamespaceSettings: BorrowedNamespaceSettings.self
    case .sharedNamespaceConflict: SharedNamespaceConflict.self
    case .discardedPorts: DiscardedPorts.self
    case .publishedPortTaken: PublishedPortTaken.self
    case .predefinedNetworkConflict: PredefinedNetworkConflict.self
    case .undefinedNetworkMode: UndefinedNetworkMode.self
    }
  }

  package var name: String { rule.name }
  package var severity: Severity { rule.severity }
  package var summary: String { rule.summary }
}
