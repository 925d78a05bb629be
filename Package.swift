// swift-tools-version: 6.2
import PackageDescription

// The modules, lowest first. ArchitectureTests holds their dependencies against the table in ARCHITECTURE.md.
let package = Package(
  name: "netwright",
  products: [
    .library(name: "Netwright", targets: ["Netwright"]),
    .executable(name: "netwright", targets: ["netwright"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "NetworkTypes"),
    .target(name: "Diagnostics"),
    .target(name: "JSONText"),
    .target(name: "Packets", dependencies: ["NetworkTypes"]),
    .target(name: "YAMLTree", dependencies: ["CLibYAML", "Diagnostics"]),
    .target(name: "ProjectFile", dependencies: ["YAMLTree", "Diagnostics", "NetworkTypes"]),
    .target(name: "Topology", dependencies: ["ProjectFile", "Diagnostics", "NetworkTypes"]),
    .target(name: "Rules", dependencies: ["Topology", "ProjectFile", "Diagnostics", "NetworkTypes"]),
    .target(name: "Plan", dependencies: ["Topology", "Diagnostics", "NetworkTypes"]),
    .target(name: "ShellScript", dependencies: ["Plan", "Diagnostics", "NetworkTypes"]),
    .target(
      name: "Simulator",
      dependencies: [
        "Plan", "Packets", "NetworkTypes", .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    .target(name: "Views", dependencies: ["Simulator", "Plan", "Packets", "NetworkTypes", "JSONText"]),
    .target(name: "Reports", dependencies: ["Plan", "Topology", "Diagnostics", "NetworkTypes", "JSONText"]),
    .target(
      name: "Netwright",
      dependencies: [
        "CLinux", "YAMLTree", "ProjectFile", "Topology", "Rules", "Plan", "ShellScript", "Simulator", "Packets",
        "Views", "Reports", "Diagnostics", "NetworkTypes", "JSONText",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      resources: [
        .embedInCode("Forms/plan-v1.schema.json"), .embedInCode("Forms/diagnostics-v1.schema.json"),
        .embedInCode("Forms/trace-v1.schema.json"), .embedInCode("Forms/host-v1.schema.json"),
      ]),
    .target(
      name: "NetwrightCommand",
      dependencies: ["Netwright", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(name: "netwright", dependencies: ["NetwrightCommand"]),
    .executableTarget(name: "netwright-generate", dependencies: ["Netwright"]),
    .executableTarget(name: "netwright-benchmark", dependencies: ["Netwright", "Simulator", "Plan", "NetworkTypes"]),
    .testTarget(name: "ArchitectureTests", dependencies: ["NetwrightTestSupport"]),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "NetworkTypesTests", dependencies: ["NetworkTypes"]),
    .testTarget(
      name: "KernelTests", dependencies: ["Netwright", "NetwrightTestSupport"],
      exclude: ["Regressions", "Devices", "Firewalls", "SecondFirewalls"]),
    .testTarget(
      name: "ProjectFileTests", dependencies: ["ProjectFile", "YAMLTree", "Diagnostics", "NetworkTypes"]),
    .testTarget(
      name: "TopologyTests", dependencies: ["Topology", "ProjectFile", "YAMLTree", "Diagnostics", "NetworkTypes"]),
    .testTarget(
      name: "SimulatorTests",
      dependencies: [
        "KernelComparison", "Netwright", "Views", "Simulator", "Packets", "ShellScript", "Plan", "NetworkTypes",
        "NetwrightTestSupport",
      ], exclude: ["Selftests", "Regressions", "SecondRegressions"]),
    .testTarget(name: "PacketsTests", dependencies: ["Packets", "NetworkTypes"]),
    .testTarget(name: "PlanTests", dependencies: ["Plan", "ShellScript", "NetworkTypes", "NetwrightTestSupport"]),
    .testTarget(
      name: "ComposeTests",
      dependencies: [
        "Netwright", "Plan", "Topology", "ProjectFile", "NetworkTypes", "Diagnostics", "NetwrightTestSupport",
      ],
      exclude: ["Files", "EngineFiles"]),
    .testTarget(name: "SchemaTests", dependencies: ["Netwright", "ProjectFile", "YAMLTree", "Diagnostics"]),
    .testTarget(name: "GoldenTests", dependencies: ["Netwright"], exclude: ["Cases"]),
    .testTarget(name: "CommandTests", dependencies: ["netwright", "NetwrightTestSupport"]),
    .testTarget(name: "DocumentationTests", dependencies: ["netwright", "NetwrightTestSupport"]),
    .testTarget(
      name: "RulesTests",
      dependencies: ["Rules", "Topology", "ProjectFile", "YAMLTree", "Diagnostics", "NetworkTypes"]),
    .testTarget(name: "YAMLTreeTests", dependencies: ["YAMLTree", "Diagnostics"]),
    .target(name: "NetwrightTestSupport", path: "Tests/NetwrightTestSupport"),
    .target(
      name: "KernelComparison",
      dependencies: [
        "Netwright", "Views", "Simulator", "ShellScript", "Packets", "Plan", "Topology", "ProjectFile", "YAMLTree",
        "Diagnostics", "NetworkTypes", "NetwrightTestSupport",
      ], path: "Tests/KernelComparison"),
    .executableTarget(
      name: "netwright-fuzz", dependencies: ["KernelComparison", "NetwrightTestSupport"], path: "Tests/netwright-fuzz"),
    .testTarget(
      name: "ShellScriptTests", dependencies: ["ShellScript", "Plan", "NetworkTypes", "NetwrightTestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ]
}
