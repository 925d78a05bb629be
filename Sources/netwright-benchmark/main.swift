import Glibc
import NetworkTypes
import Netwright
import Plan
import Simulator

// Times the simulator from within, where the start of a process would hide what it does: carries out the plan of a file,
// then has every namespace ping every other, and prints the seconds of both, the pings that were answered, and how many
// frames devices have sent. With --apply it stops after the first, and prints its seconds alone.

func seconds(_ work: () -> Void) -> Double {
  let clock = ContinuousClock()
  let span = clock.measure(work).components
  return Double(span.seconds) + Double(span.attoseconds) / 1e18
}

let arguments = CommandLine.arguments.dropFirst()
let appliesOnly = arguments.first == "--apply"
guard let path = arguments.last, arguments.count == (appliesOnly ? 2 : 1) else {
  print("usage: netwright-benchmark [--apply] FILE")
  exit(2)
}
let input = Input(name: path, bytes: Array(try InputFiles.text(path).utf8))
guard let plan = compile([input]).makePlan() else {
  print("the file has errors")
  exit(1)
}
var kernel = Kernel()
let applying = seconds {
  for step in plan.steps { try? kernel.perform(step.operation) }
}
guard !appliesOnly else {
  print(applying)
  exit(0)
}
kernel.run(for: .seconds(5))

let spaces = kernel.namespaces.dropFirst().map(\.id)
let addresses = spaces.map { space in
  kernel.devices(of: space).flatMap { kernel[$0].addresses }.map(\.address).first { !$0.isLoopback }
}
let before = kernel.devices.reduce(0) { $0 + $1.counters.sentPackets }
var (sent, answered) = (0, 0)
let pinging = seconds {
  for (number, space) in spaces.enumerated() {
    for (other, address) in addresses.enumerated() where other != number {
      guard let address else { continue }
      sent += 1
      if case .reply? = kernel.ping(address, from: space).first { answered += 1 }
    }
  }
}
let hops = kernel.devices.reduce(0) { $0 + $1.counters.sentPackets } - before
print("applied \(plan.steps.count) steps in \(applying) s")
print(
  "\(sent) pings, \(answered) answered, \(hops) frames sent, in \(pinging) s: \(Int(Double(hops) / pinging)) a second")
